import { createBrowserRouter } from 'react-router';
import { AppShell } from '@/components/shell/app-shell';
import { PublicShell } from '@/components/shell/public-shell';
import { RequireAuth } from '@/components/shell/require-auth';
import { Root } from '@/components/shell/root';
import { RouteError } from '@/components/shell/route-error';
import { Spinner } from '@/components/ui/states';

/** Each page is a chunk of its own; only the frame around them is loaded first. */
export const router = createBrowserRouter([
  {
    element: <Root />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <Spinner label="Loading…" />,
    children: [
      {
        element: <PublicShell />,
        errorElement: <RouteError />,
        children: [
          { path: '/', lazy: () => import('@/pages/landing') },
          { path: '/sign-in', lazy: () => import('@/pages/sign-in') },
          { path: '/sign-up', lazy: () => import('@/pages/sign-up') },
          { path: '/forgot-password', lazy: () => import('@/pages/forgot-password') },
          { path: '/auth/callback', lazy: () => import('@/pages/auth-callback') },
        ],
      },
      {
        element: <RequireAuth />,
        children: [
          {
            // The room has the whole screen to itself.
            errorElement: <RouteError />,
            children: [{ path: '/interviews/:id/room', lazy: () => import('@/pages/room') }],
          },
          {
            element: <AppShell />,
            children: [
              {
                errorElement: <RouteError />,
                children: [
                  { path: '/dashboard', lazy: () => import('@/pages/dashboard') },
                  { path: '/new', lazy: () => import('@/pages/new') },
                  { path: '/account', lazy: () => import('@/pages/account') },
                  { path: '/admin', lazy: () => import('@/pages/admin') },
                  { path: '/interviews/:id', lazy: () => import('@/pages/interview') },
                  { path: '/interviews/:id/check', lazy: () => import('@/pages/device-check') },
                  { path: '/interviews/:id/results', lazy: () => import('@/pages/results') },
                ],
              },
            ],
          },
        ],
      },
      { path: '*', lazy: () => import('@/pages/not-found') },
    ],
  },
]);
