import { useCallback } from 'react';
import { InterviewerAvatar } from '../avatar/interviewer-avatar';
import type { AvatarMood } from '../avatar/idle-motion';
import type { AvatarPlayer } from '../avatar/avatar-player';
import { VISEMES, type Viseme, type VisemeCue } from '../avatar/visemes';
import type { RoomState } from '../connection/room-state';
import type { RoomEngine } from '../engine/room-engine';
import type { InterviewerActivity } from './interviewer-activity';

const MOODS: Record<InterviewerActivity, AvatarMood> = {
  speaking: 'speaking',
  listening: 'listening',
  // Whoever is given time to think is looked at kindly, not thought about.
  waiting: 'listening',
  thinking: 'thinking',
  away: 'away',
};

interface InterviewerProps {
  engine: RoomEngine;
  activity: InterviewerActivity;
  persona: RoomState['persona'];
}

/** The face, tied to the voice that the engine plays. */
export function Interviewer({ engine, activity, persona }: InterviewerProps) {
  const connect = useCallback(
    (player: AvatarPlayer | null) => {
      engine.setLips(
        player && {
          speak: ({ cues, startAt, clock, text }) =>
            player.speak(cues.filter(isVisemeCue), startAt, clock, { question: text.trimEnd().endsWith('?') }),
          speakRoughly: (text, durationMs) =>
            player.speakApprox(text, durationMs, performance.now() / 1000, pageSeconds),
          stop: () => player.stopSpeaking(),
          nod: () => player.nod(),
        },
      );
    },
    [engine],
  );
  // Whose face it is has not been told yet: nobody's is shown.
  if (!persona) return null;
  return (
    <InterviewerAvatar
      face={persona.face}
      name={persona.name}
      mood={MOODS[activity]}
      playerRef={connect}
      className="size-full"
    />
  );
}

const pageSeconds = () => performance.now() / 1000;

function isVisemeCue(cue: { t: number; v: string }): cue is VisemeCue {
  return VISEMES.includes(cue.v as Viseme);
}
