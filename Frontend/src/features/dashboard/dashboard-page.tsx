import { Plus } from 'lucide-react';
import { Suspense, lazy, useCallback, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '@/ui/button';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import { tell } from '@/ui/toast';
import { interviews } from '@/lib/api/endpoints';
import { wordsFor } from '@/lib/api/problem';
import type { InterviewPage, InterviewSummary } from '@/lib/api/types';
import { useMe } from '@/lib/auth/auth-context';
import { firstName } from '@/lib/format';
import { useLoad } from '@/lib/load';
import { EmptyDashboard } from './empty-dashboard';
import { greetingAt } from './greeting';
import { InterviewRow } from './interview-row';
import { LazySection } from './lazy-section';

const Progress = lazy(() => import('./progress'));

const PAGE = 6;
const POLL_MS = 2000;

function isMoving(interview: InterviewSummary): boolean {
  return interview.status === 'preparing' || interview.status === 'processing';
}

export function Component() {
  const me = useMe();
  const [greeting] = useState(() => greetingAt(new Date().getHours()));
  // Pages that were asked for stay asked for when the list is read again.
  const wanted = useRef(PAGE);
  const [loadingMore, setLoadingMore] = useState(false);

  const read = useCallback(async (signal?: AbortSignal): Promise<InterviewPage> => {
    let page = await interviews.list(0, Math.min(wanted.current, 50), signal);
    while (page.interviews.length < wanted.current && page.next_offset !== null) {
      const more = await interviews.list(page.next_offset, 50, signal);
      page = { ...more, interviews: [...page.interviews, ...more.interviews] };
    }
    return page;
  }, []);

  const { load, reload, replace } = useLoad('interviews', read, (page) =>
    page.interviews.some(isMoving) ? POLL_MS : null,
  );

  const loadMore = () => {
    setLoadingMore(true);
    wanted.current += PAGE;
    read()
      .then(replace)
      .catch((error: unknown) => {
        wanted.current -= PAGE;
        tell(wordsFor(error), 'bad');
      })
      .finally(() => setLoadingMore(false));
  };

  const completed = load.status === 'ready' ? load.data.interviews.filter((one) => one.status === 'completed').length : 0;
  return (
    <div className="page-wide grid gap-10">
      <title>My interviews · InterviewDost</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-3xl font-semibold">
            {greeting}, {firstName(me.name)}
          </h1>
          <p className="mt-1 text-ink-soft">
            {load.status === 'ready' && load.data.interviews.some(({ status }) => status === 'completed')
              ? 'Each interview makes the next one easier.'
              : 'A good place to be nervous first.'}
          </p>
        </div>
        {load.status === 'ready' && load.data.total > 0 && (
          <Button asChild size="large">
            <Link to="/new">
              <Plus aria-hidden /> Start an interview
            </Link>
          </Button>
        )}
      </div>

      {load.status === 'loading' && (
        <Loading label="Loading your interviews">
          <div className="grid gap-3">
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
          </div>
        </Loading>
      )}
      {load.status === 'error' && (
        <ErrorState title="Your interviews could not be loaded" error={load.error} onRetry={reload} />
      )}
      {load.status === 'ready' && load.data.total === 0 && <EmptyDashboard />}
      {load.status === 'ready' && load.data.total > 0 && (
        <>
          <section aria-labelledby="past-title" className="animate-fade">
            <h2 id="past-title" className="text-xl font-semibold">
              Interviews
            </h2>
            <ul className="mt-4 grid gap-3">
              {load.data.interviews.map((interview) => (
                <InterviewRow key={interview.id} interview={interview} onChanged={reload} />
              ))}
            </ul>
            {load.data.next_offset !== null && (
              <div className="mt-5 text-center">
                <Button variant="secondary" busy={loadingMore} onClick={loadMore}>
                  Show older interviews
                </Button>
              </div>
            )}
          </section>
          {completed > 0 && (
            <LazySection minHeight="22rem">
              <Suspense fallback={<Skeleton className="h-88" />}>
                <Progress key={completed} />
              </Suspense>
            </LazySection>
          )}
        </>
      )}
    </div>
  );
}
