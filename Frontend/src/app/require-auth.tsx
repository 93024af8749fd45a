import { useEffect } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorState, Spinner } from '@/ui/states';
import { codeOf } from '@/lib/api/problem';
import { useAuth } from '@/lib/auth/auth-context';
import { m } from '@/lib/messages';

const LEFT_OVERS_AFTER_MS = 2000;

/** Who vouches for people is a vendor of its own in some installations, and can be away while we are here. */
const titleFor = (error: unknown) =>
  codeOf(error) === 'sign_in_unreachable' ? m.app_sign_in_unreachable() : m.app_server_unreachable();

export function RequireAuth() {
  const { state, retry } = useAuth();
  const { pathname, search } = useLocation();
  const userId = state.status === 'signed_in' ? state.me.id : null;

  // Pieces of a recording that an earlier visit could not send. After the page itself: it must not wait for them.
  useEffect(() => {
    if (userId === null) return;
    const timer = setTimeout(() => {
      import('@/lib/recording/uploads')
        .then(({ resumePendingUploads }) => resumePendingUploads(userId))
        .catch(() => undefined); // Without the chunk they wait for the next visit.
    }, LEFT_OVERS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [userId]);

  switch (state.status) {
    case 'unknown':
      return <Spinner label={m.app_one_moment()} />;
    case 'unreachable':
      return (
        <main id="content">
          <ErrorState title={titleFor(state.error)} error={state.error} onRetry={retry} />
        </main>
      );
    case 'signed_out':
      return <Navigate to="/sign-in" replace state={{ from: pathname + search }} />;
    case 'signed_in':
      return <Outlet />;
  }
}
