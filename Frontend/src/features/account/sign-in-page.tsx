import { valibotResolver } from '@hookform/resolvers/valibot';
import { useQuery } from '@tanstack/react-query';
import { useForm, useWatch } from 'react-hook-form';
import { Link, Navigate, useLocation } from 'react-router';
import * as v from 'valibot';
import { AuthCard } from './auth-card';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { setupQuery } from '@/lib/api/setup';
import { useAuth } from '@/lib/auth/auth-context';
import { showProblem } from '@/lib/form';
import { returnPath } from '@/lib/auth/return-path';
import { LONGEST_PASSWORD, email, password } from './schema';

const schema = v.object({ email, password });

export function Component() {
  const { state, signIn } = useAuth();
  const location = useLocation();
  const { register, handleSubmit, setError, control, formState } = useForm({
    resolver: valibotResolver(schema),
    defaultValues: { email: '', password: '' },
  });
  const typed = useWatch({ control, name: 'email' });
  const { errors, isSubmitting } = formState;
  const { data: setup } = useQuery(setupQuery);

  if (state.status === 'signed_in') return <Navigate to={returnPath(location.state)} replace />;

  const submit = handleSubmit(({ email, password }) =>
    signIn(email, password).catch((error: unknown) =>
      showProblem(setError, error, { email: 'email', password: 'password' }),
    ),
  );

  return (
    <AuthCard
      title="Welcome back"
      lead="Sign in to go on practising."
      foot={
        <>
          New here?{' '}
          <Link
            to="/sign-up"
            state={location.state}
            className="font-semibold text-accent underline-offset-4 hover:underline"
          >
            Create an account
          </Link>
        </>
      }
    >
      <title>Sign in · InterviewDost</title>
      <form onSubmit={submit} className="grid gap-4" noValidate>
        {state.status === 'signed_out' && state.because && <Notice tone="info">{state.because}</Notice>}
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
          autoComplete="current-password"
          required
          maxLength={LONGEST_PASSWORD}
          error={errors.password?.message}
          {...register('password')}
        />
        {setup?.can_reset_password && (
          <Link
            to="/forgot-password"
            state={{ email: typed.trim() }}
            className="justify-self-start text-label text-accent underline-offset-4 hover:underline"
          >
            Forgot your password?
          </Link>
        )}
        {errors.root?.server && <Notice tone="bad">{errors.root.server.message}</Notice>}
        <Button type="submit" size="large" busy={isSubmitting} className="mt-1">
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}
