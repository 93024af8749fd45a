import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { NotFound } from '@/ui/not-found';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import { ProblemError } from '@/lib/api/problem';
import type { Results } from '@/lib/api/types';
import { resultsQuery } from './api';
import { Chapters } from './chapters';
import { Header } from './header';
import { OverallCard } from './overall-card';
import { QuestionSection } from './question-section';
import { StatusNotice } from './status-notice';
import { Strengths } from './strengths';
import { Transcript } from './transcript';
import { lineAt } from './transcript-lines';
import { VideoState } from './video-state';
import type { Seek } from './video-player';

const VideoPlayer = lazy(() => import('./video-player'));

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

function Content({ results }: { results: Results }) {
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
      <StatusNotice results={results} />
      {done && (
        <div className="grid gap-6 lg:grid-cols-[3fr_2fr]">
          <Strengths results={results} />
          {results.overall && <OverallCard overall={results.overall} />}
        </div>
      )}
      <section aria-labelledby="recording-title" className="grid gap-x-6 gap-y-4 lg:grid-cols-[3fr_2fr]">
        <h2 id="recording-title" className="text-heading lg:col-span-2">
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
            <VideoState interviewId={results.interview_id} status={video.status} />
          )}
          {playable && <Chapters questions={results.questions} onPlay={play} />}
        </div>
        <Transcript lines={transcript} questions={results.questions} currentId={lineId} onPlay={onPlay} />
      </section>
      <section aria-labelledby="questions-title" className="grid gap-4">
        <h2 id="questions-title" className="text-heading">
          Question by question
        </h2>
        {results.questions.map((question, index) => (
          <QuestionSection
            key={question.id}
            question={question}
            number={index + 1}
            transcript={transcript}
            vendorNames={results.vendor_names}
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
  const { data: results, error, refetch } = useQuery(resultsQuery(id));
  if (results === undefined) {
    if (error === null) return <Waiting />;
    if (error instanceof ProblemError && error.status === 404) return <NotFound />;
    return <ErrorState title="Your results could not be loaded" error={error} onRetry={() => void refetch()} />;
  }
  return <Content results={results} />;
}
