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
  state: (interview_id) => apiGet('/api/interviews/{interview_id}/recording', { params: { path: { interview_id } } }),
  newTake: (interview_id, body) =>
    apiPost('/api/interviews/{interview_id}/recording/takes', { params: { path: { interview_id } }, body }),
  putPiece: (interview_id, take, piece, mimeType, body) =>
    apiUpload('put', '/api/interviews/{interview_id}/recording/takes/{take}/pieces/{piece}', {
      params: { path: { interview_id, take, piece } },
      body,
      contentType: mimeType,
      timeoutMs: PIECE_TIMEOUT_MS,
    }),
  endTake: (interview_id, take, pieces) =>
    apiPost('/api/interviews/{interview_id}/recording/takes/{take}/end', {
      params: { path: { interview_id, take } },
      body: { pieces },
    }),
  grantUpload: (interview_id, take) =>
    apiPost('/api/interviews/{interview_id}/recording/takes/{take}/upload', {
      params: { path: { interview_id, take } },
    }),
  uploadDone: (interview_id, take, receipt) =>
    apiPost('/api/interviews/{interview_id}/recording/takes/{take}/upload/done', {
      params: { path: { interview_id, take } },
      body: { receipt },
    }),
  giveUpUpload: (interview_id, take) =>
    apiDelete('/api/interviews/{interview_id}/recording/takes/{take}/upload', {
      params: { path: { interview_id, take } },
    }),
};

/** For the moment in which a page goes away: then only a bare request is sent after it. */
export function piecePath(interviewId: string, take: number, number: number): string {
  return `/api/interviews/${interviewId}/recording/takes/${take}/pieces/${number}`;
}
