/** Every HTTP call of the pages, one function each. Lists are paged; nothing here knows how it is drawn. */
import { apiDelete, apiGet, apiPatch, apiPost, apiPut, apiUpload, apiUrl } from './client';
import type {
  AccountDeleted,
  AdminInterviewPage,
  AdminNumbers,
  AdminSpending,
  AdminUserPage,
  AvatarModel,
  CheckMail,
  InterviewDetail,
  InterviewPage,
  InterviewStatus,
  InterviewSummary,
  Me,
  NewInterview,
  ProfileCorrection,
  ProfileModel,
  Progress,
  Results,
  RoleSuggestions,
  Setup,
} from './types';

type Signal = AbortSignal | undefined;

export const account = {
  me: (signal?: Signal) => apiGet<Me>('/auth/me', { signal }),
  signUp: (name: string, email: string, password: string) =>
    apiPost<Me | CheckMail>('/auth/sign-up', { name, email, password }),
  signIn: (email: string, password: string) => apiPost<Me>('/auth/sign-in', { email, password }),
  signOut: () => apiPost<undefined>('/auth/sign-out'),
  changePassword: (current_password: string, new_password: string) =>
    apiPost<undefined>('/auth/password', { current_password, new_password }),
  recover: (email: string) => apiPost<undefined>('/auth/recover', { email }),
  reset: (access_token: string, new_password: string) => apiPost<undefined>('/auth/reset', { access_token, new_password }),
  remove: (password: string) => apiDelete<AccountDeleted>('/auth/me', { password }),
};

export const installation = {
  setup: (signal?: Signal) => apiGet<Setup>('/setup', { signal }),
  roles: (signal?: Signal) => apiGet<RoleSuggestions>('/roles', { signal }),
};

export const profiles = {
  fromFile: (file: File, signal?: Signal) => {
    const form = new FormData();
    form.set('file', file);
    return apiUpload<ProfileModel>('/profiles', form, { signal });
  },
  fromText: (text: string, signal?: Signal) => {
    const form = new FormData();
    form.set('text', text);
    return apiUpload<ProfileModel>('/profiles', form, { signal });
  },
  latest: (signal?: Signal) => apiGet<ProfileModel>('/profiles/latest', { signal }),
  get: (id: string, signal?: Signal) => apiGet<ProfileModel>(`/profiles/${id}`, { signal }),
  correct: (id: string, correction: ProfileCorrection) => apiPatch<ProfileModel>(`/profiles/${id}`, correction),
};

export const interviews = {
  create: (wish: NewInterview) => apiPost<InterviewSummary>('/interviews', wish),
  list: (offset: number, limit: number, signal?: Signal) =>
    apiGet<InterviewPage>('/interviews', { query: { offset, limit }, signal }),
  get: (id: string, signal?: Signal) => apiGet<InterviewDetail>(`/interviews/${id}`, { signal }),
  remove: (id: string) => apiDelete(`/interviews/${id}`),
  retry: (id: string) => apiPost<InterviewSummary>(`/interviews/${id}/retry`),
  finish: (id: string) => apiPost<InterviewSummary>(`/interviews/${id}/finish`),
  order: (id: string, question_ids: string[]) =>
    apiPut<InterviewDetail>(`/interviews/${id}/questions/order`, { question_ids }),
  drop: (id: string, questionId: string) => apiDelete<InterviewDetail>(`/interviews/${id}/questions/${questionId}`),
  another: (id: string, questionId: string) =>
    apiPost<InterviewDetail>(`/interviews/${id}/questions/${questionId}/another`),
  /** Starting a call can take a vendor its time; the server gives up before this. */
  lead: (id: string, choice: 'configured' | 'built-in') =>
    apiPost<AvatarModel>(`/interviews/${id}/avatar`, { choice }, { timeoutMs: 60_000 }),
  /** A beacon: it is sent even though the page is going away, and its answer is nobody's business. */
  leaveCall: (id: string) => navigator.sendBeacon(apiUrl(`/interviews/${id}/avatar/end`)),
  results: (id: string, signal?: Signal) => apiGet<Results>(`/interviews/${id}/results`, { signal }),
  progress: (signal?: Signal) => apiGet<Progress>('/progress', { signal }),
};

export const admin = {
  numbers: (signal?: Signal) => apiGet<AdminNumbers>('/admin/numbers', { signal }),
  spending: (signal?: Signal) => apiGet<AdminSpending>('/admin/spending', { signal }),
  users: (query: { offset: number; limit: number; q: string }, signal?: Signal) =>
    apiGet<AdminUserPage>('/admin/users', { query, signal }),
  interviews: (query: { offset: number; limit: number; status: InterviewStatus | '' }, signal?: Signal) =>
    apiGet<AdminInterviewPage>('/admin/interviews', { query, signal }),
};
