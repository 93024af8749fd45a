import { Eye, EyeOff, LoaderCircle, Quote, Ruler } from 'lucide-react';
import { Fragment } from 'react';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import { ScoreRing } from '@/ui/score-ring';
import type { Evidence, Score, Scores } from '../connection/messages';
import type { AnswerCard } from '../connection/room-state';

interface ScoreCardsProps {
  answers: readonly AnswerCard[];
  /** Where in the interview a question stands, from 1. */
  numberOf: (questionId: string) => number;
  hidden: boolean;
  onHide: (hidden: boolean) => void;
}

/** One card for each answer that has ended, the newest first. */
export function ScoreCards({ answers, numberOf, hidden, onHide }: ScoreCardsProps) {
  const newestFirst = [...answers].reverse();
  return (
    <section aria-labelledby="scores" className="flex min-h-0 flex-col">
      <div className="flex items-center justify-between gap-2">
        <h2 id="scores" className="text-label text-ink-soft">
          Your answers so far
        </h2>
        <Button variant="ghost" size="small" aria-pressed={hidden} onClick={() => onHide(!hidden)}>
          {hidden ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
          {hidden ? 'Show scores' : 'Hide scores'}
        </Button>
      </div>
      {answers.length === 0 ? (
        <p className="mt-1 text-sm text-ink-faint">
          {hidden ? 'Scores wait until the end.' : 'A score appears here as each answer ends.'}
        </p>
      ) : (
        <ol className="mt-2 grid gap-2.5">
          {newestFirst.map((answer) => (
            <li key={answer.responseId} className="animate-rise">
              <ScoreCard answer={answer} title={titleOf(answer, numberOf)} hidden={hidden} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

export function titleOf(answer: AnswerCard, numberOf: (questionId: string) => number): string {
  return `Question ${numberOf(answer.questionId)}${answer.followUpId ? ', follow-up' : ''}`;
}

/** The newest score in one line, for where there is no room for its card. */
export function ScoreFlash({ answer, title, onOpen }: { answer: AnswerCard; title: string; onOpen: () => void }) {
  const scores = Object.entries(answer.scores ?? {});
  const scored = scores.some(([, score]) => score.value !== null);
  return (
    <Card
      asChild
      space="none"
      height="high"
      className="flex w-full flex-wrap items-center justify-between gap-x-3 px-4 py-2.5 text-left text-sm"
    >
      <button type="button" onClick={onOpen}>
        <span className="font-semibold">{title}</span>
        {scored ? (
          <span className="text-ink-soft">
            {scores.map(([kind, score], index) => (
              <Fragment key={kind}>
                {index > 0 && ' · '}
                {score.label} <b className="text-ink tabular-nums">{score.value ?? '–'}</b>
              </Fragment>
            ))}
          </span>
        ) : (
          <span className="text-ink-soft">Not scored</span>
        )}
      </button>
    </Card>
  );
}

function ScoreCard({ answer, title, hidden }: { answer: AnswerCard; title: string; hidden: boolean }) {
  const { scores } = answer;
  return (
    <Card asChild space="small">
      <article aria-label={title}>
        <h3 className="text-label">{title}</h3>
        {hidden ? (
          <p className="mt-1 text-sm text-ink-soft">Answered. Your scores wait until the end.</p>
        ) : scores === null ? (
          <p className="mt-2 flex items-center gap-2 text-sm text-ink-soft">
            <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" /> Being scored…
          </p>
        ) : (
          <>
            <div className="mt-2 grid gap-2">
              {Object.entries(scores).map(([kind, score]) => (
                <ScoreLine key={kind} score={score} />
              ))}
            </div>
            <Why scores={scores} />
          </>
        )}
      </article>
    </Card>
  );
}

function ScoreLine({ score }: { score: Score }) {
  return (
    <div className="flex items-center gap-3">
      <ScoreRing value={score.value} label={score.label} size="small" />
      <div className="min-w-0">
        <p className="text-label">{score.label}</p>
        {score.value === null && <p className="text-sm text-ink-soft">Not scored: {withoutCapital(score.reason)}</p>}
      </div>
    </div>
  );
}

function Why({ scores }: { scores: Scores }) {
  const scored = Object.entries(scores).filter(([, score]) => score.evidence.length > 0 || score.parts.length > 0);
  if (scored.length === 0) return null;
  return (
    <details className="mt-3 text-sm">
      <summary className="rounded-lg py-1 font-semibold text-accent">Why</summary>
      <div className="mt-1 grid gap-3">
        {scored.map(([kind, score]) => (
          <div key={kind}>
            <h4 className="font-semibold">{score.label}</h4>
            {score.parts.length > 0 && (
              <ul className="mt-1 grid gap-0.5 text-ink-soft">
                {score.parts.map((part, index) => (
                  <li key={index} className="flex justify-between gap-3">
                    <span>{part.label}</span>
                    <span className="tabular-nums">
                      {Math.round(part.points)} of {Math.round(part.out_of)}
                    </span>
                  </li>
                ))}
              </ul>
            )}
            <ul className="mt-1.5 grid gap-1.5">
              {score.evidence.map((evidence, index) => (
                <EvidenceLine key={index} evidence={evidence} />
              ))}
            </ul>
          </div>
        ))}
      </div>
    </details>
  );
}

function EvidenceLine({ evidence }: { evidence: Evidence }) {
  const quote = evidence.kind === 'quote';
  const Icon = quote ? Quote : Ruler;
  return (
    <li className="flex gap-2 text-ink-soft">
      <Icon aria-hidden className="mt-1 size-3.5 shrink-0 text-ink-faint" />
      <span>{quote ? `“${evidence.text}”` : evidence.text}</span>
    </li>
  );
}

/** A reason is written as a sentence; here it follows a colon. An "I" and abbreviations stay as they are. */
function withoutCapital(reason: string): string {
  return /^[A-Z][a-z]/.test(reason) ? reason.charAt(0).toLowerCase() + reason.slice(1) : reason;
}
