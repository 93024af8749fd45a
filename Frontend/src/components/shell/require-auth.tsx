import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorState, Spinner } from '@/components/ui/states';
import { useAuth } from '@/lib/auth/auth-context';

export function RequireAuth() {
  const { state, retry } = useAuth();
  const { pathname, search } = useLocation();
  switch (state.status) {
    case 'unknown':
      return <Spinner label="One moment…" />;
    case 'unreachable':
      return (
        <main id="content">
          <ErrorState title="We cannot reach InterviewDost" error={state.error} onRetry={retry} />
        </main>
      );
    case 'signed_out':
      return <Navigate to="/sign-in" replace state={{ from: pathname + search }} />;
    case 'signed_in':
      return <Outlet />;
  }
}
