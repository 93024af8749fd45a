import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { AuthCard } from './auth-card';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { PASSWORD_MIN_LENGTH, setupQuery } from '@/lib/api/setup';
import { resetPassword } from './api';
import { ProblemError, codeOf, wordsFor } from '@/lib/api/problem';

export function NewPassword({ accessToken, onDone }: { accessToken: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const { data: setup } = useQuery(setupQuery);
  const shortest = setup?.password_min_length ?? PASSWORD_MIN_LENGTH;
  const atField = problem instanceof ProblemError && (problem.field === 'password' || problem.field === 'new_password');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    resetPassword(accessToken, password)
      .then(onDone)
      .catch(setProblem)
      .finally(() => setBusy(false));
  };

  return (
    <AuthCard
      title="Choose a new password"
      lead="Then sign in with it."
      foot={
        <Link to="/sign-in" className="font-semibold text-accent underline-offset-4 hover:underline">
          Back to sign in
        </Link>
      }
    >
      <title>Choose a new password · InterviewDost</title>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="New password"
          type="password"
          name="password"
          autoComplete="new-password"
          required
          minLength={shortest}
          maxLength={200}
          hint={`At least ${shortest} characters. A short sentence is easy to remember.`}
          error={atField ? wordsFor(problem) : undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {problem !== null && !atField && (
          <Notice
            tone="bad"
            action={
              codeOf(problem) === 'link_used_up' && (
                <Link to="/forgot-password" className="font-semibold text-accent underline-offset-4 hover:underline">
                  Send a new link
                </Link>
              )
            }
          >
            {wordsFor(problem)}
          </Notice>
        )}
        <Button type="submit" size="large" busy={busy} className="mt-1">
          Set new password
        </Button>
      </form>
    </AuthCard>
  );
}
