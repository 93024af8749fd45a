import { ProblemError } from '@/lib/api/problem';
import type { UploadReceipt } from './piece-store';
import type { DirectUpload, RecordingState, RecordingWire, TakeState } from './recording-wire';
import { UploadRefused, contentRange, type UploadPart, type VideoService } from './video-service';

/** A server that remembers what arrived and fails on demand. */
export class FakeRecordingServer implements RecordingWire {
  readonly takes = new Map<
    string,
    { mimeType: string; clockStartMs: number; pieces: Map<number, number[]>; ended: number | null; direct: boolean }
  >();
  readonly log: string[] = [];
  /** Thrown by the next calls, one each; null lets one pass. */
  failures: (Error | null)[] = [];
  /** Takes are to go to this service. */
  service: FakeVideoService | null = null;

  state(interviewId: string): Promise<RecordingState> {
    return this.#answer(`state ${interviewId}`, () => ({
      status: 'recording' as const,
      received_bytes: 0,
      takes: [...this.takes.keys()]
        .filter((key) => key.startsWith(`${interviewId}/`))
        .map((key) => this.#stateOf(interviewId, Number(key.split('/')[1]))),
    }));
  }

  newTake(
    interviewId: string,
    take: { number: number; mime_type: string; clock_start_ms: number },
  ): Promise<TakeState> {
    return this.#answer(`take ${take.number}`, () => {
      const key = `${interviewId}/${take.number}`;
      if (!this.takes.has(key)) {
        this.takes.set(key, {
          mimeType: take.mime_type,
          clockStartMs: take.clock_start_ms,
          pieces: new Map(),
          ended: null,
          direct: this.service !== null,
        });
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

  grantUpload(interviewId: string, take: number): Promise<DirectUpload> {
    return this.#answer(`leave ${take}`, () => {
      if (!this.#take(interviewId, take).direct) throw new ProblemError('send_to_us', 'To us.', { status: 409 });
      const fields = { public_id: `${interviewId}/${take}`, signature: 'signed' };
      return {
        url: 'https://video.example/upload',
        fields,
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        chunk_bytes: 10,
      };
    });
  }

  uploadDone(interviewId: string, take: number, receipt: UploadReceipt | null): Promise<TakeState> {
    return this.#answer(`done ${take}${receipt ? '' : ' without a receipt'}`, () => {
      if (!this.service?.videos.has(`${interviewId}/${take}`)) {
        throw new ProblemError('upload_incomplete', 'Not there.', { status: 409 });
      }
      return this.#stateOf(interviewId, take);
    });
  }

  giveUpUpload(interviewId: string, take: number): Promise<TakeState> {
    return this.#answer(`give up ${take}`, () => {
      this.#take(interviewId, take).direct = false;
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
      direct: take.direct,
      stored: take.direct && (this.service?.videos.has(`${interviewId}/${number}`) ?? false),
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

/** A video service that puts parts together by its rules: in order, without a gap, all but the last large enough. */
export class FakeVideoService implements VideoService {
  readonly videos = new Map<string, number[]>();
  readonly log: string[] = [];
  /** What happens to the next parts: cut off before or after they were taken, refused, or nothing in the way. */
  troubles: ('cut' | 'lost answer' | 'refused' | null)[] = [];
  #parts = new Map<string, number[]>();

  async send(grant: DirectUpload, { bytes, range, uploadId }: UploadPart): Promise<UploadReceipt | null> {
    const name = grant.fields['public_id'] ?? '';
    const data = await bytesOf(bytes);
    const what = range ? contentRange(range, data.length) : `whole ${data.length}`;
    const trouble = this.troubles.shift() ?? null;
    this.log.push(trouble ? `${what} ${trouble}` : what);
    if (trouble === 'cut') throw new UploadRefused(true);
    if (trouble === 'refused') throw new UploadRefused(false);
    const receipt = this.#take(name, data, range, uploadId);
    if (trouble === 'lost answer') throw new UploadRefused(true);
    return receipt;
  }

  /** As a service does after some days. */
  forgetParts(): void {
    this.#parts.clear();
  }

  #take(name: string, data: number[], range: UploadPart['range'], uploadId: string): UploadReceipt | null {
    const before = range ? (this.#parts.get(uploadId) ?? []) : [];
    const start = range?.start ?? 0;
    const isLast = range?.total !== null;
    const isRepeat = start < before.length && start + data.length === before.length;
    if (!isRepeat && start !== before.length) throw new UploadRefused(false);
    if (!isLast && data.length <= 10) throw new UploadRefused(false);
    const all = isRepeat ? before : [...before, ...data];
    this.#parts.set(uploadId, all);
    if (!isLast) return null;
    if (range?.total !== undefined && range.total !== all.length) throw new UploadRefused(false);
    this.videos.set(name, all);
    this.#parts.delete(uploadId);
    return { public_id: name, version: 1, signature: '0'.repeat(40) };
  }
}

/** jsdom's Blob tells its bytes through a reader alone. */
function bytesOf(blob: Blob): Promise<number[]> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(Array.from(new Uint8Array(reader.result as ArrayBuffer)));
    };
    reader.readAsArrayBuffer(blob);
  });
}
