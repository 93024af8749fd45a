import { LoaderCircle, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { wordsFor } from '@/lib/api/problem';
import { Button } from './button';
import { classNames } from './class-names';
import { m } from '@/lib/messages';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-shimmer rounded-xl bg-sunken', className)} />;
}

/** Wraps the grey shapes of something on its way; says so once to a screen reader. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="status" aria-live="polite" className="animate-fade">
      <span className="sr-only">{label}</span>
      {children}
    </div>
  );
}

export function Spinner({ label }: { label: string }) {
  return (
    <div role="status" className="flex items-center justify-center gap-3 py-16 text-ink-soft">
      <LoaderCircle aria-hidden className="size-5 animate-spin text-accent" />
      {label}
    </div>
  );
}

export function ErrorState({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="mx-auto grid max-w-md justify-items-center gap-3 py-14 text-center">
      <h2 className="text-heading">{title}</h2>
      <p className="text-ink-soft">{wordsFor(error)}</p>
      {onRetry && (
        <Button variant="secondary" onClick={onRetry}>
          <RotateCw aria-hidden /> {m.ui_try_again()}
        </Button>
      )}
    </div>
  );
}
