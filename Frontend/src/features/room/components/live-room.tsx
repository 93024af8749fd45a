import { Captions as CaptionsIcon, CircleDot, MessageSquareText } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useBlocker, useNavigate } from 'react-router';
import { Button, IconButton } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { LogoMark } from '@/ui/logo';
import { Spinner } from '@/ui/states';
import type { InterviewDetail, Me } from '@/lib/api/types';
import { AnswerBox } from './answer-box';
import { Banners } from './banners';
import { Captions } from './captions';
import { ClosedRoom } from './closed-room';
import { Controls, possible } from './controls';
import { Entrance } from './entrance';
import { ProgressSteps } from './progress-steps';
import { QuestionPanel, currentQuestion } from './question-panel';
import { RecordingNotice } from './recording-notice';
import { RoomTime } from './room-time';
import { nextCaptionSize, useRoomSettings } from './room-settings';
import { ScoreCards, ScoreFlash, titleOf } from './score-cards';
import { ShortcutHelp, useShortcuts, type Shortcut } from './shortcuts';
import { VideoArea } from './video-area';
import { useLatestScore } from './use-latest-score';
import { useRoomEngine } from '../engine/use-room-engine';

interface LiveRoomProps {
  interview: InterviewDetail;
  me: Me;
  /** The interviewer of this installation comes by video call. */
  byCall: boolean;
}

