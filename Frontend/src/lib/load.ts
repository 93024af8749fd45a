import { useCallback, useEffect, useRef, useState } from 'react';
import { isAbort } from '@/lib/api/problem';

export type Load<T> =
  | { status: 'loading' }
  | { status: 'error'; error: unknown }
  /** `stale`: the last attempt to renew failed; what is shown is the reading before. */
  | { status: 'ready'; data: T; stale: boolean };

/**
 * Loads on mount and whenever `key` changes; a reload keeps what is on screen until the new reading is there.
 *
 * @param everyMs asks again after this many milliseconds, as long as it returns a number.
 */
export function useLoad<T>(
  key: string,
  loader: (signal: AbortSignal) => Promise<T>,
  everyMs: (data: T) => number | null = () => null,
) {
  const [kept, setKept] = useState<{ key: string; load: Load<T> }>({ key, load: { status: 'loading' } });
  const [round, setRound] = useState(0);
  const shown = useRef<{ key: string; data: T } | null>(null);
  const latest = useRef({ loader, everyMs });
  useEffect(() => {
    latest.current = { loader, everyMs };
  });

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (delay: number | null) => {
      if (delay !== null) timer = setTimeout(() => setRound((n) => n + 1), delay);
    };
    latest.current
      .loader(stop.signal)
      .then((data) => {
        if (stop.signal.aborted) return;
        shown.current = { key, data };
        setKept({ key, load: { status: 'ready', data, stale: false } });
        again(latest.current.everyMs(data));
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted || isAbort(error)) return;
        if (shown.current?.key !== key) {
          setKept({ key, load: { status: 'error', error } });
          return;
        }
        // A hiccup while polling is no reason to take the page away; it is asked again more slowly.
        const { data } = shown.current;
        const delay = latest.current.everyMs(data);
        again(delay === null ? null : Math.max(delay * 3, 3000));
        setKept({ key, load: { status: 'ready', data, stale: true } });
      });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, round]);

  const reload = useCallback(() => {
    setKept((before) => (before.load.status === 'error' ? { ...before, load: { status: 'loading' } } : before));
    setRound((n) => n + 1);
  }, []);

  /** Shows what another request has just answered, and goes on polling from there. */
  const replace = useCallback(
    (data: T) => {
      shown.current = { key, data };
      setKept({ key, load: { status: 'ready', data, stale: false } });
    },
    [key],
  );

  const load: Load<T> = kept.key === key ? kept.load : { status: 'loading' };
  return { load, reload, replace };
}
