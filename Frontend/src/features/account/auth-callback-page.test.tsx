import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { renderWithQueries } from '@/test/render-page';
import { fakeServer, problem } from '@/test/fake-server';
import { readMailLink } from './mail-link';
import { Component as AuthCallback } from './auth-callback-page';

const RECOVERY = '#access_token=a.b.c&refresh_token=r&expires_in=3600&token_type=bearer&type=recovery';
const setup = () => ({ password_min_length: 10, can_reset_password: true, deletes_sign_in: true });

function arrive(hash: string) {
  const router = createMemoryRouter(
    [
      { path: '/auth/callback', element: <AuthCallback /> },
      { path: '*', element: <p>another page</p> },
    ],
    { initialEntries: [`/auth/callback${hash}`] },
  );
  renderWithQueries(<RouterProvider router={router} />);
  return { router, user: userEvent.setup({ delay: null }) };
}

test.each([
  [RECOVERY, { kind: 'new_password', accessToken: 'a.b.c' }],
  ['#access_token=a.b.c&refresh_token=r&type=signup', { kind: 'confirmed' }],
  ['#message=Confirmation+link+accepted', { kind: 'confirmed' }],
  ['#error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid', { kind: 'expired' }],
  ['', { kind: 'nothing' }],
  ['#type=recovery', { kind: 'nothing' }],
])('a link that ends in %s is read as %j', (hash, link) => {
  expect(readMailLink(hash)).toEqual(link);
});

test('the tokens leave the address at once and are handed over once, with the new password', async () => {
  const { bodies, asked } = fakeServer({ 'GET /setup': setup, 'POST /auth/reset': () => undefined });
  const { router, user } = arrive(RECOVERY);
  const field = await screen.findByLabelText('New password');
  expect(router.state.location.hash).toBe('');
  await user.type(field, 'a new long password');
  await user.click(screen.getByRole('button', { name: 'Set new password' }));
  expect(await screen.findByText('Your new password is set')).toBeInTheDocument();
  expect(bodies.get('POST /auth/reset')).toEqual({ access_token: 'a.b.c', new_password: 'a new long password' });
  expect(asked.filter((name) => name === 'POST /auth/reset')).toHaveLength(1);
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('a.b.c');
});

test('a weak password is told at its field and can be put right', async () => {
  let weak = true;
  fakeServer({
    'GET /setup': setup,
    'POST /auth/reset': () =>
      weak ? problem(422, 'weak_password', 'This password is too easy to guess.', { field: 'password' }) : undefined,
  });
  const { user } = arrive(RECOVERY);
  await user.type(await screen.findByLabelText('New password'), 'password1234');
  await user.click(screen.getByRole('button', { name: 'Set new password' }));
  expect(await screen.findByText('This password is too easy to guess.')).toBeVisible();
  expect(screen.getByLabelText('New password')).toBeInvalid();
  weak = false;
  await user.click(screen.getByRole('button', { name: 'Set new password' }));
  expect(await screen.findByText('Your new password is set')).toBeInTheDocument();
});

test('a link that was used already offers a new one', async () => {
  fakeServer({
    'GET /setup': setup,
    'POST /auth/reset': () => problem(422, 'link_used_up', 'This link has run out or was used already.'),
  });
  const { user } = arrive(RECOVERY);
  await user.type(await screen.findByLabelText('New password'), 'a new long password');
  await user.click(screen.getByRole('button', { name: 'Set new password' }));
  expect(await screen.findByRole('link', { name: 'Send a new link' })).toHaveAttribute('href', '/forgot-password');
});

test('a confirmed address signs nobody in: its tokens are let go', () => {
  const { asked } = fakeServer({});
  const { router } = arrive('#access_token=a.b.c&refresh_token=r&type=signup');
  expect(screen.getByText('Your address is confirmed')).toBeInTheDocument();
  expect(router.state.location.hash).toBe('');
  expect(asked).toEqual([]);
});

test('a link that ran out says what to do', () => {
  fakeServer({});
  arrive('#error=access_denied&error_code=otp_expired');
  expect(screen.getByText('This link no longer works')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'New password' })).toHaveAttribute('href', '/forgot-password');
});
