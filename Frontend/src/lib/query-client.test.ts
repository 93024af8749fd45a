import { expect, test } from 'vitest';
import { fakeServer, problem } from '@/test/fake-server';
import { me } from '@/test/samples';
import { account } from './api/account';
import { setupQuery } from './api/setup';
import { forgetPerson, newQueryClient } from './query-client';

const ask = () =>
  newQueryClient().fetchQuery({ queryKey: ['me'], queryFn: () => account.me(), retryDelay: 0, retry: RETRY });
const RETRY = newQueryClient().getDefaultOptions().queries?.retry ?? 0;

test.each<[string, () => unknown, number]>([
  ['a refusal', () => problem(403, 'forbidden', 'No.'), 1],
  ['something that is not there', () => problem(404, 'not_found', 'Nothing here.'), 1],
  ['a request to wait', () => new Response('{}', { status: 503, headers: { 'Retry-After': '30' } }), 1],
  ['a server that failed', () => problem(500, 'unexpected', 'Oh.'), 2],
  ['a way to the server that failed', () => Promise.reject(new TypeError('down')), 2],
])('after %s the server is asked as often as makes sense', async (_, answer, times) => {
  const server = fakeServer({ 'GET /auth/me': answer });
  await expect(ask()).rejects.toThrow();
  expect(server.asked).toHaveLength(times);
});

test('the setup is asked for once, wherever it is needed', async () => {
  const server = fakeServer({ 'GET /setup': () => ({ password_min_length: 10 }) });
  const queries = newQueryClient();
  await Promise.all([queries.fetchQuery(setupQuery), queries.fetchQuery(setupQuery)]);
  await queries.fetchQuery(setupQuery);
  expect(server.asked).toEqual(['GET /setup']);
});

test('on sign-out all that is known of a person is forgotten, and what belongs to nobody stays', () => {
  const queries = newQueryClient();
  queries.setQueryDefaults(setupQuery.queryKey, { meta: setupQuery.meta ?? {} });
  queries.setQueryData(setupQuery.queryKey, { password_min_length: 10 } as never);
  queries.setQueryData(['interviews', 'list'], [me()]);
  forgetPerson(queries);
  expect(
    queries
      .getQueryCache()
      .getAll()
      .map((query) => query.queryKey),
  ).toEqual([['setup']]);
});
