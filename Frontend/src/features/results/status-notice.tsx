import { LoaderCircle, RotateCw } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { tellProblem } from '@/ui/toast';
import { useFinish, useRetry } from '@/lib/api/interviews';
import type { Results } from '@/lib/api/types';
import { plural } from '@/lib/format';

/** Where the interview stands when it is anything but simply completed. */
export function StatusNotice({ results }: { results: Results }) {
  const navigate = useNavigate();
  const id = results.interview_id;
  const finishing = useFinish(id);
  const retrying = useRetry(id);
  const scored = results.questions.flatMap((one) => one.responses).length;
  const asked = results.questions.filter((one) => one.asked).length;

  switch (results.status) {
    case 'processing':
      return (
        <div
          role="status"
          aria-live="polite"
          className="flex items-start gap-4 rounded-2xl border border-accent-line bg-accent-soft p-5"
        >
          <LoaderCircle aria-hidden className="mt-0.5 size-6 shrink-0 animate-spin text-accent" />
          <div>
            <p className="text-subheading">Well done. Your feedback is on its way.</p>
            <p className="text-ink-soft">
              {scored > 0 ? `${plural(scored, 'answer')} read so far. ` : ''}This usually takes a few seconds; the page
              fills in by itself.
            </p>
          </div>
        </div>
      );
    case 'failed':
      return (
        <Notice
          tone="bad"
          title="Your feedback could not be finished"
          action={
            <Button
              size="small"
              variant="secondary"
              busy={retrying.isPending}
              onClick={() => retrying.mutate(undefined, { onError: tellProblem })}
            >
              <RotateCw aria-hidden /> Try again
            </Button>
          }
        >
          Something failed on our side. Everything you said is safe below.
        </Notice>
      );
    case 'in_progress':
    case 'abandoned':
      return (
        <Notice
          tone="warn"
          title="This interview was cut short"
          action={
            <div className="flex gap-2">
              {results.status === 'in_progress' && (
                <Button size="small" variant="secondary" onClick={() => void navigate(`/interviews/${id}/check`)}>
                  Go on
                </Button>
              )}
              <Button
                size="small"
                busy={finishing.isPending}
                onClick={() => finishing.mutate(undefined, { onError: tellProblem })}
              >
                Finish
              </Button>
            </div>
          }
        >
          What you answered is safe. Finish it to get your feedback.
        </Notice>
      );
    case 'preparing':
    case 'scheduled':
      return (
        <Notice
          title="This interview has not begun"
          action={
            <Button asChild size="small">
              <Link to={`/interviews/${id}`}>To the questions</Link>
            </Button>
          }
        >
          The results appear here when it is over.
        </Notice>
      );
    case 'completed':
      return results.cut_short ? (
        <Notice tone="warn" announce={false} title="This interview was cut short">
          {asked} of {plural(results.questions.length, 'question')} {asked === 1 ? 'was' : 'were'} asked. The scores
          rest on those alone.
        </Notice>
      ) : null;
  }
}
