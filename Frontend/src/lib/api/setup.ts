import { queryOptions } from '@tanstack/react-query';
import { apiGet } from './client';
import { LIMITS } from './limits.gen';
import type { Setup } from './types';

/** How this installation is set up: the same for everybody, and while it runs. Asked for once, wherever it is needed. */
export const setupQuery = queryOptions<Setup>({
  queryKey: ['setup'],
  queryFn: ({ signal }) => apiGet('/api/setup', { signal }),
  staleTime: 10 * 60_000,
  meta: { ofNobody: true },
});

/** Until the server has said otherwise. */
export const PASSWORD_MIN_LENGTH = LIMITS.minPassword;
