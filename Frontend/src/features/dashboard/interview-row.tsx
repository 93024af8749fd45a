import { ArrowRight, LoaderCircle, RotateCw, Trash2 } from 'lucide-react';
import { Suspense, lazy, useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { STATUS_WORDS, SENIORITY_WORDS } from '@/lib/interview/labels';
import { Card } from '@/ui/card';
import { Button, IconButton } from '@/ui/button';
import { Pill } from '@/ui/pill';
import { ScoreRing } from '@/ui/score-ring';
import { tellProblem } from '@/ui/toast';
import { useFinish, useRetry } from '@/lib/api/interviews';
import type { InterviewSummary } from '@/lib/api/types';
import { formatMoment, plural } from '@/lib/format';

const DeletionDialog = lazy(() => import('./deletion-dialog'));

function wordsAbout(interview: InterviewSummary): string {
  switch (interview.status) {
    case 'preparing':
      return 'We are writing your questions.';
    case 'scheduled':
      return `${plural(interview.planned, 'question')} ready for you.`;
    case 'in_progress':
      return `${interview.answered} of ${interview.planned} answered. Go on where you stopped, or finish with what is there.`;
    case 'processing':
      return 'We are putting your feedback together.';
    case 'completed':
      return `${interview.answered} of ${interview.planned} answered`;
    case 'failed':
      return `Something failed on our side. What you ${interview.started_at ? 'said' : 'entered'} is safe; trying again usually works.`;
    case 'abandoned':
      return `${interview.answered} of ${interview.planned} answered. You can still finish it and read your feedback.`;
  }
}

interface InterviewRowProps {
  interview: InterviewSummary;
  onDelete: () => void;
}

export function InterviewRow({ interview, onDelete }: InterviewRowProps) {
  const navigate = useNavigate();
  const finishing = useFinish(interview.id);
  const retrying = useRetry(interview.id);
  const [deleting, setDeleting] = useState(false);
  const { id, role, status } = interview;
  const { word, tone } = STATUS_WORDS[status];

  const finish = () =>
    finishing.mutate(undefined, { onSuccess: () => void navigate(`/interviews/${id}/results`), onError: tellProblem });

  const to = (path: string, label: ReactNode, variant: 'primary' | 'secondary' = 'secondary') => (
    <Button asChild size="small" variant={variant}>
      <Link to={`/interviews/${id}${path}`} aria-describedby={`role-${id}`}>
        {label}
      </Link>
    </Button>
  );

  const actions: Record<InterviewSummary['status'], ReactNode> = {
    preparing: to('', 'Open'),
    scheduled: to(
      '',
      <>
        Start <ArrowRight aria-hidden />
      </>,
      'primary',
    ),
    in_progress: (
      <>
        {to('/check', 'Resume', 'primary')}
        <Button
          size="small"
          variant="secondary"
          busy={finishing.isPending}
          onClick={finish}
          aria-describedby={`role-${id}`}
        >
          Finish
        </Button>
      </>
    ),
    processing: to('/results', 'Open'),
    completed: to('/results', 'See feedback'),
    failed: (
      <>
        <Button
          size="small"
          variant="secondary"
          busy={retrying.isPending}
          aria-describedby={`role-${id}`}
          onClick={() => retrying.mutate(undefined, { onError: tellProblem })}
        >
          <RotateCw aria-hidden /> Try again
        </Button>
        {interview.started_at && to('/results', 'Open')}
      </>
    ),
    abandoned: (
      <Button
        size="small"
        variant="primary"
        busy={finishing.isPending}
        onClick={finish}
        aria-describedby={`role-${id}`}
      >
        Finish
      </Button>
    ),
  };

  return (
    <Card
      asChild
      space="small"
      className="group grid grid-cols-[1fr_auto] items-center gap-x-5 gap-y-3 sm:grid-cols-[1fr_auto_auto] sm:px-5"
    >
      <li>
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h3 id={`role-${id}`} className="truncate text-subheading">
              {role}
            </h3>
            <Pill tone={tone}>
              {(status === 'preparing' || status === 'processing') && (
                <LoaderCircle aria-hidden className="animate-spin" />
              )}
              {word()}
            </Pill>
          </div>
          <p className="mt-0.5 text-compact text-ink-soft">{wordsAbout(interview)}</p>
          <p className="mt-0.5 text-sm text-ink-faint">
            {SENIORITY_WORDS[interview.seniority]()}, {formatMoment(interview.started_at ?? interview.created_at)}
          </p>
        </div>
        {status === 'completed' && (
          <div className="flex items-center gap-4 text-sm text-ink-soft">
            <dl className="hidden gap-0.5 text-right md:grid">
              {Object.entries(interview.scores).map(([kind, { label, value }]) => (
                <div key={kind} className="flex justify-end gap-2">
                  <dt>{label}</dt>
                  <dd className="w-9 font-semibold text-ink tabular-nums">{value ?? '–'}</dd>
                </div>
              ))}
            </dl>
            <ScoreRing value={interview.overall_score} label="Overall" size="small" />
          </div>
        )}
        <div className="col-span-full flex items-center gap-2 sm:col-span-1 sm:col-start-3 sm:justify-self-end">
          {actions[status]}
          <IconButton label={`Delete the interview for ${role}`} size="small" onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden />
          </IconButton>
        </div>
        {deleting && (
          <Suspense>
            <DeletionDialog interview={interview} onClose={() => setDeleting(false)} onDelete={onDelete} />
          </Suspense>
        )}
      </li>
    </Card>
  );
}
