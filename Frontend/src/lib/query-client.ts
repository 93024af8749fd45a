import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/lib/api/problem';

const SECOND_TRY_MS = 800;

/** The way to the server failed, or the server itself; never what it has decided, nor what it wants to be left alone with. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ProblemError) || error.retryAfterS !== null) return false;
  return error.code === 'offline' || error.status >= 500;
}

/** What the pages know of the server. Looked up again whenever a page opens; what is known meanwhile is shown at once. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Being offline is an answer that the pages show, not a reason to wait without a word.
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && mayPass(error),
        retryDelay: SECOND_TRY_MS,
        refetchOnWindowFocus: false,
        // Whoever waits for their feedback may well wait in another tab.
        refetchIntervalInBackground: true,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** On sign-out: whoever signs in next finds nothing of the person before. What belongs to nobody stays. */
export function forgetPerson(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.meta?.['ofNobody'] !== true });
  client.getMutationCache().clear();
}
