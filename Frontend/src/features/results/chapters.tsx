import type { QuestionResult } from '@/lib/api/types';
import { formatClock } from '@/lib/format';

interface ChaptersProps {
  questions: readonly QuestionResult[];
  onPlay: (ms: number) => void;
}

/** One chapter a question: the player's own marks are small, these can be read. */
export function Chapters({ questions, onPlay }: ChaptersProps) {
  const chapters = questions.flatMap((question, index) =>
    question.video_ms === null
      ? []
      : [{ id: question.id, number: index + 1, text: question.text, ms: question.video_ms }],
  );
  if (chapters.length === 0) return null;
  return (
    <nav aria-label="Chapters" className="mt-3">
      <ol className="grid gap-0.5">
        {chapters.map((chapter) => (
          <li key={chapter.id}>
            <button
              type="button"
              className="grid w-full grid-cols-[3rem_1fr] gap-x-2 rounded-lg px-2 py-1.5 text-left hover:bg-sunken"
              onClick={() => onPlay(chapter.ms)}
            >
              <span className="pt-0.5 text-sm text-ink-faint tabular-nums">{formatClock(chapter.ms)}</span>
              <span className="truncate">
                <span className="font-semibold">{chapter.number}.</span> {chapter.text}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
