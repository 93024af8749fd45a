import type { SpeechHeader } from './messages';

/** One chunk of the interviewer's voice. `samples` are mono at `SPEECH_RATE`, −1 … 1. */
export interface SpeechChunk {
  header: SpeechHeader;
  samples: Float32Array<ArrayBuffer>;
}

export const SPEECH_RATE = 24_000;

const HEADER_LENGTH_BYTES = 4;
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Reads `<u32 header length, little-endian><header JSON><PCM s16le mono 24 kHz>`.
 * Null when the frame is not one: a broken chunk is a missing sound, never the end of the interview.
 */
export function readSpeechFrame(frame: ArrayBuffer): SpeechChunk | null {
  if (frame.byteLength < HEADER_LENGTH_BYTES) return null;
  const view = new DataView(frame);
  const headerBytes = view.getUint32(0, true);
  const audioStart = HEADER_LENGTH_BYTES + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || audioStart > frame.byteLength) return null;
  let header: SpeechHeader;
  try {
    header = JSON.parse(
      new TextDecoder().decode(new Uint8Array(frame, HEADER_LENGTH_BYTES, headerBytes)),
    ) as SpeechHeader;
  } catch {
    return null;
  }
  if (typeof header.utterance_id !== 'string' || !Array.isArray(header.cues)) return null;
  // The header's length is not always even, so the samples may lie on an odd offset, where an Int16Array cannot.
  const count = Math.floor((frame.byteLength - audioStart) / 2);
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) samples[i] = view.getInt16(audioStart + 2 * i, true) / 32_768;
  return { header, samples };
}

/** Writes `<u32 sequence, little-endian><PCM s16le mono 16 kHz>`. */
export function writeMicrophoneFrame(sequence: number, pcm: Int16Array): ArrayBuffer {
  const frame = new ArrayBuffer(4 + 2 * pcm.length);
  const view = new DataView(frame);
  view.setUint32(0, sequence >>> 0, true);
  for (let i = 0; i < pcm.length; i++) view.setInt16(4 + 2 * i, pcm[i] ?? 0, true);
  return frame;
}
