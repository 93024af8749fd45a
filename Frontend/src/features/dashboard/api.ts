import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type InfiniteData,
} from '@tanstack/react-query';
import { apiDelete, apiGet } from '@/lib/api/client';
import { INTERVIEWS, ofInterview } from '@/lib/api/interviews';
import { polledBy } from '@/lib/api/poll-interval';
import type { InterviewPage, InterviewSummary } from '@/lib/api/types';
import { wordsFor } from '@/lib/api/problem';
import { tell } from '@/ui/toast';

const PAGE = 6;
const POLL_MS = 2000;

type List = InfiniteData<InterviewPage, number>;
const LIST = [...INTERVIEWS, 'list'] as const;

function isMoving({ status }: InterviewSummary): boolean {
  return status === 'preparing' || status === 'processing';
}

/** The newest first. Pages that were asked for stay asked for when the list is read again. */
export const interviewListQuery = infiniteQueryOptions<InterviewPage, Error, List, typeof LIST, number>({
  queryKey: LIST,
  queryFn: ({ pageParam, signal }) =>
    apiGet('/api/interviews', { params: { query: { offset: pageParam, limit: PAGE } }, signal }),
  initialPageParam: 0,
  getNextPageParam: (last) => last.next_offset,
  refetchInterval: polledBy<List>(({ pages }) =>
    pages.some((page) => page.interviews.some(isMoving)) ? POLL_MS : null,
  ),
});

export const progressQuery = queryOptions({
  queryKey: [...INTERVIEWS, 'progress'],
  queryFn: ({ signal }) => apiGet('/api/progress', { signal }),
});

function without(list: List, id: string): List {
  const pages = list.pages.map((page) => ({
    ...page,
    interviews: page.interviews.filter((one) => one.id !== id),
    total: page.total - 1,
  }));
  return { ...list, pages };
}

/** The row goes at once, and comes back should the server refuse. */
export function useDeletion() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => apiDelete('/api/interviews/{interview_id}', { params: ofInterview(id) }),
    onMutate: async (id) => {
      await queries.cancelQueries({ queryKey: LIST });
      const before = queries.getQueryData<List>(LIST);
      queries.setQueryData<List>(LIST, (list) => list && without(list, id));
      return before;
    },
    onSuccess: (_, id) => {
      queries.removeQueries({ queryKey: [...INTERVIEWS, 'one', id] });
      queries.removeQueries({ queryKey: [...INTERVIEWS, 'results', id] });
      tell('The interview has been deleted.');
    },
    onError: (error, _, before) => {
      queries.setQueryData<List>(LIST, before);
      tell(wordsFor(error), 'bad');
    },
    onSettled: () => queries.invalidateQueries({ queryKey: INTERVIEWS }),
  });
}
