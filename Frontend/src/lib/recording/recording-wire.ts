import { apiDelete, apiGet, apiPost, apiUpload } from '@/lib/api/client';
import type { components } from '@/lib/api/schema.gen';
import type { UploadReceipt } from './piece-store';

type Schemas = components['schemas'];
export type RecordingState = Schemas['RecordingState'];
export type TakeState = Schemas['TakeState'];
export type DirectUpload = Schemas['DirectUpload'];

/** The server's end of a recording. Every call may be repeated without harm. @throws ProblemError */
export interface RecordingWire {
  state(interviewId: string): Promise<RecordingState>;
  newTake(interviewId: string, take: Schemas['NewTake']): Promise<TakeState>;
  /** Resolves when the piece is on the server's disk. */
  putPiece(interviewId: string, take: number, number: number, mimeType: string, bytes: ArrayBuffer): Promise<unknown>;
  endTake(interviewId: string, take: number, pieces: number): Promise<TakeState>;
  /** Leave to send a take straight to the video service. Refused with `send_to_us` when it is to come to us. */
  grantUpload(interviewId: string, take: number): Promise<DirectUpload>;
  /** The service has all of the take: resolves when the server has made sure. */
  uploadDone(interviewId: string, take: number, receipt: UploadReceipt | null): Promise<TakeState>;
  /** The service will not have this take: from now on its pieces go to us. */
  giveUpUpload(interviewId: string, take: number): Promise<TakeState>;
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
  grantUpload: (interviewId, take) => apiPost(uploadPath(interviewId, take)),
  uploadDone: (interviewId, take, receipt) => apiPost(`${uploadPath(interviewId, take)}/done`, { receipt }),
  giveUpUpload: (interviewId, take) => apiDelete(uploadPath(interviewId, take)),
};

function uploadPath(interviewId: string, take: number): string {
  return `/interviews/${interviewId}/recording/takes/${take}/upload`;
}

export function piecePath(interviewId: string, take: number, number: number): string {
  return `/interviews/${interviewId}/recording/takes/${take}/pieces/${number}`;
}
