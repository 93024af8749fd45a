import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { fakeServer, problem } from '@/test/fake-server';
import { Component as ForgotPassword } from './password-recovery-page';

function open() {
  const router = createMemoryRouter(
    [
      { path: '/forgot-password', element: <ForgotPassword /> },
      { path: '*', element: <p>another page</p> },
    ],
    { initialEntries: [{ pathname: '/forgot-password', state: { email: 'asha@example.org' } }] },
  );
  render(<RouterProvider router={router} />);
  return userEvent.setup({ delay: null });
}

test('the address typed before is there, and the answer does not say whether it is known', async () => {
  const { bodies } = fakeServer({ 'POST /auth/recover': () => undefined });
  const user = open();
  expect(screen.getByLabelText('Email')).toHaveValue('asha@example.org');
  await user.click(screen.getByRole('button', { name: 'Send me a link' }));
  expect(await screen.findByRole('heading', { name: 'Check your mail' })).toHaveFocus();
  expect(screen.getByText(/If there is an account/)).toBeInTheDocument();
  expect(bodies.get('POST /auth/recover')).toEqual({ email: 'asha@example.org' });
});

test('a refusal is said in place and can be tried again', async () => {
  fakeServer({ 'POST /auth/recover': () => problem(429, 'too_many_requests', 'Too many mails were asked for.') });
  const user = open();
  await user.click(screen.getByRole('button', { name: 'Send me a link' }));
  expect(await screen.findByText('Too many mails were asked for.')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Send me a link' })).toBeEnabled();
});
