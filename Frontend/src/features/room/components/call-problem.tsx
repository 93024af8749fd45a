import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import type { CallState } from '../engine/room-parts';

interface CallProblemProps {
  problem: NonNullable<CallState['problem']>;
  onGoOn: () => void;
  onRetry: () => void;
}

/** No video call: what happened, and the interview one click away all the same. */
export function CallProblem({ problem, onGoOn, onRetry }: CallProblemProps) {
  return (
    <Notice tone="warn" title="The video call cannot start just now" className="max-w-lg text-left">
      <p>{problem.message} Our own interviewer asks the same questions and is ready at once.</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={onGoOn}>Go on with our interviewer</Button>
        <Button variant="secondary" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </Notice>
  );
}
