import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeRecordingServer, FakeVideoService, offline } from './fake-recording-server.fixture';
import { openPieceStore } from './piece-store';
import { RecordingUploads } from './recording-uploads';

const TAKE = { interviewId: 'i1', userId: 'me', number: 0, mimeType: 'video/webm;codecs=vp8,opus', clockStartMs: 250 };
/** Pieces of six bytes; the service wants parts of more than ten, so two pieces make one. */
const SIX = (number: number) => Array.from({ length: 6 }, (_, index) => number * 6 + index);

let disk: string;
let server: FakeRecordingServer;
let service: FakeVideoService;

beforeEach(() => {
  // No wait between tries.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  disk = crypto.randomUUID();
  service = new FakeVideoService();
  server = new FakeRecordingServer();
  server.service = service;
});

afterEach(() => {
  vi.restoreAllMocks();
});

function page(): RecordingUploads {
  return new RecordingUploads({
    openStore: () => openPieceStore(disk),
    wire: server,
    service,
    alone: async (_name, _wait, work) => {
      await work();
      return true;
    },
  });
}

async function record(uploads: RecordingUploads, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number += 1) {
    const data = Uint8Array.from(SIX(number));
    const piece = new Blob([data]);
    piece.arrayBuffer = () => Promise.resolve(data.buffer);
    await uploads.addPiece('i1', 0, number, piece);
  }
}

async function stored(pieces: number): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(service.videos.get('i1/0')).toEqual(Array.from({ length: pieces * 6 }, (_, index) => index));
      expect(await (await openPieceStore(disk)).takes()).toEqual([]);
    },
    { timeout: 10_000 },
  );
}

const kept = async () => (await (await openPieceStore(disk)).firstPiece('i1', 0))?.number ?? null;

describe('a take for the video service', () => {
  it('goes there in parts while it is recorded, the last of which states the total', async () => {
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 4);
    await vi.waitFor(() => {
      expect(service.log).toEqual(['bytes 0-11/-1', 'bytes 12-23/-1']);
    });
    expect(await kept()).toBe(0);
    await record(uploads, 5, 5);
    await uploads.endTake('i1', 0, 6);
    await stored(6);
    expect(service.log).toEqual(['bytes 0-11/-1', 'bytes 12-23/-1', 'bytes 24-35/36']);
    expect(server.log).toEqual(['take 0', 'leave 0', 'done 0']);
    expect(await kept()).toBeNull();
    expect(uploads.status('i1')).toMatchObject({ phase: 'idle', pendingPieces: 0, pendingBytes: 0 });
  });

  it('keeps its last piece back while it is recorded, for the part that states the total', async () => {
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 1);
    await vi.waitFor(() => {
      expect(server.log).toContain('leave 0');
    });
    await uploads.resumePending('me');
    expect(service.log).toEqual([]);
    await uploads.endTake('i1', 0, 2);
    await stored(2);
    expect(service.log).toEqual(['whole 12']);
  });

  it('that is small goes in one', async () => {
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 0);
    await uploads.endTake('i1', 0, 1);
    await stored(1);
    expect(service.log).toEqual(['whole 6']);
  });

  it('is repeated part by part after a loss, never in other parts', async () => {
    service.troubles = ['cut', null, 'lost answer', null];
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 6);
    await uploads.endTake('i1', 0, 7);
    await stored(7);
    const distinct = [...new Set(service.log.map((entry) => entry.replace(/ (cut|lost answer)$/, '')))];
    expect(distinct).toEqual(['bytes 0-11/-1', 'bytes 12-23/-1', 'bytes 24-35/-1', 'bytes 36-41/42']);
    expect(service.log).toHaveLength(6);
  });

  it('whose last answer was lost is looked up before it is sent again', async () => {
    service.troubles = ['lost answer'];
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 0);
    await uploads.endTake('i1', 0, 1);
    await stored(1);
    expect(service.log).toEqual(['whole 6 lost answer']);
    expect(server.log).toContain('done 0 without a receipt');
  });

  it('goes on after a reload where it was', async () => {
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 2);
    await vi.waitFor(() => {
      expect(service.log).toEqual(['bytes 0-11/-1']);
    });
    await page().resumePending('me');
    await stored(3);
    expect(service.log).toEqual(['bytes 0-11/-1', 'bytes 12-17/18']);
  });

  it('is begun anew when the service has forgotten its beginning', async () => {
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 2);
    await vi.waitFor(() => {
      expect(service.log).toEqual(['bytes 0-11/-1']);
    });
    service.forgetParts();
    await page().resumePending('me');
    await stored(3);
    expect(service.log).toEqual(['bytes 0-11/-1', 'bytes 12-17/18', 'bytes 0-11/-1', 'bytes 12-17/18']);
  });
});

describe('a take that the video service will not have', () => {
  it('comes to us whole, though part of it had been taken there', async () => {
    service.troubles = [null, ...Array.from({ length: 5 }, () => 'refused' as const)];
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 4);
    await uploads.endTake('i1', 0, 5);
    await vi.waitFor(() => {
      expect(server.takes.get('i1/0')?.ended).toBe(5);
    });
    expect(server.bytesOf('i1', 0)).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(server.log).toContain('give up 0');
    expect(service.videos.size).toBe(0);
  });

  it('comes to us when every connection there is cut', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
    service.troubles = Array.from({ length: 50 }, () => 'cut' as const);
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 1);
    await uploads.endTake('i1', 0, 2);
    await vi.waitFor(
      () => {
        expect(server.takes.get('i1/0')?.ended).toBe(2);
      },
      { timeout: 60_000 },
    );
    vi.useRealTimers();
    expect(server.bytesOf('i1', 0)).toEqual([...SIX(0), ...SIX(1)]);
    expect(service.log).toHaveLength(8);
  }, 20_000);

  it('is not given up while we cannot be reached either', async () => {
    service.troubles = ['cut'];
    server.failures = [null, null, offline(), offline(), offline()];
    const uploads = page();
    await uploads.startTake(TAKE);
    await record(uploads, 0, 2);
    await uploads.endTake('i1', 0, 3);
    await stored(3);
    expect(server.log).not.toContain('give up 0');
  }, 20_000);

  it('comes to us when the server has changed its mind', async () => {
    const uploads = page();
    await uploads.startTake(TAKE);
    await vi.waitFor(() => {
      expect(server.log).toContain('leave 0');
    });
    const take = server.takes.get('i1/0');
    if (take) take.direct = false;
    await record(uploads, 0, 1);
    const later = page();
    await later.resumePending('me');
    expect(server.takes.get('i1/0')?.ended).toBe(2);
    expect(service.log).toEqual([]);
  });
});
