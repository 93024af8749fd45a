import { ChevronDown, ChevronUp, GripVertical, RefreshCw, Trash2 } from 'lucide-react';
import type { PointerEvent } from 'react';
import { questionWord } from '@/lib/interview/labels';
import { Card } from '@/ui/card';
import { Button, IconButton } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Pill } from '@/ui/pill';
import type { QuestionModel } from '@/lib/api/types';

export interface QuestionActions {
  up: () => void;
  down: () => void;
  drop: () => void;
  another: () => void;
}

interface QuestionCardProps {
  question: QuestionModel;
  index: number;
  total: number;
  busy: 'another' | 'drop' | null;
  actions: QuestionActions;
  onGrab: (event: PointerEvent) => void;
}

export function QuestionCard({ question, index, total, busy, actions, onGrab }: QuestionCardProps) {
  const place = `question ${index + 1}`;
  return (
    <Card asChild space="small" className={classNames('transition-opacity sm:p-5', busy && 'opacity-60')}>
      <article aria-label={`Question ${index + 1} of ${total}`} aria-busy={busy !== null}>
        <div className="flex items-start gap-3">
          <div className="flex flex-col items-center gap-1 pt-0.5">
            <span className="grid size-7 place-items-center rounded-full bg-accent-soft text-label text-accent-strong">
              {index + 1}
            </span>
            {/* The handle is for pointers; the arrows below do the same by keyboard. */}
            <span
              aria-hidden
              className="cursor-grab touch-none p-1 text-line-strong hover:text-ink-faint active:cursor-grabbing"
              onPointerDown={onGrab}
            >
              <GripVertical className="size-5" />
            </span>
          </div>
          <div className="min-w-0 flex-1">
            <Pill>{questionWord(question.form, question.kind)}</Pill>
            <p className="mt-2 text-lg leading-snug font-medium">{question.text}</p>
            {question.why && <p className="mt-2 text-compact text-ink-soft">{question.why}</p>}
            {question.key_points.length > 0 && (
              <details className="group mt-2">
                <summary className="inline-flex list-none items-center gap-1 rounded-md py-1 text-compact font-semibold text-accent [&::-webkit-details-marker]:hidden">
                  What a good answer shows
                  <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
                </summary>
                <ul className="mt-1 grid list-disc gap-1 pl-5 text-ink-soft">
                  {question.key_points.map((point) => (
                    <li key={point.text}>{point.text}</li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        </div>
        <div className="mt-3 flex flex-wrap items-center gap-1 pl-10">
          <Button variant="ghost" size="small" className="-ml-3" busy={busy === 'another'} onClick={actions.another}>
            <RefreshCw aria-hidden /> Ask me another
          </Button>
          <span className="ml-auto flex">
            <IconButton label={`Move ${place} up`} size="small" disabled={index === 0} onClick={actions.up}>
              <ChevronUp aria-hidden />
            </IconButton>
            <IconButton label={`Move ${place} down`} size="small" disabled={index === total - 1} onClick={actions.down}>
              <ChevronDown aria-hidden />
            </IconButton>
            <IconButton
              label={total === 1 ? 'One question has to stay' : `Drop ${place}`}
              size="small"
              disabled={total === 1}
              onClick={actions.drop}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </span>
        </div>
      </article>
    </Card>
  );
}
