import { ArrowRight } from 'lucide-react';
import { Reorder, useDragControls } from 'motion/react';
import { useState } from 'react';
import { Link } from 'react-router';
import { SENIORITY_WORDS } from '@/lib/interview/labels';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/dialog';
import { tellProblem } from '@/ui/toast';
import type { InterviewDetail, QuestionModel } from '@/lib/api/types';
import { plural } from '@/lib/format';
import { useQuestionChanges } from './api';
import { QuestionCard, type QuestionActions } from './question-card';

interface DraggableProps {
  question: QuestionModel;
  index: number;
  total: number;
  busy: 'another' | 'drop' | null;
  actions: QuestionActions;
  onDropped: () => void;
}

function Draggable({ question, index, total, busy, actions, onDropped }: DraggableProps) {
  const controls = useDragControls();
  return (
    <Reorder.Item
      value={question}
      dragListener={false}
      dragControls={controls}
      onDragEnd={onDropped}
      className="relative rounded-2xl"
    >
      <QuestionCard
        question={question}
        index={index}
        total={total}
        busy={busy}
        actions={actions}
        onGrab={(event) => controls.start(event)}
      />
    </Reorder.Item>
  );
}

export function Questions({ interview }: { interview: InterviewDetail }) {
  const { order, drop, another } = useQuestionChanges(interview.id);
  // While a finger is moving one, the order on screen is not yet anybody's wish.
  const [dragged, setDragged] = useState<QuestionModel[] | null>(null);
  const [dropping, setDropping] = useState<QuestionModel | null>(null);
  const [said, setSaid] = useState('');
  const questions = dragged ?? interview.questions;

  const saveOrder = (next: QuestionModel[]) => {
    order.mutate(next, { onError: tellProblem });
    setDragged(null);
  };

  const move = (index: number, by: -1 | 1) => {
    const next = [...questions];
    const [taken] = next.splice(index, 1);
    if (!taken) return;
    next.splice(index + by, 0, taken);
    setSaid(`Moved to place ${index + by + 1} of ${next.length}`);
    saveOrder(next);
  };

  const busyOf = (question: QuestionModel): 'another' | 'drop' | null => {
    if (another.isPending && another.variables === question.id) return 'another';
    return drop.isPending && drop.variables === question.id ? 'drop' : null;
  };

  return (
    <div className="page-narrow animate-rise">
      <title>{`Your questions, ${interview.role} · InterviewDost`}</title>
      <p className="text-label text-accent">
        {interview.role}, {SENIORITY_WORDS[interview.seniority]().toLowerCase()}
      </p>
      <h1 className="mt-1 text-title">Your {plural(questions.length, 'question')}</h1>
      <p className="mt-1.5 text-ink-soft">
        Read them now or be surprised, as you like. You can put them in another order, drop one, or ask for a different
        one.
      </p>
      <Reorder.Group axis="y" values={questions} onReorder={setDragged} className="mt-8 grid gap-3">
        {questions.map((question, index) => (
          <Draggable
            key={question.id}
            question={question}
            index={index}
            total={questions.length}
            busy={busyOf(question)}
            onDropped={() => {
              if (dragged) saveOrder(dragged);
            }}
            actions={{
              up: () => move(index, -1),
              down: () => move(index, 1),
              drop: () => setDropping(question),
              another: () =>
                another.mutate(question.id, {
                  onSuccess: () => setSaid('Here is a different question'),
                  onError: tellProblem,
                }),
            }}
          />
        ))}
      </Reorder.Group>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <div className="sticky bottom-0 -mx-4 mt-8 border-t border-line bg-page/95 px-4 py-4 backdrop-blur-sm sm:static sm:m-0 sm:mt-10 sm:border-0 sm:bg-transparent sm:p-0">
        <Button asChild size="large" className="max-sm:w-full">
          <Link to={`/interviews/${interview.id}/check`}>
            Check camera and microphone <ArrowRight aria-hidden />
          </Link>
        </Button>
        <p className="mt-2 text-sm text-ink-faint max-sm:hidden">
          Nothing is recorded before you say so on the next page.
        </p>
      </div>
      {dropping && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setDropping(null);
          }}
          title="Drop this question?"
          description={dropping.text}
          confirm="Drop it"
          onConfirm={() => {
            drop.mutate(dropping.id, { onSuccess: () => setSaid('Question dropped'), onError: tellProblem });
            setDropping(null);
          }}
        />
      )}
    </div>
  );
}
