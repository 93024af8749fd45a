import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeServer, problem } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { Component as AccountPage } from './account-page';

const setup = () => ({ password_min_length: 12, deletes_sign_in: true });

function open() {
  renderPage(AccountPage, '/account', '/account');
  return userEvent.setup({ delay: null });
}

test('a new password that is too short is said before it is sent, by this installation’s own rule', async () => {
  const { asked } = fakeServer({ 'GET /setup': setup });
  const user = open();
  await screen.findByText(/At least 12 characters\. Your other devices/);
  await user.type(screen.getByLabelText('Current password'), 'the old one');
  await user.type(screen.getByLabelText('New password'), 'eleven char');
  await user.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('At least 12 characters.')).toBeVisible();
  expect(asked).toEqual(['GET /setup']);
});

test('a wrong current password is said at its field; once it is right both fields are emptied', async () => {
  let right = false;
  const { bodies } = fakeServer({
    'GET /setup': setup,
    'POST /auth/password': () => (right ? undefined : problem(422, 'wrong_password', 'That is not your password.')),
  });
  const user = open();
  await user.type(screen.getByLabelText('Current password'), 'the old one');
  await user.type(screen.getByLabelText('New password'), 'a new long password');
  await user.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('That is not your password.')).toBeVisible();
  expect(screen.getByLabelText('Current password')).toBeInvalid();
  right = true;
  await user.click(screen.getByRole('button', { name: 'Change password' }));
  await waitFor(() => expect(screen.getByLabelText('Current password')).toHaveValue(''));
  expect(screen.getByLabelText('New password')).toHaveValue('');
  expect(bodies.get('POST /auth/password')).toEqual({
    current_password: 'the old one',
    new_password: 'a new long password',
  });
});

test('deleting the account asks for the password, in a dialog that begins empty', async () => {
  fakeServer({ 'GET /setup': setup });
  const user = open();
  const ask = () => user.click(screen.getByRole('button', { name: 'Delete account' }));
  await ask();
  await user.type(within(screen.getByRole('alertdialog')).getByLabelText(/Your password/), 'secret');
  await user.click(screen.getByRole('button', { name: 'Keep my account' }));
  await ask();
  expect(within(screen.getByRole('alertdialog')).getByLabelText(/Your password/)).toHaveValue('');
});
