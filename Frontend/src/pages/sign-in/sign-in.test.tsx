import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { AuthProvider } from '@/lib/auth/auth-provider';
import { fakeServer, problem } from '@/test/fake-server';
import { Component as SignIn } from '.';

test('whose sign-in was ended reads why before signing in again', async () => {
  fakeServer({
    'GET /auth/me': () => problem(401, 'not_signed_in', 'Please sign in.'),
    'POST /auth/refresh': () => problem(401, 'sign_in_ended', 'You were signed out because the password was changed.'),
    'GET /setup': () => ({ can_reset_password: false }),
  });
  render(
    <AuthProvider>
      <MemoryRouter>
        <SignIn />
      </MemoryRouter>
    </AuthProvider>,
  );
  expect(await screen.findByText('You were signed out because the password was changed.')).toBeInTheDocument();
});
