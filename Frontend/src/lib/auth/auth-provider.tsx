import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { onSignedOut } from '@/lib/api/client';
import { account } from '@/lib/api/account';
import { codeOf, isAbort } from '@/lib/api/problem';
import { forgetDrafts } from '@/lib/drafts';
import { forgetPerson } from '@/lib/query-client';
import { AuthContext, type Auth, type AuthState } from './auth-context';
import { m } from '@/lib/messages';

export function AuthProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<AuthState>({ status: 'unknown' });
  const [round, setRound] = useState(0);
  const queries = useQueryClient();

  useEffect(() => {
    const stop = new AbortController();
    account
      .me(stop.signal)
      .then((me) => setState({ status: 'signed_in', me }))
      .catch((error: unknown) => {
        if (isAbort(error)) return;
        if (codeOf(error) !== 'not_signed_in') setState({ status: 'unreachable', error });
        // Why it is over has been told by then.
        else setState((before) => (before.status === 'signed_out' ? before : { status: 'signed_out' }));
      });
    return () => stop.abort();
  }, [round]);

  const leave = useCallback(() => {
    forgetPerson(queries);
    setState({ status: 'signed_out' });
  }, [queries]);

  useEffect(
    () =>
      onSignedOut((why) => {
        forgetPerson(queries);
        setState((before) => {
          if (before.status === 'signed_out') return before;
          if (why.code !== 'not_signed_in') return { status: 'signed_out', because: why.message };
          return before.status === 'signed_in'
            ? { status: 'signed_out', because: m.lib_signed_out() }
            : { status: 'signed_out' };
        });
      }),
    [queries],
  );

  const retry = useCallback(() => {
    setState({ status: 'unknown' });
    setRound((n) => n + 1);
  }, []);

  const userId = state.status === 'signed_in' ? state.me.id : null;

  const auth = useMemo<Auth>(
    () => ({
      state,
      retry,
      signIn: async (email, password) => {
        setState({ status: 'signed_in', me: await account.signIn(email, password) });
      },
      signUp: async (name, email, password) => {
        const answer = await account.signUp(name, email, password);
        if ('mail_sent_to' in answer) return 'mail_sent';
        setState({ status: 'signed_in', me: answer });
        return 'signed_in';
      },
      signOut: async () => {
        await account.signOut();
        leave();
      },
      deleteAccount: async (password) => {
        const outcome = await account.remove(password);
        if (userId) forgetDrafts(userId);
        leave();
        return outcome;
      },
    }),
    [state, retry, leave, userId],
  );

  return <AuthContext value={auth}>{children}</AuthContext>;
}
