import { valibotResolver } from '@hookform/resolvers/valibot';
import { useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { Link } from 'react-router';
import * as v from 'valibot';
import { AuthCard } from './auth-card';
import { Button } from '@/ui/button';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { PASSWORD_MIN_LENGTH, setupQuery } from '@/lib/api/setup';
import { resetPassword } from './api';
import { showProblem } from '@/lib/form';
import { LONGEST_PASSWORD, newPassword } from './schema';

export function NewPassword({ accessToken, onDone }: { accessToken: string; onDone: () => void }) {
  const { data: setup } = useQuery(setupQuery);
  const shortest = setup?.password_min_length ?? PASSWORD_MIN_LENGTH;
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: valibotResolver(v.object({ password: newPassword(shortest) })),
    defaultValues: { password: '' },
  });
  const { errors, isSubmitting } = formState;
  const refusal = errors.root?.server;

  const submit = handleSubmit(({ password }) =>
    resetPassword(accessToken, password)
      .then(onDone)
      .catch((error: unknown) => showProblem(setError, error, { password: 'password', new_password: 'password' })),
  );

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
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          minLength={shortest}
          maxLength={LONGEST_PASSWORD}
          hint={`At least ${shortest} characters. A short sentence is easy to remember.`}
          error={errors.password?.message}
          {...register('password')}
        />
        {refusal && (
          <Notice
            tone="bad"
            action={
              refusal.type === 'link_used_up' && (
                <Link to="/forgot-password" className="font-semibold text-accent underline-offset-4 hover:underline">
                  Send a new link
                </Link>
              )
            }
          >
            {refusal.message}
          </Notice>
        )}
        <Button type="submit" size="large" busy={isSubmitting} className="mt-1">
          Set new password
        </Button>
      </form>
    </AuthCard>
  );
}
