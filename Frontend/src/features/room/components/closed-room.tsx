import { Link } from 'react-router';
import { Button } from '@/ui/button';

interface ClosedRoomProps {
  reason: 'refused' | 'taken_over';
  interviewId: string;
  onTakeBack?: () => void;
}

export function ClosedRoom({ reason, interviewId, onTakeBack }: ClosedRoomProps) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="page-narrow grid min-h-dvh content-center justify-items-center gap-4 text-center outline-none"
    >
      {reason === 'taken_over' ? (
        <>
          <h1 className="text-headline">Your interview goes on in another tab</h1>
          <p className="text-ink-soft">You can close this one, or bring the interview back here.</p>
          <Button onClick={onTakeBack}>Go on here</Button>
        </>
      ) : (
        <>
          <h1 className="text-headline">This interview is not open</h1>
          <p className="text-ink-soft">It may be over or deleted.</p>
          <div className="flex flex-wrap justify-center gap-2">
            <Button asChild>
              <Link to={`/interviews/${interviewId}`}>See where it stands</Link>
            </Button>
            <Button asChild variant="secondary">
              <Link to="/dashboard">My interviews</Link>
            </Button>
          </div>
        </>
      )}
    </main>
  );
}
