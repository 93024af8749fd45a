import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '@/ui/button';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import { useMe } from '@/lib/auth/auth-context';
import { firstName } from '@/lib/format';
import { tellProblem } from '@/ui/toast';
import { interviewListQuery, useDeletion } from './api';
import { EmptyDashboard } from './empty-dashboard';
import { greetingAt } from './greeting';
import { InterviewRow } from './interview-row';
import { LazySection } from './lazy-section';

const Progress = lazy(() => import('./progress'));

export function Component() {
  const me = useMe();
  const [greeting] = useState(() => greetingAt(new Date().getHours()));
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(interviewListQuery);
  const deletion = useDeletion();
  const interviews = data?.pages.flatMap((page) => page.interviews);
  const total = data?.pages.at(-1)?.total ?? 0;

  const loadMore = () => {
    void fetchNextPage().then((after) => {
      if (after.isFetchNextPageError) tellProblem(after.error);
    });
  };

  const completed = interviews?.filter(({ status }) => status === 'completed').length ?? 0;
  return (
    <div className="page-wide grid gap-10">
      <title>My interviews · InterviewDost</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-title">
            {greeting}, {firstName(me.name)}
          </h1>
          <p className="mt-1 text-ink-soft">
            {completed > 0 ? 'Each interview makes the next one easier.' : 'A good place to be nervous first.'}
          </p>
        </div>
        {total > 0 && (
          <Button asChild size="large">
            <Link to="/new">
              <Plus aria-hidden /> Start an interview
            </Link>
          </Button>
        )}
      </div>

      {!interviews && !error && (
        <Loading label="Loading your interviews">
          <div className="grid gap-3">
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
          </div>
        </Loading>
      )}
      {!interviews && error && (
        <ErrorState title="Your interviews could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      {interviews && total === 0 && <EmptyDashboard />}
      {interviews && total > 0 && (
        <>
          <section aria-labelledby="past-title" className="animate-fade">
            <h2 id="past-title" className="text-heading">
              Interviews
            </h2>
            <ul className="mt-4 grid gap-3">
              {interviews.map((interview) => (
                <InterviewRow key={interview.id} interview={interview} onDelete={() => deletion.mutate(interview.id)} />
              ))}
            </ul>
            {hasNextPage && (
              <div className="mt-5 text-center">
                <Button variant="secondary" busy={isFetchingNextPage} onClick={loadMore}>
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
