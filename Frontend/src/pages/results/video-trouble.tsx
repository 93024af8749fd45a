import { LoaderCircle, RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';

interface VideoTroubleProps {
  url: string;
  onRetry: () => void;
}

const LONGEST_WAIT_S = 60;

/** Seconds until a video that is still being prepared may be asked for again; null when something else is the matter. */
async function preparingFor(url: string, signal: AbortSignal): Promise<number | null> {
  const answer = await fetch(url, { method: 'HEAD', credentials: 'same-origin', signal });
  const wait = Number(answer.headers.get('Retry-After'));
  return answer.status === 503 && wait > 0 ? Math.min(wait, LONGEST_WAIT_S) : null;
}

/** What stands where a video would play that does not: it is being prepared, or it cannot be reached. */
export function VideoTrouble({ url, onRetry }: VideoTroubleProps) {
  const [preparing, setPreparing] = useState(false);

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    preparingFor(url, stop.signal)
      .then((wait) => {
        if (stop.signal.aborted || wait === null) return;
        setPreparing(true);
        timer = setTimeout(onRetry, wait * 1000);
      })
      .catch(() => undefined); // Then it is simply not to be reached, as the card says.
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked once for each failure
  }, [url]);

  return (
    <div role="status" className="grid justify-items-start gap-3 rounded-2xl border border-line bg-surface p-5">
      {preparing ? (
        <div className="flex items-center gap-4">
          <LoaderCircle aria-hidden className="size-6 shrink-0 animate-spin text-accent" />
          <div>
            <p className="font-semibold">Your video is being prepared</p>
            <p className="text-ink-soft">It starts here by itself in a moment. You can read the rest meanwhile.</p>
          </div>
        </div>
      ) : (
        <>
          <p className="font-semibold">The video cannot be played just now</p>
          <p className="text-ink-soft">It is kept, and your scores do not depend on it.</p>
          <Button size="small" variant="secondary" onClick={onRetry}>
            <RotateCw aria-hidden /> Try again
          </Button>
        </>
      )}
    </div>
  );
}
