import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { AuthProvider } from '@/lib/auth/auth-provider';
import { fakeServer, problem } from '@/test/fake-server';
import { renderWithQueries } from '@/test/render-page';
import { me } from '@/test/samples';
import { Component as SignIn } from './sign-in-page';

const nobody = () => problem(401, 'not_signed_in', 'Please sign in.');
const BASE = {
  'GET /auth/me': nobody,
  'POST /auth/refresh': nobody,
  'GET /setup': () => ({ password_min_length: 10, can_reset_password: true }),
};

function open() {
  const router = createMemoryRouter(
    [
      { path: '/sign-in', element: <SignIn /> },
      { path: '*', element: <p>another page</p> },
    ],
    { initialEntries: ['/sign-in'] },
  );
  renderWithQueries(
    <AuthProvider>
      <RouterProvider router={router} />
    </AuthProvider>,
  );
  return { router, user: userEvent.setup({ delay: null }) };
}

test('what is missing is said at its field, which gets the focus, and nothing is sent', async () => {
  const { asked } = fakeServer(BASE);
  const { user } = open();
  await user.type(screen.getByLabelText('Email'), 'asha');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('This is no email address yet.')).toBeVisible();
  expect(screen.getByText('Enter your password.')).toBeVisible();
  expect(screen.getByLabelText('Email')).toHaveFocus();
  expect(screen.getByLabelText('Email')).toBeInvalid();
  expect(asked).not.toContain('POST /auth/sign-in');
});

test('a wrong password is said in place, and the right one leads on', async () => {
  let right = false;
  const { bodies } = fakeServer({
    ...BASE,
    'POST /auth/sign-in': () => (right ? me() : problem(401, 'wrong_sign_in', 'Email and password do not match.')),
  });
  const { user, router } = open();
  await user.type(screen.getByLabelText('Email'), ' asha@example.org ');
  await user.type(screen.getByLabelText('Password'), 'not this one{Enter}');
  expect(await screen.findByText('Email and password do not match.')).toBeVisible();
  right = true;
  await user.type(screen.getByLabelText('Password'), '{Enter}');
  expect(await screen.findByText('another page')).toBeInTheDocument();
  expect(router.state.location.pathname).toBe('/dashboard');
  expect(bodies.get('POST /auth/sign-in')).toEqual({ email: 'asha@example.org', password: 'not this one' });
});

test('the address typed here goes along to whoever forgot their password', async () => {
  fakeServer(BASE);
  const { user, router } = open();
  await user.type(screen.getByLabelText('Email'), 'asha@example.org');
  await user.click(await screen.findByRole('link', { name: 'Forgot your password?' }));
  expect(router.state.location.state).toEqual({ email: 'asha@example.org' });
});
