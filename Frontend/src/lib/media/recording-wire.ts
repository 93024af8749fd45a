import { apiGet, apiPost, apiUpload } from '@/lib/api/client';
import type { components } from '@/lib/api/schema.gen';

type Schemas = components['schemas'];
export type RecordingState = Schemas['RecordingState'];
export type TakeState = Schemas['TakeState'];

/** The server's end of a recording. Every call may be repeated without harm. @throws ProblemError */
export interface RecordingWire {
  state(interviewId: string): Promise<RecordingState>;
  newTake(interviewId: string, take: Schemas['NewTake']): Promise<TakeState>;
  /** Resolves when the piece is on the server's disk. */
  putPiece(interviewId: string, take: number, number: number, mimeType: string, bytes: ArrayBuffer): Promise<unknown>;
  endTake(interviewId: string, take: number, pieces: number): Promise<TakeState>;
}

/** A piece is two seconds; a wire that needs longer than this for one is down. */
const PIECE_TIMEOUT_MS = 60_000;

export const recordingWire: RecordingWire = {
  state: (interviewId) => apiGet(`/interviews/${interviewId}/recording`),
  newTake: (interviewId, take) => apiPost(`/interviews/${interviewId}/recording/takes`, take),
  putPiece: (interviewId, take, number, mimeType, bytes) =>
    apiUpload(piecePath(interviewId, take, number), bytes, {
      method: 'PUT',
      contentType: mimeType,
      timeoutMs: PIECE_TIMEOUT_MS,
    }),
  endTake: (interviewId, take, pieces) =>
    apiPost(`/interviews/${interviewId}/recording/takes/${take}/end`, { pieces }),
};

export function piecePath(interviewId: string, take: number, number: number): string {
  return `/interviews/${interviewId}/recording/takes/${take}/pieces/${number}`;
}
