import { valibotResolver } from '@hookform/resolvers/valibot';
import { KeyRound, LogOut, Trash2 } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useNavigate } from 'react-router';
import * as v from 'valibot';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ConfirmDialog } from '@/ui/dialog';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { tell } from '@/ui/toast';
import { PASSWORD_MIN_LENGTH, setupQuery } from '@/lib/api/setup';
import { changePassword } from './api';
import { wordsFor } from '@/lib/api/problem';
import { showProblem } from '@/lib/form';
import { LONGEST_PASSWORD, newPassword, password } from './schema';
import { useAuth, useMe } from '@/lib/auth/auth-context';
import { formatDay } from '@/lib/format';

function ChangePassword() {
  const me = useMe();
  const { data: setup } = useQuery(setupQuery);
  const shortest = setup?.password_min_length ?? PASSWORD_MIN_LENGTH;
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: valibotResolver(v.object({ current_password: password, new_password: newPassword(shortest) })),
    defaultValues: { current_password: '', new_password: '' },
  });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(({ current_password, new_password }) =>
    changePassword(current_password, new_password)
      .then(() => {
        reset();
        tell('Your password has been changed.', 'good');
      })
      .catch((error: unknown) =>
        showProblem(setError, error, { wrong_password: 'current_password', new_password: 'new_password' }),
      ),
  );

  return (
    <Card aria-labelledby="password-title">
      <h2 id="password-title" className="flex items-center gap-2 text-subheading">
        <KeyRound aria-hidden className="size-5 text-ink-faint" /> Password
      </h2>
      <form onSubmit={submit} className="mt-4 grid gap-4" noValidate>
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={LONGEST_PASSWORD}
          error={errors.current_password?.message}
          {...register('current_password')}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          minLength={shortest}
          maxLength={LONGEST_PASSWORD}
          hint={`At least ${shortest} characters. Your other devices will be signed out.`}
          error={errors.new_password?.message}
          {...register('new_password')}
        />
        {errors.root?.server && <Notice tone="bad">{errors.root.server.message}</Notice>}
        <Button type="submit" variant="secondary" busy={isSubmitting} className="justify-self-start">
          Change password
        </Button>
      </form>
    </Card>
  );
}

function DeleteAccount() {
  const { deleteAccount } = useAuth();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { register, handleSubmit, setError, reset, formState } = useForm({ defaultValues: { password: '' } });
  const { data: setup } = useQuery(setupQuery);
  const keeper = setup && !setup.deletes_sign_in ? setup.identity : null;

  // The server alone knows whether a password is wanted, and which.
  const remove = handleSubmit(({ password }) =>
    deleteAccount(password)
      .then(({ sign_in_remains }) => {
        void navigate('/', { replace: true });
        tell(
          sign_in_remains
            ? 'Everything you had here has been deleted. The sign-in itself still exists where it is kept.'
            : 'Your account and everything in it have been deleted.',
        );
      })
      .catch((error: unknown) => setError('password', { type: 'server', message: wordsFor(error) })),
  );

  return (
    <Card aria-labelledby="delete-title">
      <h2 id="delete-title" className="text-subheading">
        Delete account
      </h2>
      <p className="mt-1.5 text-ink-soft">
        Removes your interviews, recordings, transcripts, scores and resume from this server. This cannot be undone.
        {keeper &&
          ` Your email address and password stay with ${keeper}, which keeps the sign-ins of this site; ask whoever runs it to remove them there.`}
      </p>
      <Button variant="danger" className="mt-4" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden /> Delete account
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          reset();
        }}
        title="Delete your account?"
        description="Everything you recorded and everything written about it goes, at once and for good."
        confirm="Delete everything"
        cancel="Keep my account"
        danger
        busy={formState.isSubmitting}
        onConfirm={() => void remove()}
      >
        <form onSubmit={remove}>
          <TextField
            label="Your password, to be sure it is you"
            type="password"
            autoComplete="current-password"
            maxLength={LONGEST_PASSWORD}
            error={formState.errors.password?.message}
            {...register('password')}
          />
        </form>
      </ConfirmDialog>
    </Card>
  );
}

export function Component() {
  const me = useMe();
  const { signOut } = useAuth();
  const navigate = useNavigate();
  return (
    <div className="page-narrow grid animate-rise gap-6">
      <title>Account · InterviewDost</title>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div>
          <h1 className="text-title">{me.name}</h1>
          <p className="mt-1 text-ink-soft">
            {me.email}, here since {formatDay(me.created_at)}
          </p>
        </div>
        <Button
          variant="secondary"
          onClick={() =>
            void signOut()
              .then(() => navigate('/', { replace: true }))
              .catch((error: unknown) => tell(wordsFor(error), 'bad'))
          }
        >
          <LogOut aria-hidden /> Sign out
        </Button>
      </div>
      {me.profile_summary && (
        <Card aria-labelledby="summary-title">
          <h2 id="summary-title" className="text-subheading">
            What we know from your resume
          </h2>
          <p className="mt-1.5 text-ink-soft">{me.profile_summary}</p>
        </Card>
      )}
      <ChangePassword />
      <DeleteAccount />
    </div>
  );
}
