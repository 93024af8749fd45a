import { apiGet, apiPost } from '@/lib/api/client';
import { ofInterview } from '@/lib/api/interviews';
import { ProblemError } from '@/lib/api/problem';
import type { CallService } from './engine/room-parts';

/** Who leads this interview. Starting a call can take a vendor its time; the server gives up before this. */
export const callService = (id: string): CallService => ({
  begin: (choice) =>
    apiPost('/api/interviews/{interview_id}/avatar', { params: ofInterview(id), body: { choice }, timeoutMs: 60_000 }),
  // A beacon: it is sent even though the page is going away, and its answer is nobody's business.
  leave: () => void navigator.sendBeacon(`/api/interviews/${id}/avatar/end`),
});

/** Asking for the interview renews the sign-in on the way, which a socket cannot do. */
export async function signInState(id: string): Promise<'signed_in' | 'signed_out' | 'gone' | 'over' | 'unreachable'> {
  try {
    const { status } = await apiGet('/api/interviews/{interview_id}', { params: ofInterview(id), timeoutMs: 8000 });
    return status === 'processing' || status === 'completed' ? 'over' : 'signed_in';
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return 'signed_out';
    if (error instanceof ProblemError && error.status === 404) return 'gone';
    return 'unreachable';
  }
}
