import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter, Route, Routes } from 'react-router';
import { expect, test } from 'vitest';
import { AuthProvider } from '@/lib/auth/auth-provider';
import { renderWithQueries } from '@/test/render-page';
import { fakeServer, problem } from '@/test/fake-server';
import { me } from '@/test/samples';
import { RequireAuth } from './require-auth';

const open = () =>
  renderWithQueries(
    <AuthProvider>
      <MemoryRouter initialEntries={['/results']}>
        <Routes>
          <Route element={<RequireAuth />}>
            <Route path="/results" element={<p>your results</p>} />
          </Route>
          <Route path="/sign-in" element={<p>please sign in</p>} />
        </Routes>
      </MemoryRouter>
    </AuthProvider>,
  );

test('who vouches for people being away is told apart from us being away, and nobody loses their place', async () => {
  let answer: () => unknown = () => problem(503, 'sign_in_unreachable', 'Sign-in is not reachable right now.');
  fakeServer({
    'GET /auth/me': () => answer(),
    'POST /auth/refresh': () => answer(),
  });
  const user = userEvent.setup({ delay: null });
  open();
  expect(await screen.findByRole('heading', { name: 'We cannot check your sign-in just now' })).toBeInTheDocument();
  expect(screen.getByText('Sign-in is not reachable right now.')).toBeInTheDocument();
  answer = () => Promise.reject(new TypeError('down'));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { name: 'We cannot reach InterviewDost' })).toBeInTheDocument();
  answer = () => me();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('your results')).toBeInTheDocument();
});

test('somebody whose sign-in has run out is asked to sign in', async () => {
  fakeServer({
    'GET /auth/me': () => problem(401, 'not_signed_in', 'Please sign in.'),
    'POST /auth/refresh': () => problem(401, 'not_signed_in', 'Please sign in.'),
  });
  open();
  expect(await screen.findByText('please sign in')).toBeInTheDocument();
});
