import { ChevronDown, Play } from 'lucide-react';
import { ScoreRing } from '@/ui/score-ring';
import type { Evidence, Score, Utterance } from '@/lib/api/types';
import { formatNumber } from '@/lib/format';
import { evidenceMoment } from './transcript-lines';

interface EvidenceLineProps {
  evidence: Evidence;
  transcript: readonly Utterance[];
  onPlay: ((ms: number) => void) | null;
}

function EvidenceLine({ evidence, transcript, onPlay }: EvidenceLineProps) {
  if (evidence.kind === 'measurement') return <span className="text-ink-soft">{evidence.text}</span>;
  const moment = onPlay ? evidenceMoment(evidence, transcript) : null;
  if (!onPlay || moment === null) return <span>“{evidence.text}”</span>;
  return (
    <button
      type="button"
      aria-label={`Play “${evidence.text}”`}
      className="flex w-full items-start gap-2.5 rounded-lg bg-sunken px-3 py-2 text-left hover:bg-accent-soft"
      onClick={() => onPlay(moment)}
    >
      <Play aria-hidden className="mt-1 size-3.5 shrink-0 fill-current text-accent" />
      <span>“{evidence.text}”</span>
    </button>
  );
}

interface ScoreViewProps {
  score: Score;
  transcript: readonly Utterance[];
  onPlay: ((ms: number) => void) | null;
}

/** One score with everything it rests on; without a number, the reason why there is none. */
export function ScoreView({ score, transcript, onPlay }: ScoreViewProps) {
  const quotes = score.evidence.filter((one) => one.kind === 'quote');
  const measured = score.evidence.filter((one) => one.kind === 'measurement');
  return (
    <div className="rounded-xl border border-line p-4">
      <div className="flex items-center gap-4">
        <ScoreRing value={score.value} label={score.label} />
        <div className="min-w-0">
          <h4 className="text-subheading">{score.label}</h4>
          {score.value === null ? (
            <p className="text-compact text-ink-soft">Not scored: {score.reason}</p>
          ) : (
            score.reason && <p className="text-compact text-ink-soft">{score.reason}</p>
          )}
        </div>
      </div>
      {quotes.length > 0 && (
        <ul className="mt-3 grid gap-1.5 text-compact">
          {quotes.map((one, index) => (
            <li key={index}>
              <EvidenceLine evidence={one} transcript={transcript} onPlay={onPlay} />
            </li>
          ))}
        </ul>
      )}
      {(score.parts.length > 0 || measured.length > 0) && (
        <details className="group mt-3">
          <summary className="inline-flex list-none items-center gap-1.5 rounded-md text-compact font-semibold text-accent [&::-webkit-details-marker]:hidden">
            What it rests on
            <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
          </summary>
          <p className="mt-1.5 text-sm text-ink-faint">{score.meaning}</p>
          <ul className="mt-3 grid gap-3">
            {score.parts.map((part, index) => (
              <li key={index} className="text-compact">
                <div className="flex justify-between gap-3">
                  <span className="font-medium">{part.label}</span>
                  <span className="tabular-nums">
                    {formatNumber(part.points)} of {formatNumber(part.out_of)}
                  </span>
                </div>
                <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
                  <div
                    className="h-full rounded-full bg-accent"
                    style={{ width: `${part.out_of > 0 ? Math.min(100, (part.points / part.out_of) * 100) : 0}%` }}
                  />
                </div>
                {part.note && <p className="mt-1 text-sm text-ink-faint">{part.note}</p>}
              </li>
            ))}
          </ul>
          {measured.length > 0 && (
            <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 border-t border-line pt-2.5 text-sm">
              {measured.map((one, index) => (
                <li key={index}>
                  <EvidenceLine evidence={one} transcript={transcript} onPlay={onPlay} />
                </li>
              ))}
            </ul>
          )}
        </details>
      )}
    </div>
  );
}