export function LiveRoom({ interview, me, byCall }: LiveRoomProps) {
  const navigate = useNavigate();
  const { engine, snapshot } = useRoomEngine({
    interviewId: interview.id,
    userId: me.id,
    userName: me.name,
    consented: interview.consented_at !== null,
    byCall,
    onEnded: () => void navigate(`/interviews/${interview.id}/results`, { replace: true }),
  });
  const { room, own } = snapshot;
  const [settings, change] = useRoomSettings();
  const [confirming, setConfirming] = useState(false);
  const [helping, setHelping] = useState(false);
  const [reading, setReading] = useState(false);
  const answerBox = useRef<HTMLTextAreaElement>(null);
  const latest = useLatestScore(room.answers);

  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    const { presence } = engine.getSnapshot().own;
    return presence === 'entered' && currentLocation.pathname !== nextLocation.pathname;
  });

  const can = possible(room.phase);
  const shortcuts: Shortcut[] = [
    { key: 'd', label: 'I’m done', enabled: can.done, run: () => engine.wish({ type: 'answer.done' }) },
    { key: 'h', label: 'Let me think', enabled: can.hold, run: () => engine.wish({ type: 'thinking.hold' }) },
    { key: 't', label: 'Type an answer', run: () => answerBox.current?.focus() },
    {
      key: 'r',
      label: 'Repeat the question',
      enabled: can.repeat,
      run: () => engine.wish({ type: 'question.repeat' }),
    },
    { key: 's', label: 'Skip this question', enabled: can.skip, run: () => engine.wish({ type: 'question.skip' }) },
    {
      key: 'p',
      label: 'Pause, go on',
      enabled: can.pause || can.resume,
      run: () => engine.wish({ type: can.resume ? 'interview.resume' : 'interview.pause' }),
    },
    { key: 'm', label: 'Microphone on, off', run: () => void engine.toggleMicrophone() },
    { key: 'v', label: 'Camera on, off', run: () => void engine.toggleCamera() },
    { key: 'q', label: 'Show the question', run: () => change({ showQuestion: !settings.showQuestion }) },
    { key: 'c', label: 'Size of captions', run: () => change({ captions: nextCaptionSize(settings.captions) }) },
    { key: '?', label: 'This list', run: () => setHelping(true) },
  ];
  const entered = own.presence === 'entered';
  useShortcuts(shortcuts, entered && settings.shortcuts);

  const numbers = useMemo(
    () => new Map(interview.questions.map((question) => [question.id, question.position + 1])),
    [interview.questions],
  );
  const numberOf = (questionId: string) => numbers.get(questionId) ?? room.position + 1;

  if (room.connection === 'refused') return <ClosedRoom reason="refused" interviewId={interview.id} />;
  if (room.connection === 'taken_over') {
    return <ClosedRoom reason="taken_over" interviewId={interview.id} onTakeBack={() => engine.takeBack()} />;
  }
  if (own.presence === 'left') return <Spinner label="One moment…" />;
  if (!entered) {
    return <Entrance interview={interview} snapshot={snapshot} engine={engine} byCall={byCall} />;
  }

  const question = (
    <QuestionPanel
      text={currentQuestion(room, interview.questions)}
      number={room.position + 1}
      followUp={room.followUpId !== null}
      open={settings.showQuestion}
      onToggle={() => change({ showQuestion: !settings.showQuestion })}
    />
  );
  const scores = (
    <ScoreCards
      answers={room.answers}
      numberOf={numberOf}
      hidden={settings.hideScores}
      onHide={(hideScores) => change({ hideScores })}
    />
  );

  return (
    <div
      data-phase={room.phase ?? 'connecting'}
      data-connection={room.connection}
      className="flex h-dvh flex-col overflow-hidden"
    >
      <header className="flex h-14 shrink-0 items-center gap-2 px-3 sm:gap-4 sm:px-5">
        <LogoMark className="size-8 shrink-0" />
        <h1 className="min-w-0 truncate text-label max-sm:sr-only">{interview.role}</h1>
        <div className="mr-auto sm:ml-2">
          <ProgressSteps position={room.position} planned={room.planned} begun={room.begun} />
        </div>
        <RecordingSign state={own.recording} />
        <RoomTime engine={engine} />
        <IconButton
          label={`Captions: ${settings.captions}. Change size`}
          size="small"
          onClick={() => change({ captions: nextCaptionSize(settings.captions) })}
        >
          <CaptionsIcon aria-hidden className={settings.captions === 'off' ? 'opacity-40' : ''} />
        </IconButton>
        <Button variant="ghost" size="small" className="lg:hidden" onClick={() => setReading(true)}>
          <MessageSquareText aria-hidden />
          <span className="max-sm:sr-only">Question and scores</span>
        </Button>
        <ShortcutHelp
          shortcuts={shortcuts}
          on={settings.shortcuts}
          onChange={(on) => change({ shortcuts: on })}
          open={helping}
          onOpenChange={setHelping}
        />
      </header>

      <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 gap-5 px-3 pb-3 outline-none sm:px-5 sm:pb-5">
        <div className="flex min-w-0 flex-1 flex-col gap-3">
          <Banners engine={engine} snapshot={snapshot} />
          <RecordingNotice interviewId={interview.id} />
          <VideoArea engine={engine} snapshot={snapshot} userName={me.name} className="min-h-48 flex-1" />
          <div className="relative shrink-0">
            {latest && !settings.hideScores && (
              <div className="absolute inset-x-2 bottom-full z-20 mb-2 animate-rise lg:hidden">
                <ScoreFlash answer={latest} title={titleOf(latest, numberOf)} onOpen={() => setReading(true)} />
              </div>
            )}
            <Captions
              room={room}
              call={snapshot.call}
              byCall={byCall}
              size={settings.captions}
              className={classNames(
                settings.captions !== 'off' && 'h-28 border border-line bg-surface px-4 py-3 sm:h-32',
                settings.captions === 'large' && 'sm:h-40',
              )}
            />
          </div>
          <div className="grid shrink-0 gap-3">
            <AnswerBox
              inputRef={answerBox}
              disabled={!can.type}
              onTyping={() => engine.typing()}
              onSend={(text) => engine.typed(text)}
            />
            <Controls engine={engine} snapshot={snapshot} onEnd={() => setConfirming(true)} />
          </div>
        </div>
        <aside
          aria-label="Question and scores"
          className="hidden w-88 shrink-0 flex-col gap-4 overflow-y-auto pb-2 lg:flex"
        >
          {question}
          {scores}
        </aside>
      </main>

      <Dialog open={reading} onOpenChange={setReading} title="Question and scores">
        <div className="grid gap-4">
          {question}
          {scores}
          <Button variant="secondary" onClick={() => setReading(false)}>
            Back to the interview
          </Button>
        </div>
      </Dialog>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title="End the interview now?"
        description={
          room.answers.length < room.planned
            ? 'What you have answered so far is scored. Questions that were not asked stay out of it.'
            : 'Your results are next.'
        }
        confirm="End and see my results"
        cancel="Go on with the interview"
        danger
        busy={own.ending}
        onConfirm={() => {
          setConfirming(false);
          void engine.end();
        }}
      />
      <ConfirmDialog
        open={blocker.state === 'blocked'}
        onOpenChange={(open) => {
          if (!open) blocker.reset?.();
        }}
        title="Leave the interview?"
        description="Everything said so far is kept. You can resume or finish it from your interviews."
        confirm="Leave for now"
        cancel="Stay"
        onConfirm={() => {
          void engine.leave().then(() => blocker.proceed?.());
        }}
      />
    </div>
  );
}

function RecordingSign({ state }: { state: 'none' | 'on' | 'lost' }) {
  const words = { none: 'Not recorded', on: 'Recording', lost: 'Recording stopped' }[state];
  return (
    <span
      title={words}
      className={classNames(
        'flex items-center gap-1.5 text-sm font-medium',
        state === 'on' ? 'text-bad' : 'text-ink-faint',
      )}
    >
      <CircleDot aria-hidden className="size-4" />
      <span className="max-md:sr-only">{words}</span>
    </span>
  );
}
