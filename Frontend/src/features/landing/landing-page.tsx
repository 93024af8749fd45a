import { ArrowRight, FileText, Mic, Quote } from 'lucide-react';
import { Link, Navigate } from 'react-router';
import { Button } from '@/ui/button';
import { useAuth } from '@/lib/auth/auth-context';
import { ExampleFeedback } from './example-feedback';

const STEPS = [
  {
    icon: FileText,
    title: 'Questions about you',
    text: 'Give the role and your resume. You get five questions that start from what you really did.',
  },
  {
    icon: Mic,
    title: 'A talk out loud',
    text: 'An interviewer with a face and a voice asks, listens, waits while you think, and follows up.',
  },
  {
    icon: Quote,
    title: 'Feedback with its reasons',
    text: 'Every score shows the words and the counts it rests on. What cannot be judged is not scored.',
  },
];

export function Component() {
  const { state } = useAuth();
  if (state.status === 'signed_in') return <Navigate to="/dashboard" replace />;
  return (
    <div className="page-wide grid flex-1 content-center gap-16 py-8 sm:py-12">
      <title>InterviewDost · Practise your job interview out loud</title>
      <div className="grid items-center gap-12 lg:grid-cols-[1.05fr_1fr]">
        <div className="animate-rise">
          <h1 className="text-display sm:text-6xl sm:leading-[1.08]">Practise the interview before it counts.</h1>
          <p className="mt-5 max-w-xl text-lg text-ink-soft">
            InterviewDost asks you five questions about your own work, listens to your answers, and shows you which of
            your words were strong, which were not, and how to say it better.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Button asChild size="large">
              <Link to="/sign-up">
                Create an account <ArrowRight aria-hidden />
              </Link>
            </Button>
            <Button asChild size="large" variant="secondary">
              <Link to="/sign-in">Sign in</Link>
            </Button>
          </div>
          <p className="mt-5 text-sm text-ink-faint">
            Recording is your choice. Only you can open it, and you can delete it at any time.
          </p>
        </div>
        <ExampleFeedback />
      </div>
      <ol className="grid gap-8 sm:grid-cols-3">
        {STEPS.map(({ icon: Icon, title, text }) => (
          <li key={title}>
            <Icon aria-hidden className="size-6 text-accent" />
            <h2 className="mt-3 text-subheading">{title}</h2>
            <p className="mt-1 text-ink-soft">{text}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
