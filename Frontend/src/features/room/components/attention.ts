import type { RoomState } from '../connection/room-state';
import type { RoomSnapshot } from '../engine/room-parts';

export type Attention = 'speaking' | 'listening' | 'thinking' | 'waiting' | 'away';

export function personaName(persona: RoomState['persona']): string {
  return persona?.name ?? 'Your interviewer';
}

/** What the interviewer is doing just now, for the eye (attention) and in words. */
export function attentionOf({ room, own, call }: RoomSnapshot): { attention: Attention; words: string } {
  const name = call.status === 'none' ? personaName(room.persona) : 'Your interviewer';
  if (room.connection === 'lost') return { attention: 'away', words: 'Reconnecting…' };
  if (room.connection === 'connecting') return { attention: 'away', words: 'Connecting…' };
  if (room.phase === 'paused') return { attention: 'away', words: 'Paused' };
  if (call.status === 'joining') return { attention: 'away', words: 'Connecting the video call…' };
  if (call.speaking === 'candidate') return { attention: 'listening', words: 'Listening' };
  if (room.speaking !== null || call.speaking === 'interviewer')
    return { attention: 'speaking', words: `${name} is speaking` };
  switch (room.phase) {
    case 'greeting':
    case 'asking':
    case 'closing':
      return { attention: 'speaking', words: `${name} is speaking` };
    case 'listening':
      return { attention: 'listening', words: own.microphone === 'on' ? 'Listening' : 'Your turn: type your answer' };
    case 'holding':
      return { attention: 'waiting', words: 'Take your time' };
    case 'deciding':
      return { attention: 'thinking', words: 'One moment…' };
    case 'ended':
      return { attention: 'away', words: 'The interview is over' };
    case 'ready':
    case null:
      return { attention: 'waiting', words: 'Ready when you are' };
  }
}
