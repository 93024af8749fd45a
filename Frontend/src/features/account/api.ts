import { apiPost } from '@/lib/api/client';

export const changePassword = (current_password: string, new_password: string) =>
  apiPost('/api/auth/password', { body: { current_password, new_password } });

/** Asks for a mail with a link to choose a new password. */
export const recoverPassword = (email: string) => apiPost('/api/auth/recover', { body: { email } });

export const resetPassword = (access_token: string, new_password: string) =>
  apiPost('/api/auth/reset', { body: { access_token, new_password } });
