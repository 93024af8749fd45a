/** Held by tsc, which fails on a line that expects an error and finds none. Nothing here is ever sent. */
import { expectTypeOf, test } from 'vitest';
import { apiDelete, apiGet, apiPatch, apiPost, apiPut, apiUpload } from './client';
import type { InterviewDetail, Me, Setup } from './types';

const never = (): boolean => false;

test('a call that the schema does not know does not compile', async () => {
  if (!never()) return;
  const params = { path: { interview_id: 'i1' } };

  // @ts-expect-error no such path
  await apiGet('/api/interview');
  // @ts-expect-error not with this method
  await apiPost('/api/setup');
  // @ts-expect-error the interview is missing
  await apiGet('/api/interviews/{interview_id}');
  // @ts-expect-error the interview goes by another name
  await apiGet('/api/interviews/{interview_id}', { params: { path: { id: 'i1' } } });
  // @ts-expect-error not a number
  await apiGet('/api/interviews', { params: { query: { offset: 'first' } } });
  // @ts-expect-error no such filter
  await apiGet('/api/interviews', { params: { query: { colour: 'red' } } });
  // @ts-expect-error the body is missing
  await apiPost('/api/auth/sign-in');
  // @ts-expect-error half of the body is missing
  await apiPost('/api/auth/sign-in', { body: { email: 'asha@example.org' } });
  // @ts-expect-error the body has another name in it
  await apiPut('/api/interviews/{interview_id}/questions/order', { params, body: { questions: [] } });
  // @ts-expect-error not one of the levels
  await apiPost('/api/interviews', { body: { role: 'Nurse', seniority: 'boss', skills: [] } });
  // @ts-expect-error no body is wanted
  await apiDelete('/api/interviews/{interview_id}', { params, body: { sure: true } });
  // @ts-expect-error the profile's name is not a number
  await apiPatch('/api/profiles/{profile_id}', { params: { path: { profile_id: 7 } }, body: {} });
  // @ts-expect-error this path takes no upload
  await apiUpload('post', '/api/setup', { body: new FormData() });

  expectTypeOf(await apiGet('/api/setup')).toEqualTypeOf<Setup>();
  expectTypeOf(await apiGet('/api/interviews/{interview_id}', { params })).toEqualTypeOf<InterviewDetail>();
  expectTypeOf(await apiPost('/api/auth/sign-out')).toEqualTypeOf<undefined>();
  expectTypeOf(await apiPost('/api/auth/sign-in', { body: { email: '', password: '' } })).toEqualTypeOf<Me>();
});
