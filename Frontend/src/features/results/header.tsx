import { ArrowLeft } from 'lucide-react';
import { Link } from 'react-router';
import { STATUS_WORDS } from '@/lib/interview/labels';
import { Pill } from '@/ui/pill';
import type { Results } from '@/lib/api/types';
import { formatClock, formatMoment } from '@/lib/format';

export function Header({ results }: { results: Results }) {
  const { started_at, video } = results;
  const facts = [
    started_at ? formatMoment(started_at) : null,
    video.status === 'ready' && video.duration_ms > 0 ? `${formatClock(video.duration_ms)} recorded` : null,
  ].filter(Boolean);
  const { word, tone } = STATUS_WORDS[results.status];
  return (
    <header>
      <Link to="/dashboard" className="inline-flex items-center gap-1.5 text-label text-accent hover:underline">
        <ArrowLeft aria-hidden className="size-4" /> My interviews
      </Link>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="text-title">{results.role}</h1>
        <Pill tone={results.cut_short && results.status === 'completed' ? 'warn' : tone}>
          {results.cut_short && results.status === 'completed' ? 'Cut short' : word()}
        </Pill>
      </div>
      {facts.length > 0 && <p className="mt-1 text-ink-soft">{facts.join(', ')}</p>}
    </header>
  );
}
