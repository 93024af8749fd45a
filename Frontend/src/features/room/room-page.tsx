import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from 'react-router';
import { Button } from '@/ui/button';
import { ErrorState, Spinner } from '@/ui/states';
import { interviewNowQuery } from '@/lib/api/interviews';
import type { InterviewStatus } from '@/lib/api/types';
import { useMe } from '@/lib/auth/auth-context';
import { LiveRoom } from './components/live-room';

/** Where an interview in this state is looked at instead of held; null when the room is open for it. */
function elsewhere(status: InterviewStatus): '' | '/results' | null {
  switch (status) {
    case 'scheduled':
    case 'in_progress':
    case 'abandoned':
      return null;
    case 'processing':
    case 'completed':
      return '/results';
    case 'preparing':
    case 'failed':
      return '';
  }
}

export function Component() {
  const { id = '' } = useParams();
  const me = useMe();
  const { data, error, refetch } = useQuery(interviewNowQuery('room', id));

  if (data === undefined) {
    if (error === null) return <Spinner label="Opening the room…" />;
    return (
      <main id="content" tabIndex={-1} className="outline-none">
        <title>Interview · InterviewDost</title>
        <ErrorState title="We could not open the room" error={error} onRetry={() => void refetch()} />
        <p className="text-center">
          <Button asChild variant="ghost">
            <Link to="/dashboard">My interviews</Link>
          </Button>
        </p>
      </main>
    );
  }
  const { interview, setup } = data;
  const to = elsewhere(interview.status);
  if (to !== null) return <Navigate to={`/interviews/${id}${to}`} replace />;
  return (
    <>
      <title>{`Interview for ${interview.role} · InterviewDost`}</title>
      <LiveRoom key={id} interview={interview} me={me} byCall={setup.avatar !== 'built-in'} />
    </>
  );
}
