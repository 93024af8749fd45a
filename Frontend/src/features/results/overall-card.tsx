import { ChevronDown } from 'lucide-react';
import { Card } from '@/ui/card';
import { ScoreRing } from '@/ui/score-ring';
import type { Overall } from '@/lib/api/types';
import { formatNumber } from '@/lib/format';

/** The overall score with its making. A part that was not scored says so and weighs nothing. */
export function OverallCard({ overall }: { overall: Overall }) {
  return (
    <Card aria-labelledby="overall-title" className="animate-rise self-start">
      <h2 id="overall-title" className="text-heading">
        Overall
      </h2>
      <div className="mt-3 flex items-center gap-5">
        <ScoreRing value={overall.value} label="Overall" size="large" />
        <dl className="grid gap-2">
          {Object.entries(overall.scores).map(([kind, { label, value }]) => (
            <div key={kind}>
              <dt className="text-sm text-ink-faint">{label}</dt>
              <dd className="text-subheading tabular-nums">{value ?? 'Not scored'}</dd>
            </div>
          ))}
        </dl>
      </div>
      {overall.value === null && <p className="mt-3 text-ink-soft">Not scored: {overall.reason}</p>}
      <details className="group mt-4 border-t border-line pt-3">
        <summary className="flex list-none items-center gap-1.5 rounded-md font-semibold text-accent [&::-webkit-details-marker]:hidden">
          How this is made
          <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
        </summary>
        <p className="mt-2 text-compact text-ink-soft">{overall.explanation}</p>
        <ul className="mt-3 grid gap-2.5">
          {overall.parts.map((part) => (
            <li
              key={part.question_id}
              className="grid grid-cols-[1fr_auto] gap-x-4 border-t border-line pt-2.5 text-compact"
            >
              <span className="font-medium">{part.label}</span>
              <span className="font-semibold tabular-nums">{part.value ?? 'Not scored'}</span>
              <span className="text-sm text-ink-faint">{part.note}</span>
              {part.value !== null && (
                <span className="text-right text-sm text-ink-faint">weight {formatNumber(part.weight)}</span>
              )}
            </li>
          ))}
        </ul>
      </details>
    </Card>
  );
}
