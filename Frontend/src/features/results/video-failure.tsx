import { LoaderCircle, RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import { apiHead } from '@/lib/api/client';

interface VideoFailureProps {
  url: string;
  onRetry: () => void;
}

const LONGEST_WAIT_S = 60;

/** Seconds until the video may be asked for again; null when that will not help. */
async function retryIn(url: string, signal: AbortSignal): Promise<number | null> {
  const answer = await apiHead(url, { signal });
  const wait = Number(answer.headers.get('Retry-After'));
  if (answer.status === 503 && wait > 0) return Math.min(wait, LONGEST_WAIT_S);
  // Someone has read for longer than a sign-in lasts before they pressed play.
  return answer.renewed && answer.status < 400 ? 0 : null;
}

/** What stands where a video would play that does not: it is being prepared, or it cannot be reached. */
export function VideoFailure({ url, onRetry }: VideoFailureProps) {
  const [preparing, setPreparing] = useState(false);

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    retryIn(url, stop.signal)
      .then((wait) => {
        if (stop.signal.aborted || wait === null) return;
        if (wait === 0) {
          onRetry();
          return;
        }
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
    <Card asChild space="medium" height="flat" className="grid justify-items-start gap-3">
      <div role="status">
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
    </Card>
  );
}
