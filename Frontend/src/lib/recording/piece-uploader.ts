import { ProblemError } from '@/lib/api/problem';
import { DirectTake, newProgress } from './direct-take';
import type { PieceStore, StoredTake } from './piece-store';
import type { RecordingWire } from './recording-wire';
import type { VideoService } from './video-service';

/**
 * idle: nothing to send; sending; waiting: the server cannot be reached, it will be tried again;
 * signed_out: goes on after the next sign-in; failed: the server refuses it, see `code`.
 */
export type UploadPhase = 'idle' | 'sending' | 'waiting' | 'signed_out' | 'failed';

export interface UploaderOptions {
  interviewId: string;
  userId: string;
  store: PieceStore;
  wire: RecordingWire;
  /** Where takes go that our server does not want itself. */
  service: VideoService;
  /** Takes that this page is recording at the moment: they grow, and are not to be ended from outside. */
  isLive: (take: number) => boolean;
  onChange: (phase: UploadPhase, code: string) => void;
  onSent?: (take: number, piece: number, bytes: number) => void;
  random?: () => number;
}

/**
 * The server will never take these: the interview has been deleted, the consent was withdrawn, or the take was
 * closed with all its pieces by another tab. What is left of them in the browser goes, too.
 */
const NOT_WANTED: ReadonlySet<string> = new Set(['interview_not_found', 'consent_missing', 'take_ended']);

const FIRST_RETRY_MS = 500;
/** Short, because an interview that ends while a piece waits is reviewed without it at first. */
const LONGEST_RETRY_MS = 4_000;

/**
 * Sends one interview's pieces in order, each until the server has acknowledged it, and only then lets go of it.
 * One `run` at a time; it ends when everything stored has been sent.
 */
export class PieceUploader {
  #options: UploaderOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #attempt = 0;
  #cutWait: (() => void) | null = null;
  #stopped = false;
  #phase: UploadPhase = 'idle';
  #code = '';
  #direct = new Map<number, DirectTake>();

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  get phase(): UploadPhase {
    return this.#phase;
  }

  /** Whether this take goes straight to the video service. */
  isDirect(take: number): boolean {
    return this.#direct.has(take);
  }

