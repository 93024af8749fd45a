import { MailCheck } from 'lucide-react';
import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';

/** Takes the place of a form whose answer comes by mail. Never says whether the address is known here. */
export function MailNotice({ email, onBack, children }: { email: string; onBack: () => void; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that had the focus has gone.
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <div className="mx-auto my-auto w-full max-w-md px-4 py-8">
      <title>Check your mail · InterviewDost</title>
      <Card corners="rounder" className="animate-rise p-6 sm:p-8">
        <MailCheck aria-hidden className="mb-5 size-11 text-accent" />
        <h1 ref={heading} tabIndex={-1} className="text-headline outline-none">
          Check your mail
        </h1>
        <p className="mt-1.5 text-ink-soft">
          A mail is on its way to <strong className="font-semibold break-all text-ink">{email}</strong>. {children}
        </p>
        <p className="mt-3 text-sm text-ink-faint">Nothing after a few minutes? Look in your spam folder.</p>
        <div className="mt-6 flex flex-wrap gap-2">
          <Button asChild>
            <Link to="/sign-in">Go to sign in</Link>
          </Button>
          <Button variant="secondary" onClick={onBack}>
            Use another address
          </Button>
        </div>
      </Card>
    </div>
  );
}
