import { render } from '@testing-library/react';
import type { ComponentType } from 'react';
import { RouterProvider, createMemoryRouter } from 'react-router';
import type { Me } from '@/lib/api/types';
import { AuthContext, type Auth } from '@/lib/auth/auth-context';
import { me } from './samples';

/** One page at one address, signed in; other addresses show their path. */
export function renderPage(Page: ComponentType, path: string, at: string, who: Me = me()) {
  const auth: Auth = {
    state: { status: 'signed_in', me: who },
    signIn: () => Promise.resolve(),
    signUp: () => Promise.resolve('signed_in' as const),
    signOut: () => Promise.resolve(),
    deleteAccount: () => Promise.resolve({ sign_in_remains: false }),
    retry: () => undefined,
  };
  const router = createMemoryRouter(
    [
      { path, element: <Page /> },
      { path: '*', element: <p>another page</p> },
    ],
    { initialEntries: [at] },
  );
  return {
    router,
    ...render(
      <AuthContext value={auth}>
        <RouterProvider router={router} />
      </AuthContext>,
    ),
  };
}
