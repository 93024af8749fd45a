import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ComponentType, ReactElement } from 'react';
import { RouterProvider, createMemoryRouter } from 'react-router';
import type { Me } from '@/lib/api/types';
import { AuthContext, type Auth } from '@/lib/auth/auth-context';
import { newQueryClient } from '@/lib/query-client';
import { me } from './samples';

/** With a memory of the server's answers that begins empty. */
export function renderWithQueries(element: ReactElement) {
  return render(<QueryClientProvider client={newQueryClient()}>{element}</QueryClientProvider>);
}

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
    ...renderWithQueries(
      <AuthContext value={auth}>
        <RouterProvider router={router} />
      </AuthContext>,
    ),
  };
}
