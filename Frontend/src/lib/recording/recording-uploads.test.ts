import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '@/lib/api/problem';
import { FakeRecordingServer, offline, refused } from './fake-recording-server.fixture';
import { openPieceStore } from './piece-store';
import { verdictOn } from './piece-uploader';
import { RecordingUploads } from './recording-uploads';

const TAKE = { interviewId: 'i1', userId: 'me', number: 0, mimeType: 'video/webm;codecs=vp8,opus', clockStartMs: 250 };

function page(disk: string, server: FakeRecordingServer): RecordingUploads {
  return new RecordingUploads({
    openStore: () => openPieceStore(disk),
    wire: server,
    alone: async (_name, _wait, work) => {
      await work();
      return true;
    },
  });
}

function blob(...bytes: number[]): Blob {
  const data = Uint8Array.from(bytes);
  const made = new Blob([data]);
  // jsdom's Blob has no arrayBuffer().
  made.arrayBuffer = () => Promise.resolve(data.buffer);
  return made;
}

async function record(uploads: RecordingUploads, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await uploads.addPiece('i1', 0, number, blob(number));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a recording', () => {
  it('arrives whole and in order, and nothing of it stays in the browser', async () => {
    const disk = crypto.randomUUID();
    const server = new FakeRecordingServer();
    const uploads = page(disk, server);
    await uploads.startTake(TAKE);
    await record(uploads, 0, 1, 2);
    await uploads.endTake('i1', 0, 3);
    await vi.waitFor(() => {
      expect(server.takes.get('i1/0')?.ended).toBe(3);
    });
    expect(server.log).toEqual(['take 0', 'piece 0/0', 'piece 0/1', 'piece 0/2', 'end 0 after 3']);
    expect(server.takes.get('i1/0')).toMatchObject({ mimeType: TAKE.mimeType, clockStartMs: 250 });
    await vi.waitFor(async () => {
      expect(await (await openPieceStore(disk)).takes()).toEqual([]);
    });
    expect(await (await openPieceStore(disk)).firstPiece('i1', 0)).toBeNull();
    expect(uploads.status('i1')).toMatchObject({ phase: 'idle', pendingPieces: 0, pendingBytes: 0, durable: true });
  });

  it('is not ended by the server while it is still being made', async () => {
    const server = new FakeRecordingServer();
    const uploads = page(crypto.randomUUID(), server);
    await uploads.startTake(TAKE);
    await record(uploads, 0);
    await vi.waitFor(() => {
      expect(server.log).toContain('piece 0/0');
    });
    await uploads.resumePending('me');
    expect(server.log.filter((entry) => entry.startsWith('end'))).toEqual([]);
    expect(uploads.hasUnsent).toBe(true);
  });

  it('waits out an unreachable server without losing or doubling a piece', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const server = new FakeRecordingServer();
    server.failures = [offline(), null, null, offline(), refused(503), offline()];
    const uploads = page(crypto.randomUUID(), server);
    await uploads.startTake(TAKE);
    await record(uploads, 0, 1, 2, 3);
    await uploads.endTake('i1', 0, 4);
    await vi.waitFor(
      () => {
        expect(server.takes.get('i1/0')?.ended).toBe(4);
      },
      { timeout: 8000 },
    );
    expect(server.bytesOf('i1', 0)).toEqual([0, 1, 2, 3]);
    const sent = server.log.filter((entry) => entry.startsWith('piece') && !entry.endsWith('failed'));
    expect(sent).toEqual(['piece 0/0', 'piece 0/1', 'piece 0/2', 'piece 0/3']);
  }, 10_000);
});

