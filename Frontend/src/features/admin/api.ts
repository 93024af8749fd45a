import { queryOptions } from '@tanstack/react-query';
import { apiGet } from '@/lib/api/client';
import type { InterviewStatus } from '@/lib/api/types';

export const PAGE = 20;

export const numbersQuery = queryOptions({
  queryKey: ['admin', 'numbers'],
  queryFn: ({ signal }) => apiGet('/api/admin/numbers', { signal }),
});

export const spendingQuery = queryOptions({
  queryKey: ['admin', 'spending'],
  queryFn: ({ signal }) => apiGet('/api/admin/spending', { signal }),
});

export const usersQuery = (offset: number, q: string) =>
  queryOptions({
    queryKey: ['admin', 'users', offset, q],
    queryFn: async ({ signal }) => {
      const page = await apiGet('/api/admin/users', { params: { query: { offset, limit: PAGE, q } }, signal });
      return { rows: page.users, total: page.total };
    },
  });

export const interviewsQuery = (offset: number, status: InterviewStatus | null) =>
  queryOptions({
    queryKey: ['admin', 'interviews', offset, status],
    queryFn: async ({ signal }) => {
      const page = await apiGet('/api/admin/interviews', {
        params: { query: { offset, limit: PAGE, status } },
        signal,
      });
      return { rows: page.interviews, total: page.total };
    },
  });
