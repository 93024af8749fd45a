import { createBrowserRouter } from 'react-router';
import { AppShell } from './app-shell';
import { PublicShell } from './public-shell';
import { RequireAuth } from './require-auth';
import { Root } from './root';
import { RouteError } from './route-error';
import { Spinner } from '@/ui/states';
import { m } from '@/lib/messages';

/** Each page is a chunk of its own; only the frame around them is loaded first. */
export const router = createBrowserRouter([
  {
    element: <Root />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <Spinner label={m.app_loading()} />,
    children: [
      {
        element: <PublicShell />,
        errorElement: <RouteError />,
        children: [
          { path: '/', lazy: () => import('@/features/landing/landing-page') },
          { path: '/sign-in', lazy: () => import('@/features/account/sign-in-page') },
          { path: '/sign-up', lazy: () => import('@/features/account/sign-up-page') },
          { path: '/forgot-password', lazy: () => import('@/features/account/password-recovery-page') },
          { path: '/auth/callback', lazy: () => import('@/features/account/auth-callback-page') },
        ],
      },
      {
        element: <RequireAuth />,
        children: [
          {
            // The room has the whole screen to itself.
            errorElement: <RouteError />,
            children: [{ path: '/interviews/:id/room', lazy: () => import('@/features/room/room-page') }],
          },
          {
            element: <AppShell />,
            children: [
              {
                errorElement: <RouteError />,
                children: [
                  { path: '/dashboard', lazy: () => import('@/features/dashboard/dashboard-page') },
                  { path: '/new', lazy: () => import('@/features/new-interview/new-interview-page') },
                  { path: '/account', lazy: () => import('@/features/account/account-page') },
                  { path: '/admin', lazy: () => import('@/features/admin/admin-page') },
                  { path: '/interviews/:id', lazy: () => import('@/features/interview/interview-page') },
                  { path: '/interviews/:id/check', lazy: () => import('@/features/device-check/device-check-page') },
                  { path: '/interviews/:id/results', lazy: () => import('@/features/results/results-page') },
                ],
              },
            ],
          },
        ],
      },
      // A build has no such page: the condition is known when it is made.
      ...(import.meta.env.DEV ? [{ path: '/dev/gallery', lazy: () => import('@/features/gallery/gallery-page') }] : []),
      { path: '*', lazy: () => import('./not-found-page') },
    ],
  },
]);
