import type { InterviewStatus } from './types';

/** Milliseconds until the next look while a job is at work, else null. */
export function pollEvery(status: InterviewStatus): number | null {
  if (status === 'preparing') return 400;
  if (status === 'processing') return 1000;
  return null;
}

/**
 * Asks again after as many milliseconds as `everyMs` says of the latest answer. A hiccup is no reason to take the page
 * away: what is known stays on screen, and is asked for more slowly. Without any answer it ends.
 */
export function polledBy<T>(everyMs: (data: T) => number | null) {
  return ({ state }: { state: { data: T | undefined; status: 'pending' | 'error' | 'success' } }): number | false => {
    const delay = state.data === undefined ? null : everyMs(state.data);
    if (delay === null) return false;
    return state.status === 'error' ? Math.max(delay * 3, 3000) : delay;
  };
}
