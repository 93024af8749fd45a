import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { MemoryPieceStore, SpillingPieceStore, openPieceStore, type PieceStore, type StoredTake } from './piece-store';

const take: StoredTake = {
  interviewId: 'i1',
  number: 0,
  userId: 'me',
  mimeType: 'video/webm;codecs=vp8,opus',
  clockStartMs: 0,
  announced: false,
  pieces: null,
};
const piece = (number: number, changes: Partial<{ interviewId: string; take: number }> = {}) => ({
  interviewId: 'i1',
  take: 0,
  number,
  bytes: Uint8Array.from([number]).buffer,
  ...changes,
});

describe.each<[string, () => Promise<PieceStore>]>([
  ['IndexedDB', () => openPieceStore(crypto.randomUUID())],
  ['memory', () => Promise.resolve(new MemoryPieceStore())],
  [
    'a disk that is full half of the time',
    async () => {
      const durable = await openPieceStore(crypto.randomUUID());
      const putPiece = durable.putPiece.bind(durable);
      let calls = 0;
      durable.putPiece = (stored) =>
        calls++ % 2 ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : putPiece(stored);
      return new SpillingPieceStore(durable, () => undefined);
    },
  ],
])('a piece store in %s', (_name, open) => {
  it('gives pieces back in the order of their numbers, whatever the order they came in', async () => {
    const store = await open();
    for (const number of [11, 2, 0, 10]) await store.putPiece(piece(number));
    const order: number[] = [];
    for (let next = await store.firstPiece('i1', 0); next; next = await store.firstPiece('i1', 0)) {
      order.push(next.number);
      expect(Array.from(new Uint8Array(next.bytes))).toEqual([next.number]);
      await store.removePiece(next);
    }
    expect(order).toEqual([0, 2, 10, 11]);
  });

  it('keeps takes and interviews apart', async () => {
    const store = await open();
    await store.putPiece(piece(0, { take: 1 }));
    await store.putPiece(piece(5));
    await store.putPiece(piece(0, { interviewId: 'i2' }));
    expect((await store.firstPiece('i1', 0))?.number).toBe(5);
    await store.removeTake('i1', 0);
    expect(await store.firstPiece('i1', 0)).toBeNull();
    expect(await store.firstPiece('i1', 1)).not.toBeNull();
    expect(await store.firstPiece('i2', 0)).not.toBeNull();
  });

  it('remembers the newest state of a take', async () => {
    const store = await open();
    await store.putTake({ ...take, number: 1 });
    await store.putTake(take);
    await store.putTake({ ...take, announced: true, pieces: 7 });
    expect(await store.takes()).toEqual([
      { ...take, announced: true, pieces: 7 },
      { ...take, number: 1 },
    ]);
  });
});

describe('what was stored', () => {
  it('is there after a reload', async () => {
    const disk = crypto.randomUUID();
    const before = await openPieceStore(disk);
    await before.putTake(take);
    await before.putPiece(piece(3));
    const afterReload = await openPieceStore(disk);
    expect(await afterReload.takes()).toEqual([take]);
    expect((await afterReload.firstPiece('i1', 0))?.number).toBe(3);
  });
});

describe('a full disk', () => {
  it('is told, and the piece is kept in memory', async () => {
    const durable = await openPieceStore(crypto.randomUUID());
    durable.putPiece = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const onSpill = vi.fn();
    const store = new SpillingPieceStore(durable, onSpill);
    await store.putPiece(piece(0));
    expect(onSpill).toHaveBeenCalledOnce();
    expect((await store.firstPiece('i1', 0))?.number).toBe(0);
  });
});
