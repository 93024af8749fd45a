import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpeechChunk } from '../connection/audio-frames';
import { SpeechPlayer } from './speech-player';

class FakeSource {
  buffer: { duration: number } | null = null;
  onended: (() => void) | null = null;
  startedAt: number | null = null;
  stoppedAt: number | null = null;
  connect(): void {}
  disconnect(): void {}
  start(at: number): void {
    this.startedAt = at;
  }
  stop(at: number): void {
    this.stoppedAt = at;
  }
}

class FakeContext {
  currentTime = 10;
  sources: FakeSource[] = [];
  createGain() {
    return { gain: { setTargetAtTime: () => undefined }, connect: () => undefined, disconnect: () => undefined };
  }
  createBuffer(_channels: number, length: number, rate: number) {
    return { duration: length / rate, copyToChannel: () => undefined };
  }
  createBufferSource(): FakeSource {
    const source = new FakeSource();
    this.sources.push(source);
    return source;
  }
}

let context: FakeContext;
let log: string[];
let starts: number[];
let player: SpeechPlayer;

function chunk(id: string, seconds: number, last: boolean): SpeechChunk {
  return {
    header: { utterance_id: id, index: 0, last, text: 'Hello', duration_ms: seconds * 1000, cues: [{ t: 0, v: 'E' }] },
    samples: new Float32Array(seconds * 24_000),
  };
}

function source(index: number): FakeSource {
  const found = context.sources[index];
  if (!found) throw new Error(`source ${index} was never made`);
  return found;
}

beforeEach(() => {
  vi.useFakeTimers();
  context = new FakeContext();
  log = [];
  starts = [];
  player = new SpeechPlayer(context as unknown as BaseAudioContext, {} as AudioNode, {
    onScheduled: (speech) => starts.push(speech.startAt),
    onStarted: (id) => log.push(`started ${id}`),
    onFinished: (id) => log.push(`finished ${id}`),
    onCut: (id) => log.push(`cut ${id}`),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('speech', () => {
  it('follows without a gap when the next chunk comes in time', () => {
    player.enqueue(chunk('u1', 1, false));
    context.currentTime = 10.4;
    player.enqueue(chunk('u1', 2, false));
    player.enqueue(chunk('u1', 1, true));
    expect(starts).toEqual([10.015, 11.015, 13.015]);
  });

  it('goes on at once when a chunk comes late, not in the past', () => {
    player.enqueue(chunk('u1', 1, false));
    context.currentTime = 12;
    player.enqueue(chunk('u1', 1, true));
    expect(starts[1]).toBeCloseTo(12.015);
  });

  it('never talks over what is still to be said', () => {
    player.enqueue(chunk('u1', 2, true));
    player.enqueue(chunk('u2', 1, true));
    expect(starts[1]).toBeCloseTo(12.015);
  });

  it('is told as started when its first sound is due, and finished after its last', () => {
    player.enqueue(chunk('u1', 1, false));
    expect(log).toEqual([]);
    vi.advanceTimersByTime(15);
    expect(log).toEqual(['started u1']);
    player.enqueue(chunk('u1', 1, true));
    source(0).onended?.();
    expect(log).toEqual(['started u1']);
    source(1).onended?.();
    expect(log).toEqual(['started u1', 'finished u1']);
  });

  it('is not finished while more of it is to come', () => {
    player.enqueue(chunk('u1', 1, false));
    source(0).onended?.();
    expect(log).not.toContain('finished u1');
    player.enqueue(chunk('u1', 0, true));
    expect(log).toContain('finished u1');
  });

  it('is told as finished before the next is told as started', () => {
    player.enqueue(chunk('u1', 1, true));
    vi.advanceTimersByTime(15);
    player.enqueue(chunk('u2', 1, true));
    vi.advanceTimersByTime(1015);
    source(0).onended?.();
    expect(log).toEqual(['started u1', 'finished u1', 'started u2']);
  });

  it('that is cut stops, is not told as finished, and its late chunks are not played', () => {
    player.enqueue(chunk('u1', 5, false));
    player.cut('u1');
    expect(source(0).stoppedAt).toBeLessThan(10.1);
    player.enqueue(chunk('u1', 5, true));
    expect(context.sources).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(log).toEqual(['cut u1']);
  });

  it('after a cut begins at once', () => {
    player.enqueue(chunk('u1', 60, false));
    player.cutAll();
    player.enqueue(chunk('u2', 1, true));
    expect(starts[1]).toBeCloseTo(10.015);
  });
});
