import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppShell } from './app-shell';
import { fakeServer } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { me } from '@/test/samples';

test('the account menu opens with the press that loads it, and works by keyboard', async () => {
  fakeServer({});
  const user = userEvent.setup({ delay: null });
  const { router } = renderPage(AppShell, '/dashboard', '/dashboard');
  screen.getByRole('button', { name: 'Account of Asha Verma' }).focus();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('menuitem', { name: 'Account' }, { timeout: 15_000 })).toBeInTheDocument();
  expect(screen.queryByRole('menuitem', { name: 'Administration' })).not.toBeInTheDocument();
  await user.click(screen.getByRole('menuitem', { name: 'Account' }));
  expect(router.state.location.pathname).toBe('/account');
});

test('an admin finds the way to the administration, and dark colours stay chosen', async () => {
  fakeServer({});
  const user = userEvent.setup({ delay: null });
  renderPage(AppShell, '/dashboard', '/dashboard', me({ role: 'admin' }));
  await user.click(screen.getByRole('button', { name: 'Account of Asha Verma' }));
  expect(await screen.findByRole('menuitem', { name: 'Administration' }, { timeout: 15_000 })).toBeInTheDocument();
  await user.click(screen.getByRole('menuitemradio', { name: 'Dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('dost-theme')).toBe('dark');
});
