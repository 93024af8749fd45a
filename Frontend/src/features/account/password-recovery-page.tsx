import { useState, type FormEvent } from 'react';
import { Link, useLocation } from 'react-router';
import { AuthCard } from './auth-card';
import { MailNotice } from './mail-notice';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { wordsFor } from '@/lib/api/problem';
import { recoverPassword } from './api';

/** The address that was typed on the page before, where there was one. */
function emailOf(state: unknown): string {
  const email = typeof state === 'object' && state !== null ? (state as { email?: unknown }).email : undefined;
  return typeof email === 'string' ? email : '';
}

export function Component() {
  const location = useLocation();
  const [email, setEmail] = useState(() => emailOf(location.state));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [sent, setSent] = useState(false);

  if (sent) {
    return (
      <MailNotice email={email.trim()} onBack={() => setSent(false)}>
        If there is an account with this address, the link in it lets you choose a new password.
      </MailNotice>
    );
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    recoverPassword(email.trim())
      .then(() => setSent(true))
      .catch((error: unknown) => setProblem(wordsFor(error)))
      .finally(() => setBusy(false));
  };

  return (
    <AuthCard
      title="Forgot your password?"
      lead="It happens. We send you a link to choose a new one."
      foot={
        <Link to="/sign-in" className="font-semibold text-accent underline-offset-4 hover:underline">
          Back to sign in
        </Link>
      }
    >
      <title>Forgot your password? · InterviewDost</title>
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
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Button type="submit" size="large" busy={busy} className="mt-1">
          Send me a link
        </Button>
      </form>
    </AuthCard>
  );
}
