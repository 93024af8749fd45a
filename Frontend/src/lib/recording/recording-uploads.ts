import { MemoryPieceStore, SpillingPieceStore, openPieceStore, type PieceStore, type StoredTake } from './piece-store';
import { PieceUploader, type UploadPhase } from './piece-uploader';
import { piecePath, recordingWire, type RecordingWire } from './recording-wire';
import { cloudinaryService, type VideoService } from './video-service';

export interface UploadStatus {
  phase: UploadPhase;
  /** The reason when phase is waiting or failed. */
  code: string;
  /** Why the latest piece was not taken; empty again as soon as one is. Unlike `code` it stays while it is tried anew. */
  trouble: string;
  pendingPieces: number;
  pendingBytes: number;
  /** False when pieces could not be put on this browser's disk: then the tab must stay open until all are sent. */
  durable: boolean;
}

const NOTHING: UploadStatus = {
  phase: 'idle',
  code: '',
  trouble: '',
  pendingPieces: 0,
  pendingBytes: 0,
  durable: true,
};

/** `keepalive` requests may carry 64 KiB in all; the headers want their share. */
const KEEPALIVE_BYTES = 60 * 1024;

export interface UploadsOptions {
  openStore?: () => Promise<PieceStore>;
  wire?: RecordingWire;
  service?: VideoService;
  /** Runs `work` alone among all tabs; answers false, without it, when another tab is at it and `wait` is not set. */
  alone?: (name: string, wait: boolean, work: () => Promise<void>) => Promise<boolean>;
}

/**
 * Owns every recording that is on its way to the server. It lives as long as the page, not as long as the room:
 * leaving the room for the results does not stop an upload.
 */
export class RecordingUploads {
  #wire: RecordingWire;
  #service: VideoService;
  #store: Promise<PieceStore>;
  #alone: NonNullable<UploadsOptions['alone']>;
  #uploaders = new Map<string, PieceUploader>();
  #live = new Map<string, StoredTake>();
  #unsent = new Map<string, { take: StoredTake; number: number; bytes: ArrayBuffer }>();
  #statuses = new Map<string, UploadStatus>();
  #listeners = new Set<() => void>();
  #releases = new Map<string, () => void>();
  #durable = true;

  constructor(options: UploadsOptions = {}) {
    this.#wire = options.wire ?? recordingWire;
    this.#service = options.service ?? cloudinaryService;
    this.#alone = options.alone ?? aloneAmongTabs;
    this.#store = (options.openStore ?? openPieceStore)().then(
      (store) => new SpillingPieceStore(store, this.#onSpill),
      () => {
        this.#durable = false;
        return new MemoryPieceStore();
      },
    );
  }

