import { Check, ChevronDown, Circle, Lightbulb, MessageSquareQuote, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { questionWord } from '@/lib/interview/labels';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import { Pill } from '@/ui/pill';
import { ScoreRing } from '@/ui/score-ring';
import type { QuestionResult, Utterance } from '@/lib/api/types';
import { Answer } from './answer';

function Points({ title, items, icon }: { title: string; items: readonly string[]; icon: ReactNode }) {
  if (items.length === 0) return null;
  return (
    <div>
      <h4 className="font-semibold">{title}</h4>
      <ul className="mt-1.5 grid gap-1.5">
        {items.map((text) => (
          <li key={text} className="flex gap-2.5">
            {icon}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function LabelledRing({ value, label }: { value: number | null; label: string }) {
  return (
    <span className="grid w-18 justify-items-center gap-1">
      <ScoreRing value={value} label={label} size="small" />
      <span aria-hidden className="text-xs text-ink-faint">
        {label}
      </span>
    </span>
  );
}

interface QuestionSectionProps {
  question: QuestionResult;
  number: number;
  transcript: readonly Utterance[];
  vendorNames: Readonly<Record<string, string>>;
  finished: boolean;
  onPlay: ((ms: number) => void) | null;
}

export function QuestionSection({ question, number, transcript, vendorNames, finished, onPlay }: QuestionSectionProps) {
  const { video_ms: moment } = question;
  const scores = Object.entries(question.scores);
  const nothing = scores.every(([, { value }]) => value === null);
  return (
    <Card asChild space="none" className="group/question">
      <details open={number === 1}>
        <summary className="flex list-none items-start gap-4 rounded-2xl p-4 sm:p-5 [&::-webkit-details-marker]:hidden">
          <span className="mt-0.5 grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-label text-accent-strong">
            {number}
          </span>
          <div className="min-w-0 flex-1">
            <h3 className="text-lg leading-snug font-medium">{question.text}</h3>
            <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-faint">
              <Pill>{questionWord(question.form, question.kind)}</Pill>
              {nothing ? (
                <span>
                  {finished || question.asked ? `Not scored: ${question.not_scored_reason}` : 'Not asked yet'}
                </span>
              ) : (
                <span className="sm:hidden">
                  {scores.map(([, { label, value }]) => `${label} ${value ?? 'not scored'}`).join(', ')}
                </span>
              )}
            </p>
          </div>
          {!nothing && (
            <span className="hidden gap-3 sm:flex">
              {scores.map(([kind, { label, value }]) => (
                <LabelledRing key={kind} value={value} label={label} />
              ))}
            </span>
          )}
          <ChevronDown
            aria-hidden
            className="mt-1 size-5 shrink-0 text-ink-faint transition-transform group-open/question:rotate-180"
          />
        </summary>
        <div className="grid gap-6 border-t border-line p-4 sm:p-5">
          {(onPlay && moment !== null) || question.why ? (
            <div className="flex flex-wrap items-center justify-between gap-3">
              {question.why && <p className="min-w-48 flex-1 text-compact text-ink-soft">{question.why}</p>}
              {onPlay && moment !== null && (
                <Button size="small" variant="secondary" onClick={() => onPlay(moment)}>
                  <Play aria-hidden className="fill-current" /> Watch from here
                </Button>
              )}
            </div>
          ) : null}
          <Points
            title="What went well"
            items={question.went_well}
            icon={<Check aria-hidden className="mt-1 size-4 shrink-0 text-good" />}
          />
          {question.responses.map((response) => (
            <Answer
              key={response.id}
              response={response}
              transcript={transcript}
              vendorNames={vendorNames}
              onPlay={onPlay}
            />
          ))}
          {(question.covered.length > 0 || question.missed.length > 0) && (
            <div className="grid gap-6 sm:grid-cols-2">
              <Points
                title="You covered"
                items={question.covered}
                icon={<Check aria-hidden className="mt-1 size-4 shrink-0 text-good" />}
              />
              <Points
                title="Still open"
                items={question.missed}
                icon={<Circle aria-hidden className="mt-1.5 size-3.5 shrink-0 text-warn" />}
              />
            </div>
          )}
          {question.better_answer && (
            <div className="rounded-xl bg-accent-soft p-4">
              <h4 className="flex items-center gap-2 font-semibold">
                <MessageSquareQuote aria-hidden className="size-5 text-accent" /> A better way to put it
              </h4>
              <p className="mt-2 whitespace-pre-line">{question.better_answer}</p>
            </div>
          )}
          <Points
            title="Try this"
            items={question.suggestions}
            icon={<Lightbulb aria-hidden className="mt-1 size-4 shrink-0 text-accent" />}
          />
          {question.responses.length === 0 && question.key_points.length > 0 && (
            <Points
              title="What a good answer shows"
              items={question.key_points}
              icon={<Circle aria-hidden className="mt-1.5 size-3.5 shrink-0 text-ink-faint" />}
            />
          )}
        </div>
      </details>
    </Card>
  );
}
