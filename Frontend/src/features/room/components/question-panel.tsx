import { ChevronDown, ChevronUp } from 'lucide-react';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import type { QuestionModel } from '@/lib/api/types';
import type { RoomState } from '../connection/room-state';

/** The words of the question that is being asked, or of its follow-up. Null before the first. */
export function currentQuestion(room: RoomState, questions: readonly QuestionModel[]): string | null {
  if (!room.begun) return null;
  if (room.followUpId !== null) {
    const asked = room.utterances.findLast(
      (line) => line.speaker === 'interviewer' && line.follow_up_id === room.followUpId,
    );
    if (asked) return asked.text;
  }
  return questions.find((question) => question.id === room.questionId)?.text ?? null;
}

interface QuestionPanelProps {
  text: string | null;
  number: number;
  followUp: boolean;
  open: boolean;
  onToggle: () => void;
}

export function QuestionPanel({ text, number, followUp, open, onToggle }: QuestionPanelProps) {
  return (
    <Card aria-labelledby="question" space="small">
      <div className="flex items-center justify-between gap-2">
        <h2 id="question" className="text-label text-ink-soft">
          {text === null ? 'The question' : `Question ${number}${followUp ? ', follow-up' : ''}`}
        </h2>
        <Button variant="ghost" size="small" aria-expanded={open} onClick={onToggle}>
          {open ? <ChevronUp aria-hidden /> : <ChevronDown aria-hidden />}
          {open ? 'Hide' : 'Show'}
        </Button>
      </div>
      {open && (
        <p className={text === null ? 'mt-1 text-sm text-ink-faint' : 'mt-1.5 leading-snug font-medium'}>
          {text ?? 'It will be here to read once it has been asked.'}
        </p>
      )}
    </Card>
  );
}
