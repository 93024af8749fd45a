import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Recorder, recordingType } from './recorder';

class FakeMediaRecorder {
  state: RecordingState = 'inactive';
  mimeType = '';
  timeslice = 0;
  onstart: (() => void) | null = null;
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  readonly options: MediaRecorderOptions;

  constructor(options: MediaRecorderOptions) {
    this.options = options;
  }

  start(timeslice: number): void {
    this.timeslice = timeslice;
    this.state = 'recording';
  }

  pause(): void {
    this.state = 'paused';
  }

  resume(): void {
    this.state = 'recording';
  }

  requestData(): void {
    this.give('flushed');
  }

  give(text: string): void {
    this.mimeType = 'video/webm;codecs=vp8,opus';
    this.ondataavailable?.({ data: new Blob([text], { type: this.mimeType }) });
  }

  /** As browsers do it: one more piece, which may be empty, then stop. */
  stop(last = ''): void {
    this.state = 'inactive';
    this.give(last);
    this.onstop?.();
  }
}

type RecordingState = 'inactive' | 'recording' | 'paused';

let made: FakeMediaRecorder[];
let log: string[];
let clockMs: number;
const onLost = vi.fn();
const onPictureLost = vi.fn();
let streams: MediaStream[];

function recorder(): Recorder {
  const stream = { getVideoTracks: () => [{}], getAudioTracks: () => ['voice'] } as unknown as MediaStream;
  return new Recorder(stream, {
    interviewId: 'i1',
    userId: 'me',
    clock: () => clockMs,
    onLost,
    onPictureLost,
    makeRecorder: (stream, options) => {
      streams.push(stream);
      const fake = new FakeMediaRecorder(options);
      made.push(fake);
      return fake as unknown as MediaRecorder;
    },
    uploads: {
      startTake: (take) => {
        log.push(`start ${take.number} at ${take.clockStartMs} as ${take.mimeType}`);
        return Promise.resolve();
      },
      addPiece: async (_id, take, number, piece) => {
        // The first piece is slow to store: the second must still come after it.
        if (number === 0) await Promise.resolve();
        log.push(`piece ${take}/${number} of ${piece.size}`);
      },
      endTake: (_id, take, pieces) => {
        log.push(`end ${take} after ${pieces}`);
        return Promise.resolve();
      },
    },
  });
}

function run(index: number): FakeMediaRecorder {
  const fake = made[index];
  if (!fake) throw new Error(`recorder ${index} was never made`);
  return fake;
}

beforeEach(() => {
  made = [];
  log = [];
  clockMs = 0;
  streams = [];
  onLost.mockClear();
  onPictureLost.mockClear();
  vi.stubGlobal('MediaRecorder', { isTypeSupported: (type: string) => type.includes('vp8') });
});

