import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface Processor {
  process(inputs: Float32Array[][]): boolean;
}

let posted: Int16Array[];

async function processorAt(rate: number): Promise<Processor> {
  let made: (new () => Processor) | undefined;
  vi.stubGlobal('sampleRate', rate);
  vi.stubGlobal('registerProcessor', (_name: string, processor: new () => Processor) => {
    made = processor;
  });
  vi.stubGlobal(
    'AudioWorkletProcessor',
    class {
      port = {
        postMessage: (message: { pcm: Int16Array }) => {
          posted.push(message.pcm);
        },
      };
    },
  );
  vi.resetModules();
  await import('./microphone.worklet.js');
  if (!made) throw new Error('the worklet registered no processor');
  return new made();
}

function feed(processor: Processor, samples: Float32Array): void {
  for (let at = 0; at < samples.length; at += 128) processor.process([[samples.subarray(at, at + 128)]]);
}

/** A second of what comes out, the beginning left out, in which the low-pass fills up. */
async function heard(hertz: number, rate: number): Promise<number[]> {
  const processor = await processorAt(rate);
  feed(processor, tone(hertz, rate, 1.1));
  return posted.flatMap((frame) => Array.from(frame, (sample) => sample / 32_767)).slice(320);
}

function rms(samples: number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function tone(hertz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}

beforeEach(() => {
  posted = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the microphone worklet', () => {
  it.each([16_000, 44_100, 48_000, 96_000])('gives 25 frames of 640 samples for a second at %i Hz', async (rate) => {
    const processor = await processorAt(rate);
    // The low-pass looks a millisecond ahead.
    feed(processor, tone(440, rate, 2.01));
    expect(posted.length).toBe(50);
    expect(posted.every((frame) => frame.length === 640)).toBe(true);
  });

  it.each([
    [16_000, 440],
    [44_100, 440],
    [44_100, 3000],
    [48_000, 440],
    [48_000, 6000],
  ])('at %i Hz keeps a tone of %i Hz as loud and as high as it was', async (rate, hertz) => {
    const samples = await heard(hertz, rate);
    expect(rms(samples)).toBeCloseTo(0.5 / Math.SQRT2, 2);
    let crossings = 0;
    for (let i = 1; i < samples.length; i++) if ((samples[i - 1] ?? 0) < 0 && (samples[i] ?? 0) >= 0) crossings++;
    expect(Math.abs(crossings - hertz * (samples.length / 16_000))).toBeLessThanOrEqual(2);
  });

  it.each([
    [44_100, 10_000],
    [48_000, 10_000],
    [48_000, 15_000],
  ])('at %i Hz lets a tone of %i Hz, too high for speech, not fold back into it', async (rate, hertz) => {
    expect(rms(await heard(hertz, rate))).toBeLessThan(0.01);
  });

  it('clips instead of wrapping around', async () => {
    const processor = await processorAt(16_000);
    feed(processor, new Float32Array(1280).fill(3));
    feed(processor, new Float32Array(1280).fill(-3));
    expect(posted[0]?.[600]).toBe(32_767);
    expect(posted[2]?.[600]).toBe(-32_767);
  });

  it('mixes two channels into one and survives none', async () => {
    const processor = await processorAt(16_000);
    expect(processor.process([[]])).toBe(true);
    expect(processor.process([])).toBe(true);
    for (let i = 0; i < 6; i++) processor.process([[new Float32Array(128).fill(1), new Float32Array(128).fill(0)]]);
    expect(posted[0]?.[300]).toBe(16_384);
  });
});
