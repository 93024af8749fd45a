import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** One run of the recorder, as this browser remembers it until the server has everything. */
export interface StoredTake {
  interviewId: string;
  number: number;
  /** Whose recording it is: left-overs are only sent while the same person is signed in. */
  userId: string;
  mimeType: string;
  /** The first frame on the interview clock, ms. */
  clockStartMs: number;
  /** The server knows this take. */
  announced: boolean;
  /** How many pieces were made; null while it is being recorded, or when the tab died before it was stopped. */
  pieces: number | null;
  /** How far it has come on its way straight to the video service; null or left out when its pieces go to us. */
  direct?: DirectProgress | null;
}

/** A take on its way to the video service, in parts of several pieces. What has been sent stays stored until all is. */
export interface DirectProgress {
  uploadId: string;
  /** All pieces below it have been taken, `offset` bytes together. */
  nextPiece: number;
  offset: number;
  /** The part that is being sent: up to this piece, and the take's size if it is the last. A repeat is the same part. */
  part: { end: number; total: number | null } | null;
  /** What the service answered to the last part; our server has still to check it. */
  receipt: UploadReceipt | null;
  /** Failures in a row. */
  failures: number;
  /** How often it was begun anew. */
  restarts: number;
}

export interface UploadReceipt {
  public_id: string;
  version: number;
  signature: string;
}

export interface PieceKey {
  interviewId: string;
  take: number;
  number: number;
}

export interface StoredPiece extends PieceKey {
  bytes: ArrayBuffer;
}

/** Where pieces lie from the moment they are recorded until the server has acknowledged them. */
export interface PieceStore {
  putTake(take: StoredTake): Promise<void>;
  /** @throws DOMException `QuotaExceededError` when the disk is full. */
  putPiece(piece: StoredPiece): Promise<void>;
  /** In the order of their interviews and numbers. */
  takes(): Promise<StoredTake[]>;
  /** The first one of this number or above. */
  firstPiece(interviewId: string, take: number, from?: number): Promise<StoredPiece | null>;
  removePiece(key: PieceKey): Promise<void>;
  /** With all its pieces. */
  removeTake(interviewId: string, take: number): Promise<void>;
}

const DATABASE = 'interviewdost-recordings';
const TAKES = 'takes';
const PIECES = 'pieces';

interface Recordings extends DBSchema {
  takes: { key: [interviewId: string, number: number]; value: StoredTake };
  pieces: { key: [interviewId: string, take: number, number: number]; value: StoredPiece };
}

/** @throws when this browser has no IndexedDB, or forbids it (some private windows). */
export async function openPieceStore(name: string = DATABASE): Promise<PieceStore> {
  const database: IDBPDatabase<Recordings> = await openDB<Recordings>(name, 1, {
    upgrade: (created) => {
      created.createObjectStore(TAKES, { keyPath: ['interviewId', 'number'] });
      created.createObjectStore(PIECES, { keyPath: ['interviewId', 'take', 'number'] });
    },
    // Another tab with a newer page must not wait for this one for ever.
    blocking: () => {
      database.close();
    },
  });
  return new IndexedPieceStore(database);
}

/**
 * Each write resolves when it has been committed, not when it has been asked for. The default durability outlives a
 * crashed browser; `strict` would also outlive a power cut, at the price of two disk flushes for every piece.
 */
class IndexedPieceStore implements PieceStore {
  #database: IDBPDatabase<Recordings>;

  constructor(database: IDBPDatabase<Recordings>) {
    this.#database = database;
  }

  async putTake(take: StoredTake): Promise<void> {
    await this.#database.put(TAKES, take);
  }

  async putPiece(piece: StoredPiece): Promise<void> {
    await this.#database.put(PIECES, piece);
  }

  takes(): Promise<StoredTake[]> {
    return this.#database.getAll(TAKES);
  }

