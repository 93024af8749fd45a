import { ProblemError } from '@/lib/api/problem';
import type { RecordingState, RecordingWire, TakeState } from './recording-wire';

/** A server that remembers what arrived and fails on demand. */
export class FakeRecordingServer implements RecordingWire {
  readonly takes = new Map<string, { mimeType: string; clockStartMs: number; pieces: Map<number, number[]>; ended: number | null }>();
  readonly log: string[] = [];
  /** Thrown by the next calls, one each; null lets one pass. */
  failures: (Error | null)[] = [];

  state(interviewId: string): Promise<RecordingState> {
    return this.#answer(`state ${interviewId}`, () => ({
      status: 'recording' as const,
      received_bytes: 0,
      takes: [...this.takes.keys()]
        .filter((key) => key.startsWith(`${interviewId}/`))
        .map((key) => this.#stateOf(interviewId, Number(key.split('/')[1]))),
    }));
  }

  newTake(interviewId: string, take: { number: number; mime_type: string; clock_start_ms: number }): Promise<TakeState> {
    return this.#answer(`take ${take.number}`, () => {
      const key = `${interviewId}/${take.number}`;
      if (!this.takes.has(key)) {
        this.takes.set(key, { mimeType: take.mime_type, clockStartMs: take.clock_start_ms, pieces: new Map(), ended: null });
      }
      return this.#stateOf(interviewId, take.number);
    });
  }

  putPiece(interviewId: string, take: number, number: number, _mimeType: string, bytes: ArrayBuffer): Promise<unknown> {
    return this.#answer(`piece ${take}/${number}`, () => {
      this.#take(interviewId, take).pieces.set(number, Array.from(new Uint8Array(bytes)));
      return { take, number, size_bytes: bytes.byteLength };
    });
  }

  endTake(interviewId: string, take: number, pieces: number): Promise<TakeState> {
    return this.#answer(`end ${take} after ${pieces}`, () => {
      this.#take(interviewId, take).ended = pieces;
      return this.#stateOf(interviewId, take);
    });
  }

  bytesOf(interviewId: string, take: number): number[] {
    return [...this.#take(interviewId, take).pieces.entries()].sort(([a], [b]) => a - b).flatMap(([, bytes]) => bytes);
  }

  #take(interviewId: string, number: number) {
    const take = this.takes.get(`${interviewId}/${number}`);
    if (!take) throw new ProblemError('take_not_found', 'Announce the take first.', { status: 409 });
    return take;
  }

  #stateOf(interviewId: string, number: number): TakeState {
    const take = this.#take(interviewId, number);
    let next = 0;
    while (take.pieces.has(next)) next += 1;
    return {
      number,
      mime_type: take.mimeType,
      clock_start_ms: take.clockStartMs,
      next_piece: next,
      beyond: [...take.pieces.keys()].filter((piece) => piece > next),
      expected_pieces: take.ended,
    };
  }

  #answer<T>(what: string, work: () => T): Promise<T> {
    const failure = this.failures.shift();
    if (failure) {
      this.log.push(`${what} failed`);
      return Promise.reject(failure);
    }
    this.log.push(what);
    return Promise.resolve().then(work);
  }
}

export const offline = () => new ProblemError('offline', 'No connection.');
export const refused = (status: number, code = 'refused') => new ProblemError(code, 'No.', { status });
