import { Suspense, lazy, useEffect, useRef, useSyncExternalStore } from 'react';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { isToasterWanted, subscribeToWanted } from '@/ui/toast';
import { OfflineNotice } from './offline-notice';
import { m } from '@/lib/messages';

const Toaster = lazy(() => import('./toaster'));

export function Root() {
  const { pathname } = useLocation();
  const toasterWanted = useSyncExternalStore(subscribeToWanted, isToasterWanted);
  const shownPath = useRef(pathname);

  useEffect(() => {
    if (shownPath.current === pathname) return;
    shownPath.current = pathname;
    // A new page: a screen reader starts reading here instead of staying on a link that has gone.
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {m.app_skip_to_content()}
      </a>
      <OfflineNotice />
      <Outlet />
      <ScrollRestoration />
      {toasterWanted && (
        <Suspense>
          <Toaster />
        </Suspense>
      )}
    </>
  );
}
