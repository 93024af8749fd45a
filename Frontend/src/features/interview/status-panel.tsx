import { ArrowRight, RotateCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { Button } from '@/ui/button';
import { tell } from '@/ui/toast';
import { interviews } from '@/lib/api/endpoints';
import { wordsFor } from '@/lib/api/problem';
import type { InterviewDetail } from '@/lib/api/types';
import { plural } from '@/lib/format';

function Panel({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div className="page-narrow grid justify-items-center gap-4 py-10 text-center">
      <title>{`${title} · InterviewDost`}</title>
      <h1 className="text-3xl font-semibold">{title}</h1>
      <p className="max-w-md text-ink-soft">{lead}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>
    </div>
  );
}

/** An interview that is not waiting to be begun: says where it stands and leads on. */
export function StatusPanel({ interview, onReload }: { interview: InterviewDetail; onReload: () => void }) {
  const { id, status } = interview;
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);

  const run = (work: () => Promise<unknown>, then: () => void) => {
    setBusy(true);
    work()
      .then(then)
      .catch((error: unknown) => tell(wordsFor(error), 'bad'))
      .finally(() => setBusy(false));
  };
  const finish = (variant: 'primary' | 'secondary') => (
    <Button
      variant={variant}
      size="large"
      busy={busy}
      onClick={() => run(() => interviews.finish(id), () => void navigate(`/interviews/${id}/results`))}
    >
      Finish and read the feedback
    </Button>
  );
  const answered = `${plural(interview.answered, 'answer')} of ${interview.planned}`;

  if (status === 'completed' || status === 'processing') return <Navigate to={`/interviews/${id}/results`} replace />;
  if (status === 'in_progress') {
    return (
      <Panel title="This interview was cut short" lead={`${answered} ${interview.answered === 1 ? 'is' : 'are'} safe. Go on where you stopped, or finish with what is there.`}>
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
      <Panel title="This interview was left unfinished" lead={`${answered} ${interview.answered === 1 ? 'is' : 'are'} safe. It is too long ago to go on, but you can still read your feedback.`}>
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
      <Button size="large" busy={busy} onClick={() => run(() => interviews.retry(id), onReload)}>
        <RotateCw aria-hidden /> Try again
      </Button>
      <Button asChild size="large" variant="secondary">
        <Link to="/dashboard">To my interviews</Link>
      </Button>
    </Panel>
  );
}