  /** The first number that no take of this interview has in this browser: the server may not know all of them yet. */
  async nextTake(interviewId: string): Promise<number> {
    const takes = (await (await this.#store).takes()).filter((take) => take.interviewId === interviewId);
    return Math.max(0, ...takes.map((take) => take.number + 1));
  }

  /** A new run of the recorder begins. Resolves when the take is remembered. */
  async startTake(take: Omit<StoredTake, 'announced' | 'pieces'>): Promise<void> {
    const stored: StoredTake = { ...take, announced: false, pieces: null };
    this.#live.set(keyOf(take.interviewId, take.number), stored);
    this.#hold(take.interviewId);
    await (await this.#store).putTake(stored);
    void this.#uploader(take.interviewId, take.userId).wake();
  }

  /** Resolves when the piece is safe in this browser; it is sent from there. */
  async addPiece(interviewId: string, take: number, number: number, piece: Blob): Promise<void> {
    const live = this.#live.get(keyOf(interviewId, take));
    if (!live) throw new Error(`take ${take} has not been started or has ended; a piece needs a running take`);
    const bytes = await piece.arrayBuffer();
    this.#unsent.set(pieceKeyOf(interviewId, take, number), { take: live, number, bytes });
    this.#count(interviewId, 1, bytes.byteLength);
    await (await this.#store).putPiece({ interviewId, take, number, bytes });
    void this.#uploader(interviewId, live.userId).wake();
  }

  /** The recorder has stopped after so many pieces. */
  async endTake(interviewId: string, take: number, pieces: number): Promise<void> {
    const key = keyOf(interviewId, take);
    const live = this.#live.get(key);
    if (!live) return;
    const store = await this.#store;
    const known = (await store.takes()).find((other) => other.interviewId === interviewId && other.number === take);
    await store.putTake({ ...(known ?? live), pieces });
    this.#live.delete(key);
    const sent = this.#uploader(interviewId, live.userId).retryNow();
    void sent.finally(() => {
      if (![...this.#live.values()].some((other) => other.interviewId === interviewId)) this.#release(interviewId);
    });
  }

  /**
   * Sends what earlier visits have left behind, of this person's interviews. Resolves when all has been tried once
   * to its end.
   */
  async resumePending(userId: string): Promise<void> {
    const store = await this.#store;
    const mine = (await store.takes()).filter((take) => take.userId === userId);
    const interviews = [...new Set(mine.map((take) => take.interviewId))];
    await Promise.all(
      interviews.map(async (interviewId) => {
        if ([...this.#live.values()].some((take) => take.interviewId === interviewId)) {
          await this.#uploader(interviewId, userId).retryNow();
          return;
        }
        await this.#alone(lockOf(interviewId), false, () => this.#uploader(interviewId, userId).retryNow());
      }),
    );
  }

  status(interviewId: string): UploadStatus {
    return this.#statuses.get(interviewId) ?? NOTHING;
  }

  /** Called after every change of any interview's status. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True while closing the tab would lose something, or leave it for the next visit. */
  get hasUnsent(): boolean {
    const waiting = ({ phase, pendingPieces }: UploadStatus) => pendingPieces > 0 || phase === 'sending';
    return this.#live.size > 0 || [...this.#statuses.values()].some(waiting);
  }

  /** There is a reason to believe that the server can be reached again. */
  retryNow(): void {
    for (const uploader of this.#uploaders.values()) void uploader.retryNow();
  }

  /** The page goes away: small pieces are handed to the browser, which sends them after the page is gone. */
  sendBeforeLeaving(): void {
    let budget = KEEPALIVE_BYTES;
    for (const { take, number, bytes } of this.#unsent.values()) {
      // The video service takes no small pieces; they wait in the store.
      if (this.#uploaders.get(take.interviewId)?.isDirect(take.number)) continue;
      if (bytes.byteLength > budget) break;
      budget -= bytes.byteLength;
      fetch(piecePath(take.interviewId, take.number, number), {
        method: 'PUT',
        body: bytes,
        headers: { 'Content-Type': take.mimeType },
        keepalive: true,
        credentials: 'same-origin',
      }).catch(() => undefined); // It stays in the store and goes out on the next visit.
    }
  }

  #uploader(interviewId: string, userId: string): PieceUploader {
    const known = this.#uploaders.get(interviewId);
    if (known) return known;
    const uploader = new PieceUploader({
      interviewId,
      userId,
      store: {
        putTake: async (take) => (await this.#store).putTake(take),
        putPiece: async (piece) => (await this.#store).putPiece(piece),
        takes: async () => (await this.#store).takes(),
        firstPiece: async (id, take, from) => (await this.#store).firstPiece(id, take, from),
        removePiece: async (key) => (await this.#store).removePiece(key),
        removeTake: async (id, take) => (await this.#store).removeTake(id, take),
      },
      wire: this.#wire,
      service: this.#service,
      isLive: (take) => this.#live.has(keyOf(interviewId, take)),
      onChange: (phase, code) => {
        const trouble = phase === 'sending' ? this.status(interviewId).trouble : code;
        this.#change(interviewId, { phase, code, trouble });
      },
      onSent: (take, piece, bytes) => {
        if (this.status(interviewId).trouble) this.#change(interviewId, { trouble: '' });
        // Left-overs of an earlier visit were never counted here.
        if (this.#unsent.delete(pieceKeyOf(interviewId, take, piece))) this.#count(interviewId, -1, -bytes);
      },
    });
    this.#uploaders.set(interviewId, uploader);
    return uploader;
  }

  #onSpill = (): void => {
    this.#durable = false;
    for (const interviewId of this.#statuses.keys()) this.#change(interviewId, {});
  };

  #count(interviewId: string, pieces: number, bytes: number): void {
    const before = this.status(interviewId);
    this.#change(interviewId, {
      pendingPieces: before.pendingPieces + pieces,
      pendingBytes: before.pendingBytes + bytes,
    });
  }

  #change(interviewId: string, change: Partial<UploadStatus>): void {
    this.#statuses.set(interviewId, { ...this.status(interviewId), ...change, durable: this.#durable });
    for (const listener of this.#listeners) listener();
  }

  /** As long as this tab records an interview, no other tab takes its takes for left-overs. */
  #hold(interviewId: string): void {
    if (this.#releases.has(interviewId)) return;
    void this.#alone(
      lockOf(interviewId),
      true,
      () =>
        new Promise<void>((release) => {
          this.#releases.set(interviewId, release);
        }),
    );
  }

  #release(interviewId: string): void {
    this.#releases.get(interviewId)?.();
    this.#releases.delete(interviewId);
  }
}

function keyOf(interviewId: string, take: number): string {
  return `${interviewId}/${take}`;
}

function pieceKeyOf(interviewId: string, take: number, number: number): string {
  return `${interviewId}/${take}/${number}`;
}

function lockOf(interviewId: string): string {
  return `dost-recording-${interviewId}`;
}

async function aloneAmongTabs(name: string, wait: boolean, work: () => Promise<void>): Promise<boolean> {
  if (!('locks' in navigator)) {
    await work();
    return true;
  }
  return navigator.locks.request(name, { ifAvailable: !wait }, async (lock) => {
    if (!lock) return false;
    await work();
    return true;
  });
}
