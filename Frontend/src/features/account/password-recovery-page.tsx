import { valibotResolver } from '@hookform/resolvers/valibot';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Link, useLocation } from 'react-router';
import * as v from 'valibot';
import { AuthCard } from './auth-card';
import { MailNotice } from './mail-notice';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { showProblem } from '@/lib/form';
import { recoverPassword } from './api';
import { email } from './schema';

const schema = v.object({ email });

/** The address that was typed on the page before, where there was one. */
function emailOf(state: unknown): string {
  const email = typeof state === 'object' && state !== null ? (state as { email?: unknown }).email : undefined;
  return typeof email === 'string' ? email : '';
}

export function Component() {
  const location = useLocation();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: valibotResolver(schema),
    defaultValues: { email: emailOf(location.state) },
  });
  const { errors, isSubmitting } = formState;

  if (sentTo !== null) {
    return (
      <MailNotice email={sentTo} onBack={() => setSentTo(null)}>
        If there is an account with this address, the link in it lets you choose a new password.
      </MailNotice>
    );
  }

  const submit = handleSubmit(({ email }) =>
    recoverPassword(email)
      .then(() => setSentTo(email))
      .catch((error: unknown) => showProblem(setError, error, { email: 'email' })),
  );

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
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          required
          error={errors.email?.message}
          {...register('email')}
        />
        {errors.root?.server && <Notice tone="bad">{errors.root.server.message}</Notice>}
        <Button type="submit" size="large" busy={isSubmitting} className="mt-1">
          Send me a link
        </Button>
      </form>
    </AuthCard>
  );
}
