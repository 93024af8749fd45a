import type { RoomState } from '../connection/room-state';
import type { RoomSnapshot } from '../engine/room-parts';

export type InterviewerActivity = 'speaking' | 'listening' | 'thinking' | 'waiting' | 'away';

export function personaName(persona: RoomState['persona']): string {
  return persona?.name ?? 'Your interviewer';
}

/** What the interviewer is doing just now, as one word and as a sentence. */
export function interviewerActivity({ room, own, call }: RoomSnapshot): {
  activity: InterviewerActivity;
  words: string;
} {
  const name = call.status === 'none' ? personaName(room.persona) : 'Your interviewer';
  if (room.connection === 'lost') return { activity: 'away', words: 'Reconnecting…' };
  if (room.connection === 'connecting') return { activity: 'away', words: 'Connecting…' };
  if (room.phase === 'paused') return { activity: 'away', words: 'Paused' };
  if (call.status === 'joining') return { activity: 'away', words: 'Connecting the video call…' };
  if (call.speaking === 'candidate') return { activity: 'listening', words: 'Listening' };
  if (room.speaking !== null || call.speaking === 'interviewer')
    return { activity: 'speaking', words: `${name} is speaking` };
  switch (room.phase) {
    case 'greeting':
    case 'asking':
    case 'closing':
      return { activity: 'speaking', words: `${name} is speaking` };
    case 'listening':
      return { activity: 'listening', words: own.microphone === 'on' ? 'Listening' : 'Your turn: type your answer' };
    case 'holding':
      return { activity: 'waiting', words: 'Take your time' };
    case 'deciding':
      return { activity: 'thinking', words: 'One moment…' };
    case 'ended':
      return { activity: 'away', words: 'The interview is over' };
    case 'ready':
    case null:
      return { activity: 'waiting', words: 'Ready when you are' };
  }
}