describe('a take', () => {
  it('is stored piece by piece, with the type the recorder reports and its place on the interview clock', async () => {
    const recording = recorder();
    recording.start(2);
    clockMs = 1234.4;
    run(0).onstart?.();
    run(0).give('abc');
    run(0).give('de');
    await recording.stop();
    expect(log).toEqual([
      'start 2 at 1234 as video/webm;codecs=vp8,opus',
      'piece 2/0 of 3',
      'piece 2/1 of 2',
      'end 2 after 2',
    ]);
    expect(onLost).not.toHaveBeenCalled();
  });

  it('counts the piece that comes with the stop, and no empty one', async () => {
    const recording = recorder();
    recording.start(0);
    run(0).give('abc');
    run(0).give('');
    run(0).stop = FakeMediaRecorder.prototype.stop.bind(run(0), 'last');
    await recording.stop();
    expect(log.slice(1)).toEqual(['piece 0/0 of 3', 'piece 0/1 of 4', 'end 0 after 2']);
  });

  it('that recorded nothing is not announced', async () => {
    const recording = recorder();
    recording.start(0);
    await recording.stop();
    expect(log).toEqual([]);
  });

  it('is written in pieces of two seconds at a bit rate of its own', () => {
    recorder().start(0);
    expect(run(0).timeslice).toBe(2000);
    expect(run(0).options).toMatchObject({
      mimeType: 'video/webm;codecs=vp8,opus',
      videoBitsPerSecond: 1_000_000,
      audioBitsPerSecond: 64_000,
    });
  });

  it('has a new number whenever the recorder starts again', async () => {
    const recording = recorder();
    recording.start(1);
    run(0).give('a');
    recording.start(1);
    run(1).give('b');
    await recording.stop();
    await vi.waitFor(() => {
      expect(log).toContain('end 1 after 1');
    });
    expect(log).toContain('piece 2/0 of 1');
    expect(run(0).state).toBe('inactive');
  });

  it('stands still with the interview clock', () => {
    const recording = recorder();
    recording.start(0);
    recording.pause();
    expect(run(0).state).toBe('paused');
    recording.pause();
    recording.resume();
    recording.resume();
    expect(run(0).state).toBe('recording');
  });

  it('that breaks off by itself is kept as far as it got, and told', async () => {
    const recording = recorder();
    recording.start(0);
    run(0).give('abc');
    run(0).stop();
    await vi.waitFor(() => {
      expect(log).toContain('end 0 after 1');
    });
    expect(onLost).toHaveBeenCalledOnce();
    expect(recording.recording).toBe(false);
  });

  it('that cannot be started is told and does not throw', () => {
    const stream = { getVideoTracks: () => [] } as unknown as MediaStream;
    const recording = new Recorder(stream, {
      interviewId: 'i1',
      userId: 'me',
      clock: () => 0,
      onLost,
      onPictureLost,
      uploads: {
        startTake: () => Promise.resolve(),
        addPiece: () => Promise.resolve(),
        endTake: () => Promise.resolve(),
      },
      makeRecorder: () => {
        throw new DOMException('no', 'NotSupportedError');
      },
    });
    recording.start(0);
    expect(onLost).toHaveBeenCalledOnce();
  });
});

describe('a browser that writes nothing', () => {
  class FakeStream {
    constructor(readonly tracks: unknown[]) {}
    getVideoTracks = () => [];
    getAudioTracks = () => this.tracks;
  }
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
  });
  afterEach(() => vi.useRealTimers());

  it('is asked for sound alone, and then told to be lost', () => {
    const recording = recorder();
    recording.start(3);
    vi.advanceTimersByTime(60_000);
    expect(onPictureLost).toHaveBeenCalledOnce();
    expect(run(0).state).toBe('inactive');
    expect(streams[1]).toMatchObject({ tracks: ['voice'] });
    expect(made).toHaveLength(2);
    expect(onLost).toHaveBeenCalledOnce();
    expect(recording.recording).toBe(false);
  });

  it('may write sound: it is recorded, and the picture is not tried again', async () => {
    const recording = recorder();
    recording.start(3);
    vi.advanceTimersByTime(10_000);
    run(1).give('voice');
    vi.advanceTimersByTime(60_000);
    recording.start(3);
    expect(streams[2]).toMatchObject({ tracks: ['voice'] });
    await recording.stop();
    expect(onLost).not.toHaveBeenCalled();
    expect(log).toContain('piece 4/0 of 5');
  });

  it('is given its time again after a pause', () => {
    const recording = recorder();
    recording.start(0);
    vi.advanceTimersByTime(9_000);
    recording.pause();
    vi.advanceTimersByTime(60_000);
    recording.resume();
    vi.advanceTimersByTime(9_000);
    expect(onPictureLost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(onPictureLost).toHaveBeenCalledOnce();
  });
});

describe('the type of a recording', () => {
  it('is VP8 where it can be had, MP4 where nothing else can, and sound alone without a camera', () => {
    expect(recordingType(true, () => true)).toBe('video/webm;codecs=vp8,opus');
    expect(recordingType(true, (type) => type.includes('mp4'))).toBe('video/mp4;codecs=avc1.42E01E,mp4a.40.2');
    expect(recordingType(false, () => true)).toBe('audio/webm;codecs=opus');
    expect(recordingType(true, () => false)).toBeNull();
  });
});
