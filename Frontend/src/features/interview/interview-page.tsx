import { useParams } from 'react-router';
import { NotFound } from '@/ui/not-found';
import { pollEvery } from '@/lib/interview/poll-interval';
import { ErrorState } from '@/ui/states';
import { interviews } from '@/lib/api/endpoints';
import { ProblemError } from '@/lib/api/problem';
import { useLoad } from '@/lib/load';
import { StatusPanel } from './status-panel';
import { PreparationNotice } from './preparation-notice';
import { Questions } from './questions';

export function Component() {
  const { id = '' } = useParams();
  const { load, reload, replace } = useLoad(
    `interview-${id}`,
    (signal) => interviews.get(id, signal),
    (interview) => pollEvery(interview.status),
  );

  if (load.status === 'loading') return <PreparationNotice role={null} />;
  if (load.status === 'error') {
    if (load.error instanceof ProblemError && load.error.status === 404) return <NotFound />;
    return <ErrorState title="This interview could not be loaded" error={load.error} onRetry={reload} />;
  }
  const interview = load.data;
  switch (interview.status) {
    case 'preparing':
      return <PreparationNotice role={interview.role} />;
    case 'scheduled':
      return <Questions interview={interview} onChanged={replace} onReload={reload} />;
    case 'failed':
    case 'in_progress':
    case 'processing':
    case 'completed':
    case 'abandoned':
      return <StatusPanel interview={interview} onReload={reload} />;
  }
}
