import {
  Camera,
  CameraOff,
  CheckCheck,
  EllipsisVertical,
  Hourglass,
  Mic,
  MicOff,
  Pause,
  PhoneOff,
  Play,
  Repeat2,
  SkipForward,
  UserRoundPen,
} from 'lucide-react';
import { Button, IconButton } from '@/ui/button';
import { Menu, MenuItem } from '@/ui/menu';
import type { Phase } from '../connection/messages';
import type { RoomEngine } from '../engine/room-engine';
import type { RoomSnapshot } from '../engine/room-parts';

/** In which phases a wish makes sense. The server has the last word; this only keeps idle buttons from inviting. */
export function possible(phase: Phase | null) {
  const answering = phase === 'listening' || phase === 'holding';
  return {
    done: answering,
    hold: phase === 'listening' || phase === 'deciding',
    repeat: answering || phase === 'asking',
    skip: answering || phase === 'asking',
    pause: answering || phase === 'asking' || phase === 'greeting' || phase === 'deciding',
    resume: phase === 'paused',
    type: answering || phase === 'asking' || phase === 'deciding' || phase === 'greeting' || phase === 'paused',
  };
}

interface ControlsProps {
  engine: RoomEngine;
  snapshot: RoomSnapshot;
  onEnd: () => void;
}

export function Controls({ engine, snapshot, onEnd }: ControlsProps) {
  const { room, own, call } = snapshot;
  const can = possible(room.phase);
  const paused = room.phase === 'paused';
  return (
    <div role="toolbar" aria-label="Interview" className="flex flex-wrap items-center justify-center gap-x-2 gap-y-2.5">
      <div className="flex items-center gap-2 max-lg:w-full max-lg:[&>button]:flex-1">
        {paused ? (
          <Button onClick={() => engine.wish({ type: 'interview.resume' })}>
            <Play aria-hidden /> Go on
          </Button>
        ) : (
          <>
            <Button variant="secondary" disabled={!can.hold} onClick={() => engine.wish({ type: 'thinking.hold' })}>
              <Hourglass aria-hidden /> Let me think
            </Button>
            <Button disabled={!can.done} onClick={() => engine.wish({ type: 'answer.done' })}>
              <CheckCheck aria-hidden /> I’m done
            </Button>
          </>
        )}
      </div>
      <span aria-hidden className="mx-1 hidden h-7 w-px bg-line lg:block" />
      <div className="flex items-center gap-1 max-lg:w-full max-lg:justify-between sm:gap-1.5">
        <IconButton
          label={own.microphone === 'on' ? 'Mute microphone' : 'Unmute microphone'}
          variant="secondary"
          className={own.microphone === 'on' ? '' : '!border-bad/50 !text-bad'}
          onClick={() => void engine.toggleMicrophone()}
        >
          {own.microphone === 'on' ? <Mic aria-hidden /> : <MicOff aria-hidden />}
        </IconButton>
        <IconButton
          label={own.camera === 'on' ? 'Turn camera off' : 'Turn camera on'}
          variant="secondary"
          className={own.camera === 'on' ? '' : '!border-bad/50 !text-bad'}
          onClick={() => void engine.toggleCamera()}
        >
          {own.camera === 'on' ? <Camera aria-hidden /> : <CameraOff aria-hidden />}
        </IconButton>
        <IconButton
          label="Repeat the question"
          disabled={!can.repeat}
          onClick={() => engine.wish({ type: 'question.repeat' })}
        >
          <Repeat2 aria-hidden />
        </IconButton>
        <IconButton
          label="Skip this question"
          disabled={!can.skip}
          onClick={() => engine.wish({ type: 'question.skip' })}
        >
          <SkipForward aria-hidden />
        </IconButton>
        {!paused && (
          <IconButton
            label="Pause the interview"
            disabled={!can.pause}
            onClick={() => engine.wish({ type: 'interview.pause' })}
          >
            <Pause aria-hidden />
          </IconButton>
        )}
        {call.status !== 'none' && (
          <Menu
            trigger={
              <IconButton label="The video call" variant="secondary">
                <EllipsisVertical aria-hidden />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => engine.switchInterviewer()}>
              <UserRoundPen aria-hidden /> Switch to our interviewer
            </MenuItem>
          </Menu>
        )}
        <IconButton label="End the interview" variant="danger" disabled={own.ending} onClick={onEnd}>
          <PhoneOff aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
