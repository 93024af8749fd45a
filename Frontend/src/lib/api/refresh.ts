import { problemFrom, type ProblemError } from './problem';

const REFRESHED_AT = 'dost-refreshed-at';

let running: Promise<ProblemError | null> | null = null;

function lastRefresh(): number {
  try {
    return Number(localStorage.getItem(REFRESHED_AT) ?? 0);
  } catch {
    return 0;
  }
}

async function refreshOnce(askedAt: number): Promise<ProblemError | null> {
  // The refresh token rotates: two tabs spending the same one would look like theft. Whoever comes second
  // finds the work done.
  if (lastRefresh() >= askedAt) return null;
  const response = await fetch('/api/auth/refresh', {
    method: 'POST',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(15_000),
  });
  if (response.ok) {
    try {
      localStorage.setItem(REFRESHED_AT, String(Date.now()));
    } catch {
      // Without storage each tab refreshes for itself.
    }
    return null;
  }
  const problem = await problemFrom(response);
  if (response.status === 401) return problem;
  throw problem;
}

/**
 * Renews the sign-in. Calls that come while one is under way share it; other tabs wait their turn.
 *
 * @returns null when it is renewed; when nobody is signed in any more, the problem that says why.
 * @throws when the server could not be asked.
 */
export function refreshSignIn(askedAt: number): Promise<ProblemError | null> {
  running ??= (
    'locks' in navigator ? navigator.locks.request('dost-refresh', () => refreshOnce(askedAt)) : refreshOnce(askedAt)
  ).finally(() => {
    running = null;
  });
  return running;
}