describe('left-overs of a closed tab', () => {
  async function closedTab(): Promise<{ disk: string; server: FakeRecordingServer }> {
    const disk = crypto.randomUUID();
    const server = new FakeRecordingServer();
    server.failures = [null, null, ...Array.from({ length: 50 }, () => refused(401, 'not_signed_in'))];
    const uploads = page(disk, server);
    await uploads.startTake(TAKE);
    await record(uploads, 0);
    await vi.waitFor(() => {
      expect(server.log).toContain('piece 0/0');
    });
    await record(uploads, 1, 2);
    await vi.waitFor(() => {
      expect(uploads.status('i1').phase).toBe('signed_out');
    });
    server.failures = [];
    server.log.length = 0;
    return { disk, server };
  }

  it('are sent on the next visit, and their take is ended with what there is', async () => {
    const { disk, server } = await closedTab();
    await page(disk, server).resumePending('me');
    expect(server.log).toEqual(['piece 0/1', 'piece 0/2', 'state i1', 'end 0 after 3']);
    expect(server.bytesOf('i1', 0)).toEqual([0, 1, 2]);
    expect(await (await openPieceStore(disk)).takes()).toEqual([]);
  });

  it('are not sent while somebody else is signed in', async () => {
    const { disk, server } = await closedTab();
    await page(disk, server).resumePending('somebody else');
    expect(server.log).toEqual([]);
    expect((await (await openPieceStore(disk)).firstPiece('i1', 0))?.number).toBe(1);
  });

  it('are left alone while another tab is at them', async () => {
    const { disk, server } = await closedTab();
    const uploads = new RecordingUploads({
      openStore: () => openPieceStore(disk),
      wire: server,
      alone: () => Promise.resolve(false),
    });
    await uploads.resumePending('me');
    expect(server.log).toEqual([]);
  });

  it('go when their interview has been deleted', async () => {
    const { disk, server } = await closedTab();
    server.failures = [refused(404, 'interview_not_found')];
    await page(disk, server).resumePending('me');
    expect(await (await openPieceStore(disk)).takes()).toEqual([]);
    expect(await (await openPieceStore(disk)).firstPiece('i1', 0)).toBeNull();
  });

  it('go when the consent to record was withdrawn', async () => {
    const { disk, server } = await closedTab();
    server.failures = [refused(409, 'consent_missing')];
    await page(disk, server).resumePending('me');
    expect(await (await openPieceStore(disk)).takes()).toEqual([]);
  });

  it('are announced anew when the server does not know their take', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { disk, server } = await closedTab();
    server.failures = [refused(404, 'take_not_found')];
    await page(disk, server).resumePending('me');
    expect(server.log).toEqual(['piece 0/1 failed', 'take 0', 'piece 0/1', 'piece 0/2', 'state i1', 'end 0 after 3']);
  });

  it('keep their number for themselves', async () => {
    const { disk, server } = await closedTab();
    const uploads = page(disk, server);
    expect(await uploads.nextTake('i1')).toBe(1);
    expect(await uploads.nextTake('i2')).toBe(0);
  });

  it('stay when the server refuses them for another reason', async () => {
    const { disk, server } = await closedTab();
    server.failures = [refused(413, 'recording_full')];
    const uploads = page(disk, server);
    await uploads.resumePending('me');
    expect(uploads.status('i1')).toMatchObject({ phase: 'failed', code: 'recording_full' });
    expect((await (await openPieceStore(disk)).firstPiece('i1', 0))?.number).toBe(1);
  });
});

describe('a server without room', () => {
  it('gets every piece once it has some, and until then the reason stays to be shown', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const server = new FakeRecordingServer();
    const seen: string[] = [];
    const uploads = page('full disk', server);
    uploads.subscribe(() => seen.push(uploads.status('i1').trouble));
    await uploads.startTake(TAKE);
    await vi.waitFor(() => {
      expect(server.takes.has('i1/0')).toBe(true);
    });
    server.failures = [refused(503, 'piece_not_stored'), refused(503, 'disk_full')];
    await record(uploads, 0, 1);
    await uploads.endTake('i1', 0, 2);
    await vi.waitFor(
      () => {
        expect(server.takes.get('i1/0')?.ended).toBe(2);
      },
      { timeout: 10_000 },
    );
    expect(seen.filter((trouble, index) => trouble !== seen[index - 1])).toEqual([
      '',
      'piece_not_stored',
      'disk_full',
      '',
    ]);
    expect(uploads.status('i1')).toMatchObject({ phase: 'idle', trouble: '', pendingPieces: 0 });
  });

  it('keeps what one person may not store any more in the browser', async () => {
    const server = new FakeRecordingServer();
    const disk = 'full account';
    const uploads = page(disk, server);
    await uploads.startTake(TAKE);
    await vi.waitFor(() => {
      expect(server.takes.has('i1/0')).toBe(true);
    });
    server.failures = [refused(413, 'recordings_full'), refused(413, 'recordings_full')];
    await record(uploads, 0);
    await vi.waitFor(() => {
      expect(uploads.status('i1')).toMatchObject({ phase: 'failed', trouble: 'recordings_full' });
    });
    expect((await (await openPieceStore(disk)).firstPiece('i1', 0))?.number).toBe(0);
  });
});

describe('a browser without IndexedDB', () => {
  it('still records, and says that the tab must stay open', async () => {
    const server = new FakeRecordingServer();
    const uploads = new RecordingUploads({
      openStore: () => Promise.reject(new DOMException('no', 'SecurityError')),
      wire: server,
      alone: async (_name, _wait, work) => {
        await work();
        return true;
      },
    });
    await uploads.startTake(TAKE);
    await record(uploads, 0);
    await uploads.endTake('i1', 0, 1);
    await vi.waitFor(() => {
      expect(server.takes.get('i1/0')?.ended).toBe(1);
    });
    expect(uploads.status('i1').durable).toBe(false);
  });
});

describe('a failed request', () => {
  it.each([
    [offline(), 'waiting'],
    [refused(500), 'waiting'],
    [refused(503), 'waiting'],
    [refused(429), 'waiting'],
    [new Error('anything'), 'waiting'],
    [refused(401, 'not_signed_in'), 'signed_out'],
    [refused(409), 'failed'],
    [refused(413), 'failed'],
  ])('of kind %s means %s', (error, phase) => {
    expect(verdictOn(error).phase).toBe(phase);
  });

  it('that names a time is tried again then', () => {
    const error = new ProblemError('too_often', 'Wait.', { status: 429, retryAfterS: 7 });
    expect(verdictOn(error).retryAfterMs).toBe(7000);
  });
});
