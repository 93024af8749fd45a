import { ProblemError } from '@/lib/api/problem';
import type { DirectProgress, PieceStore, StoredPiece, StoredTake } from './piece-store';
import type { DirectUpload, RecordingWire } from './recording-wire';
import { UploadRefused, type VideoService } from './video-service';

export interface DirectTakeOptions {
  interviewId: string;
  number: number;
  mimeType: string;
  store: PieceStore;
  wire: RecordingWire;
  service: VideoService;
  isLive: () => boolean;
  isStopped: () => boolean;
  remember: (progress: DirectProgress) => Promise<StoredTake>;
  onSending: () => void;
  onSent: (piece: number, bytes: number) => void;
  now?: () => number;
}

/** stored: our server has made sure; later: more pieces are to come first; to_us: the service will not have it. */
export type Outcome = 'stored' | 'later' | 'to_us';

/** A leave is renewed when it would run out while a part is on its way. */
const LEAST_LEAVE_MS = 10 * 60_000;
/** About half a minute; the take then comes to us, and nothing is lost. Failures while we cannot be reached don't count. */
const MOST_FAILURES = 8;

export function newProgress(restarts = 0): DirectProgress {
  return { uploadId: crypto.randomUUID(), nextPiece: 0, offset: 0, part: null, receipt: null, failures: 0, restarts };
}

/**
 * Sends one take to the video service while it is being recorded, in parts of whole pieces. Its pieces stay in the
 * store until our server has seen the video there: a service that fails in the middle costs nothing.
 */
export class DirectTake {
  #options: DirectTakeOptions;
  #grant: DirectUpload | null = null;
  #sizes: number[] = [];

  constructor(options: DirectTakeOptions) {
    this.#options = options;
  }

  /** @throws ProblemError when it has to be tried again. */
  async run(progress: DirectProgress): Promise<Outcome> {
    try {
      return await this.#run(progress);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'send_to_us') return 'to_us';
      if (error instanceof ProblemError && error.code === 'take_stored') return 'stored';
      throw error;
    }
  }

  async #run(first: DirectProgress): Promise<Outcome> {
    let progress = first;
    while (!this.#options.isStopped()) {
      if (progress.receipt || (progress.failures > 0 && isLast(progress))) {
        // The answer to the last part may have been lost on its way.
        if (await this.#isStored(progress)) return 'stored';
        if (progress.receipt) {
          const anew = await this.#anew(progress);
          if (!anew) return this.#toUs();
          progress = anew;
        }
      }
      const grant = await this.#leave();
      // Asked once: the take may end while its pieces are being looked at.
      const isLive = this.#options.isLive();
      const part = progress.part ?? (await this.#nextPart(progress, grant.chunk_bytes, isLive));
      if (!part) return isLive ? 'later' : this.#toUs();
      if (!progress.part) progress = await this.#remember({ ...progress, part });
      const pieces = await this.#pieces(progress.nextPiece, part.end);
      if (!pieces) return this.#toUs();
      const bytes = new Blob(
        pieces.map((piece) => piece.bytes),
        { type: this.#options.mimeType },
      );
      const isWhole = progress.offset === 0 && part.total !== null;
      this.#options.onSending();
      try {
        const receipt = await this.#options.service.send(grant, {
          bytes,
          range: isWhole ? null : { start: progress.offset, total: part.total },
          uploadId: progress.uploadId,
        });
        const sent = {
          ...progress,
          nextPiece: part.end,
          offset: progress.offset + bytes.size,
          part: null,
          failures: 0,
        };
        progress = await this.#remember(receipt ? { ...progress, receipt, failures: 0 } : sent);
        for (const piece of pieces) this.#options.onSent(piece.number, piece.bytes.byteLength);
      } catch (error) {
        if (!(error instanceof UploadRefused)) throw error;
        // Asked for anew, so that our server is heard of before the next failure counts.
        this.#grant = null;
        if (error.temporary) {
          progress = await this.#remember({ ...progress, failures: progress.failures + 1 });
          if (progress.failures >= MOST_FAILURES) return this.#toUs();
          throw new ProblemError('video_service', error.message, { status: 503, retryAfterS: error.retryAfterS });
        }
        const anew = await this.#anew(progress);
        if (!anew) return this.#toUs();
        progress = anew;
      }
    }
    return 'later';
  }

  /** The service may have forgotten earlier parts, or our leave run out: all is sent once more, and only once. */
  async #anew(progress: DirectProgress): Promise<DirectProgress | null> {
    return progress.restarts > 0 ? null : this.#remember(newProgress(progress.restarts + 1));
  }

  async #toUs(): Promise<Outcome> {
    const { wire, interviewId, number } = this.#options;
    await wire.giveUpUpload(interviewId, number);
    return 'to_us';
  }

  async #isStored(progress: DirectProgress): Promise<boolean> {
    const { wire, interviewId, number } = this.#options;
    try {
      return (await wire.uploadDone(interviewId, number, progress.receipt)).stored;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'upload_incomplete') return false;
      if (error instanceof ProblemError && error.code === 'receipt_wrong') return false;
      throw error;
    }
  }

  async #leave(): Promise<DirectUpload> {
    const { wire, interviewId, number, now = Date.now } = this.#options;
    if (!this.#grant || Date.parse(this.#grant.expires_at) - now() < LEAST_LEAVE_MS) {
      this.#grant = await wire.grantUpload(interviewId, number);
    }
    return this.#grant;
  }

  /**
   * While the take is being recorded, a part waits until it is large enough and a further piece is there: the last
   * part states the total, and there must be something left for it.
   */
  async #nextPart(progress: DirectProgress, least: number, isLive: boolean): Promise<DirectProgress['part']> {
    let size = 0;
    let end = progress.nextPiece;
    for (;;) {
      const next = await this.#sizeOf(end);
      if (next === null) break;
      if (size > least) return { end, total: null };
      size += next;
      end += 1;
    }
    if (isLive || size === 0) return null;
    return { end, total: progress.offset + size };
  }

  async #sizeOf(piece: number): Promise<number | null> {
    const known = this.#sizes[piece];
    if (known !== undefined) return known;
    const [stored] = (await this.#pieces(piece, piece + 1)) ?? [];
    if (!stored) return null;
    this.#sizes[piece] = stored.bytes.byteLength;
    return stored.bytes.byteLength;
  }

  /** Null when one of them is missing. */
  async #pieces(from: number, end: number): Promise<StoredPiece[] | null> {
    const { store, interviewId, number } = this.#options;
    const pieces: StoredPiece[] = [];
    for (let wanted = from; wanted < end; wanted += 1) {
      const piece = await store.firstPiece(interviewId, number, wanted);
      if (piece?.number !== wanted) return null;
      pieces.push(piece);
    }
    return pieces;
  }

  async #remember(progress: DirectProgress): Promise<DirectProgress> {
    return (await this.#options.remember(progress)).direct ?? progress;
  }
}

function isLast(progress: DirectProgress): boolean {
  return progress.part !== null && progress.part.total !== null;
}
