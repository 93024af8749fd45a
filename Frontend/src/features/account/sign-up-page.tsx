import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { AuthCard } from './auth-card';
import { MailNotice } from './mail-notice';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { PASSWORD_MIN_LENGTH, setupQuery } from '@/lib/api/setup';
import { ProblemError, wordsFor } from '@/lib/api/problem';
import { useAuth } from '@/lib/auth/auth-context';
import { returnPath } from '@/lib/auth/return-path';

export function Component() {
  const { state, signUp } = useAuth();
  const location = useLocation();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [mailSent, setMailSent] = useState(false);
  const { data: setup } = useQuery(setupQuery);
  const shortest = setup?.password_min_length ?? PASSWORD_MIN_LENGTH;

  if (state.status === 'signed_in') return <Navigate to={returnPath(location.state)} replace />;

  if (mailSent) {
    return (
      <MailNotice email={email.trim()} onBack={() => setMailSent(false)}>
        Open the link in it and your account is ready. If you already have one here, no mail comes: just sign in.
      </MailNotice>
    );
  }

  const errorOf = (field: string): string | undefined => {
    if (!(problem instanceof ProblemError)) return undefined;
    return problem.fields[field] ?? (problem.field === field ? problem.message : undefined);
  };
  const shownAtField = errorOf('name') ?? errorOf('email') ?? errorOf('password');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    signUp(name.trim(), email.trim(), password)
      .then((outcome) => setMailSent(outcome === 'mail_sent'))
      .catch(setProblem)
      .finally(() => setBusy(false));
  };

  return (
    <AuthCard
      title="Create your account"
      lead="It takes a minute. Then you can practise as often as you like."
      foot={
        <>
          Already have one?{' '}
          <Link to="/sign-in" state={location.state} className="font-semibold text-accent underline-offset-4 hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <title>Sign up · InterviewDost</title>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          required
          maxLength={120}
          hint="The interviewer will greet you by it."
          error={errorOf('name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          error={errorOf('email')}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="new-password"
          required
          minLength={shortest}
          maxLength={200}
          hint={`At least ${shortest} characters. A short sentence is easy to remember.`}
          error={errorOf('password')}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {problem !== null && !shownAtField && <Notice tone="bad">{wordsFor(problem)}</Notice>}
        <Button type="submit" size="large" busy={busy} className="mt-1">
          Create account
        </Button>
      </form>
    </AuthCard>
  );
}
