import { useEffect, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { AuthCard } from './auth-card';
import { Button } from '@/ui/button';
import { readMailLink, type MailLink } from './mail-link';
import { NewPassword } from './new-password';

const TOLD: Record<Exclude<MailLink['kind'], 'new_password'>, { title: string; lead: string }> = {
  confirmed: { title: 'Your address is confirmed', lead: 'Thank you. Sign in and start practising.' },
  expired: {
    title: 'This link no longer works',
    lead: 'It has run out or was used already. Ask for a new one below; to confirm a new account, sign up again with the same address.',
  },
  nothing: { title: 'This link is not complete', lead: 'Open it from the mail once more, or ask for a new one.' },
};

/** Where the links of our mails lead. What they carry is read once and taken out of the address at once. */
export function Component() {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [link] = useState(() => readMailLink(hash));
  const [done, setDone] = useState(false);

  useEffect(() => {
    if (hash) void navigate(pathname, { replace: true });
  }, [hash, pathname, navigate]);

  if (link.kind === 'new_password' && !done) {
    return <NewPassword accessToken={link.accessToken} onDone={() => setDone(true)} />;
  }
  const told =
    link.kind === 'new_password'
      ? {
          title: 'Your new password is set',
          lead: 'For your safety every device has been signed out. Sign in with it now.',
        }
      : TOLD[link.kind];
  const broken = link.kind === 'expired' || link.kind === 'nothing';
  return (
    <AuthCard
      title={told.title}
      lead={told.lead}
      foot={
        broken && (
          <Link to="/sign-up" className="font-semibold text-accent underline-offset-4 hover:underline">
            Sign up
          </Link>
        )
      }
    >
      <title>{`${told.title} · InterviewDost`}</title>
      <div className="flex flex-wrap gap-2" role="status">
        <Button asChild size="large">
          <Link to="/sign-in">Sign in</Link>
        </Button>
        {broken && (
          <Button asChild size="large" variant="secondary">
            <Link to="/forgot-password">New password</Link>
          </Button>
        )}
      </div>
    </AuthCard>
  );
}
