import type { InterviewStatus } from '@/lib/api/types';

/** Milliseconds until the next look while a job is at work, else null. */
export function pollEvery(status: InterviewStatus): number | null {
  if (status === 'preparing') return 400;
  if (status === 'processing') return 1000;
  return null;
}