  async firstPiece(interviewId: string, take: number, from = 0): Promise<StoredPiece | null> {
    return (await this.#database.get(PIECES, piecesOf(interviewId, take, from))) ?? null;
  }

  removePiece(key: PieceKey): Promise<void> {
    return this.#database.delete(PIECES, [key.interviewId, key.take, key.number]);
  }

  async removeTake(interviewId: string, take: number): Promise<void> {
    const change = this.#database.transaction([TAKES, PIECES], 'readwrite');
    await Promise.all([
      change.objectStore(PIECES).delete(piecesOf(interviewId, take)),
      change.objectStore(TAKES).delete([interviewId, take]),
      change.done,
    ]);
  }
}

function piecesOf(interviewId: string, take: number, from = 0): IDBKeyRange {
  return IDBKeyRange.bound([interviewId, take, from], [interviewId, take, []]);
}

/** Pieces that live as long as the page: for browsers without IndexedDB, and for when the disk is full. */
export class MemoryPieceStore implements PieceStore {
  #takes = new Map<string, StoredTake>();
  #pieces = new Map<string, StoredPiece>();

  putTake(take: StoredTake): Promise<void> {
    this.#takes.set(`${take.interviewId}/${take.number}`, take);
    return Promise.resolve();
  }

  putPiece(piece: StoredPiece): Promise<void> {
    this.#pieces.set(`${piece.interviewId}/${piece.take}/${piece.number}`, piece);
    return Promise.resolve();
  }

  takes(): Promise<StoredTake[]> {
    return Promise.resolve(
      [...this.#takes.values()].sort((a, b) =>
        a.interviewId === b.interviewId ? a.number - b.number : a.interviewId < b.interviewId ? -1 : 1,
      ),
    );
  }

  firstPiece(interviewId: string, take: number, from = 0): Promise<StoredPiece | null> {
    return Promise.resolve(this.#piecesOf(interviewId, take).find((piece) => piece.number >= from) ?? null);
  }

  removePiece(key: PieceKey): Promise<void> {
    this.#pieces.delete(`${key.interviewId}/${key.take}/${key.number}`);
    return Promise.resolve();
  }

  removeTake(interviewId: string, take: number): Promise<void> {
    this.#takes.delete(`${interviewId}/${take}`);
    for (const piece of this.#piecesOf(interviewId, take)) void this.removePiece(piece);
    return Promise.resolve();
  }

  #piecesOf(interviewId: string, take: number): StoredPiece[] {
    return [...this.#pieces.values()]
      .filter((piece) => piece.interviewId === interviewId && piece.take === take)
      .sort((a, b) => a.number - b.number);
  }
}

/**
 * Keeps what the disk refuses in memory, so that a full disk costs only the safety against a closed tab,
 * not the recording.
 */
export class SpillingPieceStore implements PieceStore {
  #durable: PieceStore;
  #memory = new MemoryPieceStore();
  #onSpill: (error: unknown) => void;

  constructor(durable: PieceStore, onSpill: (error: unknown) => void) {
    this.#durable = durable;
    this.#onSpill = onSpill;
  }

  async putTake(take: StoredTake): Promise<void> {
    try {
      await this.#durable.putTake(take);
    } catch (error) {
      this.#onSpill(error);
      await this.#memory.putTake(take);
    }
  }

  async putPiece(piece: StoredPiece): Promise<void> {
    try {
      await this.#durable.putPiece(piece);
    } catch (error) {
      this.#onSpill(error);
      await this.#memory.putPiece(piece);
    }
  }

  async takes(): Promise<StoredTake[]> {
    const spilled = await this.#memory.takes();
    const kept = (await this.#durable.takes()).filter(
      (take) => !spilled.some((newer) => newer.interviewId === take.interviewId && newer.number === take.number),
    );
    return [...kept, ...spilled];
  }

  async firstPiece(interviewId: string, take: number, from = 0): Promise<StoredPiece | null> {
    const kept = await this.#durable.firstPiece(interviewId, take, from);
    const spilled = await this.#memory.firstPiece(interviewId, take, from);
    if (!kept || !spilled) return kept ?? spilled;
    return kept.number < spilled.number ? kept : spilled;
  }

  async removePiece(key: PieceKey): Promise<void> {
    await this.#memory.removePiece(key);
    await this.#durable.removePiece(key);
  }

  async removeTake(interviewId: string, take: number): Promise<void> {
    await this.#memory.removeTake(interviewId, take);
    await this.#durable.removeTake(interviewId, take);
  }
}
