import { describe, expect, it } from 'vitest';
import { readSpeechFrame, writeMicrophoneFrame } from './audio-frames';

function speechFrame(header: string, samples: number[]): ArrayBuffer {
  const json = new TextEncoder().encode(header);
  const frame = new ArrayBuffer(4 + json.length + 2 * samples.length);
  const view = new DataView(frame);
  view.setUint32(0, json.length, true);
  new Uint8Array(frame).set(json, 4);
  samples.forEach((sample, i) => {
    view.setInt16(4 + json.length + 2 * i, sample, true);
  });
  return frame;
}

const header = (text: string) =>
  JSON.stringify({ utterance_id: 'u1', index: 0, last: true, text, duration_ms: 1, cues: [{ t: 0, v: 'aa' }] });

describe('a chunk of speech', () => {
  it.each(['even', 'odd'])('is read wherever its samples begin (%s)', (text) => {
    const chunk = readSpeechFrame(speechFrame(header(text), [0, 16_384, -32_768]));
    expect(chunk?.header.text).toBe(text);
    expect(Array.from(chunk?.samples ?? [])).toEqual([0, 0.5, -1]);
  });

  it('that is broken is no chunk', () => {
    const truncated = speechFrame(header('x'), []).slice(0, 20);
    const wild = new ArrayBuffer(8);
    new DataView(wild).setUint32(0, 0xffff_ffff, true);
    for (const frame of [new ArrayBuffer(0), truncated, wild, speechFrame('{', [1]), speechFrame('{}', [1])]) {
      expect(readSpeechFrame(frame)).toBeNull();
    }
  });
});

describe('a microphone frame', () => {
  it('carries its number and its samples little-endian', () => {
    const frame = writeMicrophoneFrame(258, Int16Array.from([1, -2]));
    expect(Array.from(new Uint8Array(frame))).toEqual([2, 1, 0, 0, 1, 0, 0xfe, 0xff]);
  });
});