  /**
   * There is something new to send. Resolves when the run has come to its end. A wait for the server is not cut
   * short: new pieces come every two seconds and are no reason to knock at a closed door more often.
   */
  wake(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Like `wake`, with a reason to believe that the server can be reached now. */
  retryNow(): Promise<void> {
    this.#cutWait?.();
    return this.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#cutWait?.();
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#sendEverything();
        this.#attempt = 0;
        this.#tell('idle');
      } catch (error) {
        const verdict = verdictOn(error);
        if (verdict.phase !== 'waiting') {
          this.#tell(verdict.phase, verdict.code);
          return;
        }
        this.#tell('waiting', verdict.code);
        await this.#wait(verdict.retryAfterMs);
        this.#again = true;
      }
    }
  }

  async #sendEverything(): Promise<void> {
    const { interviewId, userId, store } = this.#options;
    const takes = (await store.takes()).filter((take) => take.interviewId === interviewId && take.userId === userId);
    for (const take of takes) {
      try {
        await this.#sendTake(take);
      } catch (error) {
        if (!(error instanceof ProblemError) || !NOT_WANTED.has(error.code)) throw error;
        await store.removeTake(interviewId, take.number);
      }
    }
  }

  async #sendTake(take: StoredTake): Promise<void> {
    const { interviewId, store, wire } = this.#options;
    let known = take;
    if (!known.announced) {
      this.#tell('sending');
      const { direct } = await wire.newTake(interviewId, {
        number: known.number,
        mime_type: known.mimeType,
        clock_start_ms: known.clockStartMs,
      });
      known = await this.#remember(known, { announced: true, direct: direct ? newProgress() : null });
    }
    if (known.direct) {
      const outcome = await this.#directTake(known).run(known.direct);
      if (outcome === 'later') return;
      this.#direct.delete(known.number);
      if (outcome === 'stored') {
        await store.removeTake(interviewId, known.number);
        return;
      }
      known = await this.#remember(known, { direct: null });
    }
    for (;;) {
      if (this.#stopped) return;
      const piece = await store.firstPiece(interviewId, known.number);
      if (!piece) break;
      this.#tell('sending');
      try {
        await wire.putPiece(interviewId, known.number, piece.number, known.mimeType, piece.bytes);
      } catch (error) {
        if (!(error instanceof ProblemError && error.code === 'take_not_found')) throw error;
        await this.#remember(known, { announced: false });
        throw new ProblemError('take_not_found', error.message, { status: 503 });
      }
      await store.removePiece(piece);
      this.#attempt = 0;
      this.#options.onSent?.(known.number, piece.number, piece.bytes.byteLength);
    }
    if (this.#options.isLive(known.number)) return;
    const pieces = await this.#countOf(known.number);
    // A piece may have been stored between the look at the store and here; it goes first.
    if (await store.firstPiece(interviewId, known.number)) {
      this.#again = true;
      return;
    }
    if (pieces > 0) await wire.endTake(interviewId, known.number, pieces);
    await store.removeTake(interviewId, known.number);
  }

  #directTake(take: StoredTake): DirectTake {
    const known = this.#direct.get(take.number);
    if (known) return known;
    const { interviewId, store, wire, service } = this.#options;
    const direct = new DirectTake({
      interviewId,
      number: take.number,
      mimeType: take.mimeType,
      store,
      wire,
      service,
      isLive: () => this.#options.isLive(take.number),
      isStopped: () => this.#stopped,
      remember: (progress) => this.#remember(take, { direct: progress }),
      onSending: () => this.#tell('sending'),
      onSent: (piece, bytes) => {
        this.#attempt = 0;
        this.#options.onSent?.(take.number, piece, bytes);
      },
    });
    this.#direct.set(take.number, direct);
    return direct;
  }

  /** How many pieces a take has. Where the tab died before it could say so, the server knows what arrived. */
  async #countOf(number: number): Promise<number> {
    const { interviewId, store, wire } = this.#options;
    const stored = (await store.takes()).find((take) => take.interviewId === interviewId && take.number === number);
    if (stored?.pieces !== null && stored?.pieces !== undefined) return stored.pieces;
    const state = await wire.state(interviewId);
    const arrived = state.takes.find((take) => take.number === number);
    if (!arrived) return 0;
    return arrived.expected_pieces ?? Math.max(arrived.next_piece, ...arrived.beyond.map((piece) => piece + 1));
  }

  /** Changes a take without overwriting what the recorder has noted in the meantime. */
  async #remember(take: StoredTake, change: Partial<StoredTake>): Promise<StoredTake> {
    const { store } = this.#options;
    const latest = (await store.takes()).find(
      (other) => other.interviewId === take.interviewId && other.number === take.number,
    );
    const changed = { ...(latest ?? take), ...change };
    await store.putTake(changed);
    return changed;
  }

  #wait(retryAfterMs: number | null): Promise<void> {
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    const random = this.#options.random ?? Math.random;
    const delay = retryAfterMs ?? longest / 2 + (random() * longest) / 2;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#cutWait = null;
        resolve();
      };
      const timer = setTimeout(done, delay);
      this.#cutWait = done;
    });
  }

  #tell(phase: UploadPhase, code = ''): void {
    if (this.#phase === phase && this.#code === code) return;
    this.#phase = phase;
    this.#code = code;
    this.#options.onChange(phase, code);
  }
}

interface Verdict {
  phase: 'waiting' | 'signed_out' | 'failed';
  code: string;
  retryAfterMs: number | null;
}

/** What a failed request means for the rest. Anything that is not the server's clear no is tried again. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof ProblemError)) return { phase: 'waiting', code: 'unexpected', retryAfterMs: null };
  const { status, code } = error;
  if (status === 401) return { phase: 'signed_out', code, retryAfterMs: null };
  const retryAfterMs = error.retryAfterS === null ? null : error.retryAfterS * 1000;
  if (status === 0 || status >= 500 || status === 408 || status === 425 || status === 429) {
    return { phase: 'waiting', code, retryAfterMs };
  }
  return { phase: 'failed', code, retryAfterMs: null };
}
