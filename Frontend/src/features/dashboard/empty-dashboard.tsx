import { ArrowRight } from 'lucide-react';
import { Link } from 'react-router';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';

export function EmptyDashboard() {
  return (
    <Card corners="rounder" className="animate-rise px-6 py-12 text-center sm:px-6 sm:py-16">
      <svg viewBox="0 0 160 96" aria-hidden className="mx-auto w-40">
        <rect x="6" y="10" width="92" height="50" rx="16" className="fill-accent-soft" />
        <path d="M26 60v16l18-16Z" className="fill-accent-soft" />
        <path d="M24 28h54M24 40h36" strokeWidth="5" strokeLinecap="round" className="stroke-accent" />
        <rect x="70" y="42" width="84" height="42" rx="16" className="fill-sunken stroke-surface" strokeWidth="4" />
        <path d="M134 82v12l-16-12Z" className="fill-sunken" />
        <path d="M88 58h48M88 69h30" strokeWidth="5" strokeLinecap="round" className="stroke-line-strong" />
      </svg>
      <h2 className="mt-6 text-headline">Your first interview</h2>
      <p className="mx-auto mt-2 max-w-md text-ink-soft">
        Tell us the role and show your resume. A few questions later you know what works and what to say differently.
        About fifteen minutes, and nobody else is listening.
      </p>
      <Button asChild size="large" className="mt-6">
        <Link to="/new">
          Start an interview <ArrowRight aria-hidden />
        </Link>
      </Button>
    </Card>
  );
}
