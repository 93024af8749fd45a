import { useEffect, useRef } from 'react';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import type { QuestionResult, Utterance } from '@/lib/api/types';
import { formatClock } from '@/lib/format';

interface TranscriptProps {
  lines: readonly Utterance[];
  questions: readonly QuestionResult[];
  /** The line being played now. */
  currentId: string | null;
  /** Shows a moment of the video; null when there is no video to show. */
  onPlay: ((ms: number) => void) | null;
}

function Line({ line, current, onPlay }: { line: Utterance; current: boolean; onPlay: TranscriptProps['onPlay'] }) {
  const moment = line.video_ms;
  const own = line.speaker === 'candidate';
  const looks = classNames(
    'grid w-full grid-cols-[3rem_1fr] gap-x-2 rounded-lg px-2 py-1.5 text-left transition-colors',
    current && 'bg-accent-soft',
  );
  const content = (
    <>
      <span className={classNames('pt-0.5 text-sm tabular-nums', current ? 'text-accent-strong' : 'text-ink-faint')}>
        {formatClock(moment ?? line.start_ms)}
      </span>
      <span>
        <span className={classNames('block text-label', own ? 'text-accent' : 'text-ink-faint')}>
          {own ? 'You' : 'Interviewer'}
          {line.source === 'typed' && <span className="font-normal"> (typed)</span>}
        </span>
        <span className={own ? 'text-ink' : 'text-ink-soft'}>{line.text}</span>
      </span>
    </>
  );
  if (!onPlay || moment === null) return <div className={looks}>{content}</div>;
  return (
    <button
      type="button"
      aria-current={current || undefined}
      className={classNames(looks, 'hover:bg-sunken')}
      onClick={() => onPlay(moment)}
    >
      {content}
    </button>
  );
}

export function Transcript({ lines, questions, currentId, onPlay }: TranscriptProps) {
  const box = useRef<HTMLDivElement>(null);
  const hands = useRef(0);

  useEffect(() => {
    const list = box.current;
    // Follows the voice, but not against someone who has just scrolled to read elsewhere.
    if (!list || !currentId || Date.now() - hands.current < 5000) return;
    const line = list.querySelector<HTMLElement>(`[data-line="${CSS.escape(currentId)}"]`);
    if (!line) return;
    const above = line.offsetTop < list.scrollTop;
    const below = line.offsetTop + line.offsetHeight > list.scrollTop + list.clientHeight;
    if (above || below) list.scrollTo({ top: line.offsetTop - list.clientHeight / 3, behavior: 'smooth' });
  }, [currentId]);

  const touched = () => {
    hands.current = Date.now();
  };
  const firstOf = new Map<string, number>();
  for (const [index, question] of questions.entries()) {
    const first = lines.find((line) => line.question_id === question.id);
    if (first) firstOf.set(first.id, index + 1);
  }

  if (lines.length === 0) {
    return (
      <Card asChild space="medium" height="flat" className="text-ink-soft">
        <p>Nothing was said in this interview.</p>
      </Card>
    );
  }
  return (
    // Scrollable by keyboard, too: the region takes the focus.
    <Card aria-label="Transcript" space="none" className="min-w-0 p-2">
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- only notes that someone is reading elsewhere */}
      <div
        ref={box}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable box must be reachable by keyboard
        tabIndex={0}
        className="relative max-h-[32rem] overflow-y-auto overscroll-contain rounded-xl"
        onWheel={touched}
        onTouchMove={touched}
        onKeyDown={touched}
      >
        <ol className="grid gap-0.5">
          {lines.map((line) => {
            const number = firstOf.get(line.id);
            return (
              <li key={line.id} data-line={line.id}>
                {number !== undefined && <p className="px-2 pt-3 pb-1 text-label text-ink-faint">Question {number}</p>}
                <Line line={line} current={line.id === currentId} onPlay={onPlay} />
              </li>
            );
          })}
        </ol>
      </div>
      {onPlay && <p className="px-2 pt-2 pb-1 text-sm text-ink-faint">Choose a line to see that moment.</p>}
    </Card>
  );
}
