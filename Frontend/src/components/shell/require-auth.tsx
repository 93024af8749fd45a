import { useEffect } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorState, Spinner } from '@/components/ui/states';
import { useAuth } from '@/lib/auth/auth-context';

const LEFT_OVERS_AFTER_MS = 2000;

export function RequireAuth() {
  const { state, retry } = useAuth();
  const { pathname, search } = useLocation();
  const userId = state.status === 'signed_in' ? state.me.id : null;

  // Pieces of a recording that an earlier visit could not send. After the page itself: it must not wait for them.
  useEffect(() => {
    if (userId === null) return;
    const timer = setTimeout(() => {
      void import('@/lib/media/uploads').then(({ resumePendingUploads }) => resumePendingUploads(userId));
    }, LEFT_OVERS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [userId]);

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
