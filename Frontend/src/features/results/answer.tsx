import { ChevronDown } from 'lucide-react';
import type { Measurement, ResponseModel, Utterance } from '@/lib/api/types';
import { formatNumber } from '@/lib/format';
import { AuthorNote } from './author-note';
import { ScoreView } from './score-view';

/** The counts that people ask about first; the others are one click away. */
const FIRST = ['words_per_minute', 'pauses', 'longest_pause_s', 'fillers', 'hedges', 'duration_s'];

function Measurements({ items }: { items: readonly Measurement[] }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-2">
      {items.map((one) => (
        <div key={one.name} className="rounded-lg bg-sunken px-3 py-2">
          <dt className="text-sm text-ink-soft">{one.label}</dt>
          <dd className="font-semibold tabular-nums">
            {formatNumber(one.value)}{' '}
            <span className="text-sm font-normal text-ink-soft">
              {one.label.toLowerCase().endsWith(one.unit.toLowerCase()) ? '' : one.unit}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface AnswerProps {
  response: ResponseModel;
  transcript: readonly Utterance[];
  vendorNames: Readonly<Record<string, string>>;
  onPlay: ((ms: number) => void) | null;
}

export function Answer({ response, transcript, vendorNames, onPlay }: AnswerProps) {
  const first = FIRST.flatMap((name) => response.measurements.filter((one) => one.name === name));
  const rest = response.measurements.filter((one) => !FIRST.includes(one.name));
  const followUp = response.follow_up_text;
  return (
    <section
      aria-label={followUp ? 'Your answer to the follow-up' : 'Your answer'}
      className={followUp ? 'grid gap-4 border-l-2 border-accent-line pl-4' : 'grid gap-4'}
    >
      {followUp && (
        <p>
          <span className="block text-label text-accent">Follow-up</span>
          <span className="font-medium">{followUp}</span>
        </p>
      )}
      {response.skipped ? (
        <p className="text-ink-soft">You skipped this one.</p>
      ) : (
        response.text && (
          <div>
            <h4 className="text-label text-ink-faint">
              Your answer{response.typed ? ', typed' : ''}
              {response.attempt > 1 ? `, attempt ${response.attempt}` : ''}
            </h4>
            <p className="mt-1 whitespace-pre-line">{response.text}</p>
          </div>
        )
      )}
      {!response.skipped && (
        <div className="grid items-start gap-3 lg:grid-cols-2">
          {Object.entries(response.scores).map(([kind, score]) => (
            <ScoreView key={kind} score={score} transcript={transcript} onPlay={onPlay} />
          ))}
        </div>
      )}
      <AuthorNote author={response.judged_by} did="Judged" builtIn="the built-in judge" vendorNames={vendorNames} />
      {first.length > 0 && (
        <div className="grid gap-2">
          <Measurements items={first} />
          {rest.length > 0 && (
            <details className="group/more">
              <summary className="inline-flex list-none items-center gap-1.5 rounded-md text-label text-accent [&::-webkit-details-marker]:hidden">
                All counts
                <ChevronDown aria-hidden className="size-4 transition-transform group-open/more:rotate-180" />
              </summary>
              <div className="mt-2">
                <Measurements items={rest} />
              </div>
            </details>
          )}
        </div>
      )}
    </section>
  );
}
