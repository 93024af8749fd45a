import type { FieldPath, FieldValues, UseFormSetError } from 'react-hook-form';
import { ProblemError, codeOf, wordsFor } from '@/lib/api/problem';

/**
 * Shows what the server has against a form: at the fields it names, or as `root.server` for all of it.
 *
 * @param at the form's field for each name, or code, of the server's.
 */
export function showProblem<T extends FieldValues>(
  setError: UseFormSetError<T>,
  error: unknown,
  at: Readonly<Record<string, FieldPath<T>>>,
): void {
  const found = new Map<FieldPath<T>, string>();
  if (error instanceof ProblemError) {
    const named = {
      ...(error.field && { [error.field]: error.message }),
      [error.code]: error.message,
      ...error.fields,
    };
    for (const [name, message] of Object.entries(named)) {
      const field = at[name];
      if (field) found.set(field, message);
    }
  }
  for (const [field, message] of found) setError(field, { type: 'server', message });
  if (found.size === 0) setError('root.server', { type: codeOf(error), message: wordsFor(error) });
}
