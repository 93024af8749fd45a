import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { AuthProvider } from '@/lib/auth/auth-provider';
import { renderWithQueries } from '@/test/render-page';
import { fakeServer, problem } from '@/test/fake-server';
import { me } from '@/test/samples';
import { Component as SignUp } from './sign-up-page';

const nobody = () => problem(401, 'not_signed_in', 'Please sign in.');
const quiet = {
  'GET /auth/me': nobody,
  'POST /auth/refresh': nobody,
  'GET /setup': () => ({ password_min_length: 10 }),
};

async function filledIn() {
  const router = createMemoryRouter(
    [
      { path: '/sign-up', element: <SignUp /> },
      { path: '/dashboard', element: <p>the dashboard</p> },
      { path: '*', element: <p>another page</p> },
    ],
    { initialEntries: ['/sign-up'] },
  );
  renderWithQueries(
    <AuthProvider>
      <RouterProvider router={router} />
    </AuthProvider>,
  );
  const user = userEvent.setup({ delay: null });
  await user.type(screen.getByLabelText('Your name'), 'Asha Verma');
  await user.type(screen.getByLabelText('Email'), 'asha@example.org');
  await user.type(screen.getByLabelText('Password'), 'correct horse battery');
  await user.click(screen.getByRole('button', { name: 'Create account' }));
  return user;
}

test('where the address is confirmed by mail, the page says so and signs nobody in', async () => {
  const routes = {
    ...quiet,
    'POST /auth/sign-up': () => Response.json({ mail_sent_to: 'asha@example.org' }, { status: 202 }),
  };
  fakeServer(routes);
  const user = await filledIn();
  expect(await screen.findByRole('heading', { name: 'Check your mail' })).toHaveFocus();
  expect(screen.getByText('asha@example.org')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Use another address' }));
  expect(screen.getByLabelText('Email')).toHaveValue('asha@example.org');
});

test('without a mail the new account is signed in', async () => {
  fakeServer({ ...quiet, 'POST /auth/sign-up': () => Response.json(me(), { status: 201 }) });
  await filledIn();
  expect(await screen.findByText('the dashboard')).toBeInTheDocument();
});

test('sign-in that cannot be reached is said in place, and the form stays filled in', async () => {
  const words = 'Sign-in is not reachable right now. Please try again in a minute.';
  fakeServer({ ...quiet, 'POST /auth/sign-up': () => problem(503, 'sign_in_unreachable', words) });
  await filledIn();
  expect(await screen.findByText(words)).toBeInTheDocument();
  expect(screen.getByLabelText('Email')).toHaveValue('asha@example.org');
});
