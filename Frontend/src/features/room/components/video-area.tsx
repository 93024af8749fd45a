import { Ear, Hourglass, Pause, Sparkles, Volume2 } from 'lucide-react';
import { classNames } from '@/ui/class-names';
import { CallPlace } from './call-place';
import { Interviewer } from './interviewer';
import { LevelBars } from './level-bars';
import type { RoomEngine } from '../engine/room-engine';
import type { RoomSnapshot } from '../engine/room-parts';
import { interviewerActivity, type InterviewerActivity } from './interviewer-activity';
import { SelfView } from './self-view';

const ICONS: Record<InterviewerActivity, typeof Ear> = {
  speaking: Volume2,
  listening: Ear,
  thinking: Sparkles,
  waiting: Hourglass,
  away: Pause,
};

const RINGS: Record<InterviewerActivity, string> = {
  speaking: 'ring-accent/60',
  listening: 'ring-good/70',
  thinking: 'ring-line-strong/40',
  waiting: 'ring-warn/50',
  away: 'ring-transparent',
};

interface VideoAreaProps {
  engine: RoomEngine;
  snapshot: RoomSnapshot;
  userName: string;
  className?: string;
}

/** The interviewer, large; oneself, small; and at a glance whose turn it is. */
export function VideoArea({ engine, snapshot, userName, className }: VideoAreaProps) {
  const { activity, words } = interviewerActivity(snapshot);
  const Icon = ICONS[activity];
  const inCall = snapshot.call.status !== 'none';
  return (
    <div
      className={classNames(
        'relative isolate overflow-hidden rounded-3xl bg-sunken ring-3 transition-shadow duration-300',
        RINGS[activity],
        className,
      )}
    >
      {inCall ? (
        <CallPlace engine={engine} />
      ) : (
        <div className="size-full animate-fade">
          <Interviewer engine={engine} activity={activity} persona={snapshot.room.persona} />
        </div>
      )}
      <p
        role="status"
        className="pointer-events-none absolute top-3 left-3 z-10 inline-flex items-center gap-2 rounded-full bg-[#101a24]/80 px-3.5 py-1.5 text-label text-white sm:top-4 sm:left-4"
      >
        {activity === 'listening' && snapshot.own.microphone === 'on' ? (
          <LevelBars level={engine.level} />
        ) : (
          <Icon aria-hidden className="size-4" />
        )}
        {words}
      </p>
      <SelfView
        preview={snapshot.own.preview}
        name={userName}
        className={classNames(
          'pointer-events-none absolute right-3 z-10 aspect-[4/3] sm:right-4',
          // The call has buttons of its own along its lower edge.
          inCall ? 'top-3 w-[20%] max-w-36 min-w-20 sm:top-4' : 'bottom-3 w-[26%] max-w-48 min-w-20 sm:bottom-4',
        )}
      />
    </div>
  );
}
