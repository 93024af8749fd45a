/** What the forms of an account want, in the words that stand below a field. The server has the last say. */
import * as v from 'valibot';
import { LIMITS } from '@/lib/api/limits.gen';

export const LONGEST_NAME = LIMITS.maxName;
export const LONGEST_PASSWORD = LIMITS.maxPassword;

export const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('Enter your email address.'),
  v.regex(/^[^\s@]+@[^\s@]+$/, 'This is no email address yet.'),
);

export const name = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('Tell us your name.'),
  v.maxLength(LONGEST_NAME, `Up to ${LONGEST_NAME} characters.`),
);

export const password = v.pipe(
  v.string(),
  v.nonEmpty('Enter your password.'),
  v.maxLength(LONGEST_PASSWORD, `Up to ${LONGEST_PASSWORD} characters.`),
);

export const newPassword = (shortest: number) =>
  v.pipe(
    v.string(),
    v.minLength(shortest, `At least ${shortest} characters.`),
    v.maxLength(LONGEST_PASSWORD, `Up to ${LONGEST_PASSWORD} characters.`),
  );
