import { valibotResolver } from '@hookform/resolvers/valibot';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Link, Navigate, useLocation } from 'react-router';
import * as v from 'valibot';
import { AuthCard } from './auth-card';
import { MailNotice } from './mail-notice';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { PASSWORD_MIN_LENGTH, setupQuery } from '@/lib/api/setup';
import { useAuth } from '@/lib/auth/auth-context';
import { showProblem } from '@/lib/form';
import { returnPath } from '@/lib/auth/return-path';
import { LONGEST_NAME, LONGEST_PASSWORD, email, name, newPassword } from './schema';

export function Component() {
  const { state, signUp } = useAuth();
  const location = useLocation();
  const [mailSentTo, setMailSentTo] = useState<string | null>(null);
  const { data: setup } = useQuery(setupQuery);
  const shortest = setup?.password_min_length ?? PASSWORD_MIN_LENGTH;

  const { register, handleSubmit, setError, formState } = useForm({
    resolver: valibotResolver(v.object({ name, email, password: newPassword(shortest) })),
    defaultValues: { name: '', email: '', password: '' },
  });
  const { errors, isSubmitting } = formState;

  if (state.status === 'signed_in') return <Navigate to={returnPath(location.state)} replace />;

  if (mailSentTo !== null) {
    return (
      <MailNotice email={mailSentTo} onBack={() => setMailSentTo(null)}>
        Open the link in it and your account is ready. If you already have one here, no mail comes: just sign in.
      </MailNotice>
    );
  }

  const submit = handleSubmit(({ name, email, password }) =>
    signUp(name, email, password)
      .then((outcome) => setMailSentTo(outcome === 'mail_sent' ? email : null))
      .catch((error: unknown) => showProblem(setError, error, { name: 'name', email: 'email', password: 'password' })),
  );

  return (
    <AuthCard
      title="Create your account"
      lead="It takes a minute. Then you can practise as often as you like."
      foot={
        <>
          Already have one?{' '}
          <Link
            to="/sign-in"
            state={location.state}
            className="font-semibold text-accent underline-offset-4 hover:underline"
          >
            Sign in
          </Link>
        </>
      }
    >
      <title>Sign up · InterviewDost</title>
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <TextField
          label="Your name"
          autoComplete="name"
          required
          maxLength={LONGEST_NAME}
          hint="The interviewer will greet you by it."
          error={errors.name?.message}
          {...register('name')}
        />
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          required
          error={errors.email?.message}
          {...register('email')}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          required
          minLength={shortest}
          maxLength={LONGEST_PASSWORD}
          hint={`At least ${shortest} characters. A short sentence is easy to remember.`}
          error={errors.password?.message}
          {...register('password')}
        />
        {errors.root?.server && <Notice tone="bad">{errors.root.server.message}</Notice>}
        <Button type="submit" size="large" busy={isSubmitting} className="mt-1">
          Create account
        </Button>
      </form>
    </AuthCard>
  );
}
