import { apiDelete, apiGet, apiPost } from './client';

export const account = {
  me: (signal?: AbortSignal) => apiGet('/api/auth/me', { signal }),
  signUp: (name: string, email: string, password: string) =>
    apiPost('/api/auth/sign-up', { body: { name, email, password } }),
  signIn: (email: string, password: string) => apiPost('/api/auth/sign-in', { body: { email, password } }),
  signOut: () => apiPost('/api/auth/sign-out'),
  remove: (password: string) => apiDelete('/api/auth/me', { body: { password } }),
};
