import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { AuthCard } from './auth-card';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { setupQuery } from '@/lib/api/setup';
import { wordsFor } from '@/lib/api/problem';
import { useAuth } from '@/lib/auth/auth-context';
import { returnPath } from '@/lib/auth/return-path';

export function Component() {
  const { state, signIn } = useAuth();
  const location = useLocation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { data: setup } = useQuery(setupQuery);

  if (state.status === 'signed_in') return <Navigate to={returnPath(location.state)} replace />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    signIn(email.trim(), password)
      .catch((error: unknown) => setProblem(wordsFor(error)))
      .finally(() => setBusy(false));
  };

  return (
    <AuthCard
      title="Welcome back"
      lead="Sign in to go on practising."
      foot={
        <>
          New here?{' '}
          <Link to="/sign-up" state={location.state} className="font-semibold text-accent underline-offset-4 hover:underline">
            Create an account
          </Link>
        </>
      }
    >
      <title>Sign in · InterviewDost</title>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          maxLength={200}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {setup?.can_reset_password && (
          <Link
            to="/forgot-password"
            state={{ email: email.trim() }}
            className="justify-self-start text-label text-accent underline-offset-4 hover:underline"
          >
            Forgot your password?
          </Link>
        )}
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Button type="submit" size="large" busy={busy} className="mt-1">
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}
