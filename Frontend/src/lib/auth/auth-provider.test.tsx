import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { apiGet } from '@/lib/api/client';
import { renderWithQueries } from '@/test/render-page';
import { fakeServer, problem } from '@/test/fake-server';
import { me } from '@/test/samples';
import { useAuth } from './auth-context';
import { AuthProvider } from './auth-provider';
import { returnPath } from './return-path';

function Probe() {
  const { state, signIn, signOut, deleteAccount, retry } = useAuth();
  return (
    <>
      <p>{state.status === 'signed_in' ? `signed in as ${state.me.name}` : state.status}</p>
      {state.status === 'signed_out' && state.because && <p>because: {state.because}</p>}
      <button onClick={() => void signIn('asha@example.org', 'secret')}>sign in</button>
      <button onClick={() => void signOut()}>sign out</button>
      <button onClick={() => void deleteAccount('secret')}>delete</button>
      <button onClick={retry}>retry</button>
    </>
  );
}

const show = () =>
  renderWithQueries(
    <AuthProvider>
      <Probe />
    </AuthProvider>,
  );
const refused = () => problem(401, 'not_signed_in', 'Please sign in.');

test('someone with a running sign-in is recognised', async () => {
  fakeServer({ 'GET /auth/me': () => me() });
  show();
  expect(await screen.findByText('signed in as Asha Verma')).toBeInTheDocument();
});

test('someone without one is signed out, then in, then out again', async () => {
  fakeServer({
    'GET /auth/me': refused,
    'POST /auth/refresh': refused,
    'POST /auth/sign-in': () => me(),
    'POST /auth/sign-out': () => undefined,
  });
  const user = userEvent.setup({ delay: null });
  show();
  expect(await screen.findByText('signed_out')).toBeInTheDocument();
  await user.click(screen.getByText('sign in'));
  expect(await screen.findByText('signed in as Asha Verma')).toBeInTheDocument();
  await user.click(screen.getByText('sign out'));
  expect(await screen.findByText('signed_out')).toBeInTheDocument();
});

test('a server that cannot be reached signs nobody out, and can be asked again', async () => {
  let up = false;
  fakeServer({ 'GET /auth/me': () => (up ? me() : Promise.reject(new TypeError('down'))) });
  const user = userEvent.setup({ delay: null });
  show();
  expect(await screen.findByText('unreachable')).toBeInTheDocument();
  up = true;
  await user.click(screen.getByText('retry'));
  expect(await screen.findByText('signed in as Asha Verma')).toBeInTheDocument();
});

test('a sign-in that runs out during a request leads back to signed out', async () => {
  fakeServer({ 'GET /auth/me': () => me(), 'GET /interviews': refused, 'POST /auth/refresh': refused });
  show();
  await screen.findByText('signed in as Asha Verma');
  await act(async () => {
    await apiGet('/api/interviews').catch(() => undefined);
  });
  expect(screen.getByText('signed_out')).toBeInTheDocument();
});

test.each([
  [
    'sign_in_ended',
    'You were signed out because the password was changed.',
    /^because: You were signed out because the password/,
  ],
  ['not_signed_in', 'Please sign in.', /^because: You have been signed out\. Everything is kept/],
])('somebody signed out in the middle of it (%s) is told why', async (code, detail, told) => {
  const ended = () => problem(401, code, detail);
  fakeServer({ 'GET /auth/me': () => me(), 'GET /interviews': refused, 'POST /auth/refresh': ended });
  show();
  await screen.findByText('signed in as Asha Verma');
  await act(async () => {
    await Promise.all([
      apiGet('/api/interviews').catch(() => undefined),
      apiGet('/api/interviews').catch(() => undefined),
    ]);
  });
  expect(screen.getByText(told)).toBeInTheDocument();
});

test('somebody whose sign-in was ended meanwhile is told why on the next page, and a stranger nothing', async () => {
  let why = problem(401, 'sign_in_ended', 'You were signed out because this sign-in was used in two places.');
  fakeServer({ 'GET /auth/me': refused, 'POST /auth/refresh': () => why.clone() });
  const { unmount } = show();
  expect(await screen.findByText(/^because: .*used in two places/)).toBeInTheDocument();
  unmount();
  why = refused();
  show();
  await screen.findByText('signed_out');
  expect(screen.queryByText(/^because/)).toBeNull();
});

test('deleting the account forgets the drafts of that user only', async () => {
  localStorage.setItem('dost-draft:user-1:new-interview', '{}');
  localStorage.setItem('dost-draft:user-2:new-interview', '{}');
  fakeServer({ 'GET /auth/me': () => me(), 'DELETE /auth/me': () => ({ sign_in_remains: false }) });
  const user = userEvent.setup({ delay: null });
  show();
  await screen.findByText('signed in as Asha Verma');
  await user.click(screen.getByText('delete'));
  await screen.findByText('signed_out');
  expect(localStorage.getItem('dost-draft:user-1:new-interview')).toBeNull();
  expect(localStorage.getItem('dost-draft:user-2:new-interview')).toBe('{}');
});

test.each([
  [{ from: '/interviews/7/results' }, '/interviews/7/results'],
  [{ from: '//evil.example' }, '/dashboard'],
  [{ from: '/\\evil.example' }, '/dashboard'],
  [{ from: 'https://evil.example' }, '/dashboard'],
  [null, '/dashboard'],
])('after signing in with %j the way leads to %s', (state, path) => {
  expect(returnPath(state)).toBe(path);
});
