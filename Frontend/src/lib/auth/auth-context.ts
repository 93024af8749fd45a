import { createContext, useContext } from 'react';
import type { AccountDeleted, Me } from '@/lib/api/types';

export type AuthState =
  | { status: 'unknown' }
  /** `because`: what to tell who did not sign out themselves. */
  | { status: 'signed_out'; because?: string }
  | { status: 'signed_in'; me: Me }
  /** The server could not be asked; nobody has been signed out. */
  | { status: 'unreachable'; error: unknown };

export interface Auth {
  state: AuthState;
  signIn: (email: string, password: string) => Promise<void>;
  /** `mail_sent`: nobody is signed in until the link in the mail has been opened. */
  signUp: (name: string, email: string, password: string) => Promise<'signed_in' | 'mail_sent'>;
  signOut: () => Promise<void>;
  deleteAccount: (password: string) => Promise<AccountDeleted>;
  /** Asks the server again, after it could not be reached. */
  retry: () => void;
}

export const AuthContext = createContext<Auth | null>(null);

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('useAuth needs an AuthProvider above it');
  return auth;
}

/** For pages that are only reached when somebody is signed in. */
export function useMe(): Me {
  const { state } = useAuth();
  if (state.status !== 'signed_in') throw new Error('useMe is only for pages behind the sign-in');
  return state.me;
}
