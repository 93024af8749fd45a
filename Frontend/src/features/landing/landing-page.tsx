import { ArrowRight, FileText, Mic, Quote } from 'lucide-react';
import { Link, Navigate } from 'react-router';
import { Button } from '@/ui/button';
import { useAuth } from '@/lib/auth/auth-context';
import { ExampleFeedback } from './example-feedback';
import { m } from '@/lib/messages';

const STEPS = [
  {
    icon: FileText,
    title: m.landing_step_questions,
    text: m.landing_step_questions_text,
  },
  {
    icon: Mic,
    title: m.landing_step_talk,
    text: m.landing_step_talk_text,
  },
  {
    icon: Quote,
    title: m.landing_step_feedback,
    text: m.landing_step_feedback_text,
  },
];

export function Component() {
  const { state } = useAuth();
  if (state.status === 'signed_in') return <Navigate to="/dashboard" replace />;
  return (
    <div className="page-wide grid flex-1 content-center gap-16 py-8 sm:py-12">
      <title>{m.landing_page_title()}</title>
      <div className="grid items-center gap-12 lg:grid-cols-[1.05fr_1fr]">
        <div className="animate-rise">
          <h1 className="text-display sm:text-6xl sm:leading-[1.08]">{m.landing_title()}</h1>
          <p className="mt-5 max-w-xl text-lg text-ink-soft">{m.landing_lead()}</p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Button asChild size="large">
              <Link to="/sign-up">
                {m.landing_create_account()} <ArrowRight aria-hidden />
              </Link>
            </Button>
            <Button asChild size="large" variant="secondary">
              <Link to="/sign-in">{m.landing_sign_in()}</Link>
            </Button>
          </div>
          <p className="mt-5 text-sm text-ink-faint">{m.landing_privacy()}</p>
        </div>
        <ExampleFeedback />
      </div>
      <ol className="grid gap-8 sm:grid-cols-3">
        {STEPS.map(({ icon: Icon, title, text }) => (
          <li key={title()}>
            <Icon aria-hidden className="size-6 text-accent" />
            <h2 className="mt-3 text-subheading">{title()}</h2>
            <p className="mt-1 text-ink-soft">{text()}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
