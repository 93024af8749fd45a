import { ArrowRight, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { Button } from '@/ui/button';
import { tellProblem } from '@/ui/toast';
import { useFinish, useRetry } from '@/lib/api/interviews';
import type { InterviewDetail } from '@/lib/api/types';
import { plural } from '@/lib/format';

function Panel({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div className="page-narrow grid justify-items-center gap-4 py-10 text-center">
      <title>{`${title} · InterviewDost`}</title>
      <h1 className="text-title">{title}</h1>
      <p className="max-w-md text-ink-soft">{lead}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>
    </div>
  );
}

/** An interview that is not waiting to be begun: says where it stands and leads on. */
export function StatusPanel({ interview }: { interview: InterviewDetail }) {
  const { id, status } = interview;
  const navigate = useNavigate();
  const finishing = useFinish(id);
  const retrying = useRetry(id);

  const finish = (variant: 'primary' | 'secondary') => (
    <Button
      variant={variant}
      size="large"
      busy={finishing.isPending}
      onClick={() =>
        finishing.mutate(undefined, {
          onSuccess: () => void navigate(`/interviews/${id}/results`),
          onError: tellProblem,
        })
      }
    >
      Finish and read the feedback
    </Button>
  );
  const answered = `${plural(interview.answered, 'answer')} of ${interview.planned}`;

  if (status === 'completed' || status === 'processing') return <Navigate to={`/interviews/${id}/results`} replace />;
  if (status === 'in_progress') {
    return (
      <Panel
        title="This interview was cut short"
        lead={`${answered} ${interview.answered === 1 ? 'is' : 'are'} safe. Go on where you stopped, or finish with what is there.`}
      >
        <Button asChild size="large">
          <Link to={`/interviews/${id}/check`}>
            Go on <ArrowRight aria-hidden />
          </Link>
        </Button>
        {finish('secondary')}
      </Panel>
    );
  }
  if (status === 'abandoned') {
    return (
      <Panel
        title="This interview was left unfinished"
        lead={`${answered} ${interview.answered === 1 ? 'is' : 'are'} safe. It is too long ago to go on, but you can still read your feedback.`}
      >
        {finish('primary')}
      </Panel>
    );
  }
  const begun = interview.started_at !== null;
  return (
    <Panel
      title={begun ? 'Your feedback could not be finished' : 'Your questions could not be made'}
      lead={
        begun
          ? 'Something failed on our side. Everything you said is safe, and trying again usually works.'
          : 'Something failed on our side. What you entered is safe, and trying again usually works.'
      }
    >
      <Button
        size="large"
        busy={retrying.isPending}
        onClick={() => retrying.mutate(undefined, { onError: tellProblem })}
      >
        <RotateCw aria-hidden /> Try again
      </Button>
      <Button asChild size="large" variant="secondary">
        <Link to="/dashboard">To my interviews</Link>
      </Button>
    </Panel>
  );
}
