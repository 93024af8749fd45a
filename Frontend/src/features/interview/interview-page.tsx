import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { NotFound } from '@/ui/not-found';
import { ErrorState } from '@/ui/states';
import { interviewQuery } from '@/lib/api/interviews';
import { ProblemError } from '@/lib/api/problem';
import { StatusPanel } from './status-panel';
import { PreparationNotice } from './preparation-notice';
import { Questions } from './questions';

export function Component() {
  const { id = '' } = useParams();
  const { data: interview, error, refetch } = useQuery(interviewQuery(id));
  if (interview === undefined) {
    if (error === null) return <PreparationNotice role={null} />;
    if (error instanceof ProblemError && error.status === 404) return <NotFound />;
    return <ErrorState title="This interview could not be loaded" error={error} onRetry={() => void refetch()} />;
  }
  switch (interview.status) {
    case 'preparing':
      return <PreparationNotice role={interview.role} />;
    case 'scheduled':
      return <Questions interview={interview} />;
    case 'failed':
    case 'in_progress':
    case 'processing':
    case 'completed':
    case 'abandoned':
      return <StatusPanel interview={interview} />;
  }
}
