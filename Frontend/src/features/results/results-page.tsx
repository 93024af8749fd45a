import { Suspense, lazy, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { pollEvery } from '@/lib/interview/poll-interval';
import { NotFound } from '@/ui/not-found';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import { interviews } from '@/lib/api/endpoints';
import { ProblemError } from '@/lib/api/problem';
import type { Results } from '@/lib/api/types';
import { useLoad } from '@/lib/load';
import { Chapters } from './chapters';
import { Header } from './header';
import { OverallCard } from './overall-card';
import { QuestionSection } from './question-section';
import { StatusNotice } from './status-notice';
import { Strengths } from './strengths';
import { Transcript } from './transcript';
import { lineAt } from './transcript-lines';
import { VideoState, isMoving } from './video-state';
import type { Seek } from './video-player';

const VideoPlayer = lazy(() => import('./video-player'));

function everyMs(results: Results): number | null {
  const byStatus = pollEvery(results.status);
  if (byStatus !== null) return byStatus;
  const moving = isMoving(results.video.status);
  return moving ? 2000 : null;
}

function Waiting() {
  return (
    <Loading label="Loading your results">
      <div className="page-wide grid gap-6">
        <Skeleton className="h-12 w-2/3" />
        <Skeleton className="h-44" />
        <div className="grid gap-6 lg:grid-cols-[3fr_2fr]">
          <Skeleton className="aspect-video" />
          <Skeleton className="h-72" />
        </div>
      </div>
    </Loading>
  );
}

function Content({ results, onReload }: { results: Results; onReload: () => void }) {
  const [seek, setSeek] = useState<Seek | null>(null);
  const [lineId, setLineId] = useState<string | null>(null);
  const screen = useRef<HTMLDivElement>(null);
  const { video, transcript } = results;
  const playable = video.status === 'ready' && video.parts.length > 0;

  const play = (ms: number) => {
    setSeek((before) => ({ ms, round: (before?.round ?? 0) + 1 }));
    screen.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  };
  const onPlay = playable ? play : null;
  const done = results.status === 'completed';

  return (
    <div className="page-wide grid gap-8">
      <title>{`Results, ${results.role} · InterviewDost`}</title>
      <Header results={results} />
      <StatusNotice results={results} onReload={onReload} />
      {done && (
        <div className="grid gap-6 lg:grid-cols-[3fr_2fr]">
          <Strengths results={results} />
          {results.overall && <OverallCard overall={results.overall} />}
        </div>
      )}
      <section aria-labelledby="recording-title" className="grid gap-x-6 gap-y-4 lg:grid-cols-[3fr_2fr]">
        <h2 id="recording-title" className="text-xl font-semibold lg:col-span-2">
          {playable ? 'Recording and transcript' : 'What was said'}
        </h2>
        <div ref={screen} className="scroll-mt-20 self-start lg:sticky lg:top-20">
          {playable ? (
            <Suspense fallback={<Skeleton className={video.has_video ? 'aspect-video' : 'h-24'} />}>
              <VideoPlayer
                parts={video.parts}
                title={`Interview for ${results.role}`}
                seek={seek}
                onTime={(ms) => setLineId(lineAt(transcript, ms))}
              />
            </Suspense>
          ) : (
            <VideoState interviewId={results.interview_id} status={video.status} onReload={onReload} />
          )}
          {playable && <Chapters questions={results.questions} onPlay={play} />}
        </div>
        <Transcript lines={transcript} questions={results.questions} currentId={lineId} onPlay={onPlay} />
      </section>
      <section aria-labelledby="questions-title" className="grid gap-4">
        <h2 id="questions-title" className="text-xl font-semibold">
          Question by question
        </h2>
        {results.questions.map((question, index) => (
          <QuestionSection
            key={question.id}
            question={question}
            number={index + 1}
            transcript={transcript}
            finished={done}
            onPlay={onPlay}
          />
        ))}
      </section>
    </div>
  );
}

export function Component() {
  const { id = '' } = useParams();
  const { load, reload } = useLoad(`results-${id}`, (signal) => interviews.results(id, signal), everyMs);
  if (load.status === 'loading') return <Waiting />;
  if (load.status === 'error') {
    if (load.error instanceof ProblemError && load.error.status === 404) return <NotFound />;
    return <ErrorState title="Your results could not be loaded" error={load.error} onRetry={reload} />;
  }
  return <Content results={load.data} onReload={reload} />;
}
