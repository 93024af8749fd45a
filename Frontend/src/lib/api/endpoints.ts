/** Every HTTP call of the pages, one function each. Lists are paged; nothing here knows how it is drawn. */
import { apiDelete, apiGet, apiPatch, apiPost, apiPut, apiUpload } from './client';
import type { InterviewStatus, NewInterview, ProfileCorrection } from './types';

type Signal = AbortSignal | undefined;

const at = (interview_id: string) => ({ path: { interview_id } });

export const account = {
  me: (signal?: Signal) => apiGet('/api/auth/me', { signal }),
  signUp: (name: string, email: string, password: string) => apiPost('/api/auth/sign-up', { body: { name, email, password } }),
  signIn: (email: string, password: string) => apiPost('/api/auth/sign-in', { body: { email, password } }),
  signOut: () => apiPost('/api/auth/sign-out'),
  changePassword: (current_password: string, new_password: string) =>
    apiPost('/api/auth/password', { body: { current_password, new_password } }),
  recover: (email: string) => apiPost('/api/auth/recover', { body: { email } }),
  reset: (access_token: string, new_password: string) => apiPost('/api/auth/reset', { body: { access_token, new_password } }),
  remove: (password: string) => apiDelete('/api/auth/me', { body: { password } }),
};

export const installation = {
  setup: (signal?: Signal) => apiGet('/api/setup', { signal }),
  roles: (signal?: Signal) => apiGet('/api/roles', { signal }),
};

function formOf(name: 'file' | 'text', value: File | string): FormData {
  const form = new FormData();
  form.set(name, value);
  return form;
}

export const profiles = {
  fromFile: (file: File, signal?: Signal) => apiUpload('post', '/api/profiles', { body: formOf('file', file), signal }),
  fromText: (text: string, signal?: Signal) => apiUpload('post', '/api/profiles', { body: formOf('text', text), signal }),
  latest: (signal?: Signal) => apiGet('/api/profiles/latest', { signal }),
  get: (profile_id: string, signal?: Signal) =>
    apiGet('/api/profiles/{profile_id}', { params: { path: { profile_id } }, signal }),
  correct: (profile_id: string, body: ProfileCorrection) =>
    apiPatch('/api/profiles/{profile_id}', { params: { path: { profile_id } }, body }),
};

export const interviews = {
  create: (body: NewInterview) => apiPost('/api/interviews', { body }),
  list: (offset: number, limit: number, signal?: Signal) =>
    apiGet('/api/interviews', { params: { query: { offset, limit } }, signal }),
  get: (id: string, signal?: Signal) => apiGet('/api/interviews/{interview_id}', { params: at(id), signal }),
  remove: (id: string) => apiDelete('/api/interviews/{interview_id}', { params: at(id) }),
  retry: (id: string) => apiPost('/api/interviews/{interview_id}/retry', { params: at(id) }),
  finish: (id: string) => apiPost('/api/interviews/{interview_id}/finish', { params: at(id) }),
  consent: (id: string, recording: boolean) =>
    apiPost('/api/interviews/{interview_id}/consent', { params: at(id), body: { recording } }),
  order: (id: string, question_ids: string[]) =>
    apiPut('/api/interviews/{interview_id}/questions/order', { params: at(id), body: { question_ids } }),
  drop: (interview_id: string, question_id: string) =>
    apiDelete('/api/interviews/{interview_id}/questions/{question_id}', { params: { path: { interview_id, question_id } } }),
  another: (interview_id: string, question_id: string) =>
    apiPost('/api/interviews/{interview_id}/questions/{question_id}/another', { params: { path: { interview_id, question_id } } }),
  /** Starting a call can take a vendor its time; the server gives up before this. */
  lead: (id: string, choice: 'configured' | 'built-in') =>
    apiPost('/api/interviews/{interview_id}/avatar', { params: at(id), body: { choice }, timeoutMs: 60_000 }),
  /** A beacon: it is sent even though the page is going away, and its answer is nobody's business. */
  leaveCall: (id: string) => navigator.sendBeacon(`/api/interviews/${id}/avatar/end`),
  results: (id: string, signal?: Signal) => apiGet('/api/interviews/{interview_id}/results', { params: at(id), signal }),
  progress: (signal?: Signal) => apiGet('/api/progress', { signal }),
};

export const admin = {
  numbers: (signal?: Signal) => apiGet('/api/admin/numbers', { signal }),
  spending: (signal?: Signal) => apiGet('/api/admin/spending', { signal }),
  users: (query: { offset: number; limit: number; q: string }, signal?: Signal) =>
    apiGet('/api/admin/users', { params: { query }, signal }),
  interviews: (query: { offset: number; limit: number; status: InterviewStatus | null }, signal?: Signal) =>
    apiGet('/api/admin/interviews', { params: { query }, signal }),
};
