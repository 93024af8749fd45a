/** What several pages ask of an interview. What only one page asks stands in that page's folder. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiPost } from './client';
import { pollEvery, polledBy } from './poll-interval';
import { setupQuery } from './setup';
import type { InterviewDetail, Setup } from './types';

/** Everything that is known of interviews begins with this key; a change of one makes all of it stale. */
export const INTERVIEWS = ['interviews'] as const;

export const ofInterview = (interview_id: string) => ({ path: { interview_id } });

export const interviewQuery = (id: string) =>
  queryOptions<InterviewDetail>({
    queryKey: [...INTERVIEWS, 'one', id],
    queryFn: ({ signal }) => apiGet('/api/interviews/{interview_id}', { params: ofInterview(id), signal }),
    refetchInterval: polledBy((interview) => pollEvery(interview.status)),
  });

interface InterviewNow {
  interview: InterviewDetail;
  setup: Setup;
}

/**
 * An interview as it stands at this moment, with how this installation is set up: both or neither, and nothing that is
 * only remembered. Nobody consents without being told who receives what, and the room keeps to the latest consent.
 */
export const interviewNowQuery = (page: 'device-check' | 'room', id: string) =>
  queryOptions<InterviewNow>({
    queryKey: ['now', page, id],
    queryFn: async ({ signal, client }) => {
      const [interview, setup] = await Promise.all([
        apiGet('/api/interviews/{interview_id}', { params: ofInterview(id), signal }),
        client.fetchQuery({ ...setupQuery, staleTime: 0 }),
      ]);
      return { interview, setup };
    },
    staleTime: Infinity,
    gcTime: 0,
    refetchOnReconnect: false,
  });

export const finishInterview = (id: string) =>
  apiPost('/api/interviews/{interview_id}/finish', { params: ofInterview(id) });

/** Ends an interview that was cut short, with what is there. */
export function useFinish(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => finishInterview(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: INTERVIEWS }),
  });
}

/** Begins a job anew that has failed. */
export function useRetry(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => apiPost('/api/interviews/{interview_id}/retry', { params: ofInterview(id) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: INTERVIEWS }),
  });
}
