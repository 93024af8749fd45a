import type { VideoPart } from '@/lib/api/types';

/** A moment of the recording: which of its videos, and where in that one. */
export interface Place {
  part: number;
  ms: number;
}

/** A moment beyond the end is the end. */
export function placeOf(parts: readonly VideoPart[], ms: number): Place {
  const found = parts.findIndex((part) => ms < part.start_ms + part.duration_ms);
  const part = found === -1 ? parts.length - 1 : found;
  return { part, ms: Math.max(0, ms - (parts[part]?.start_ms ?? 0)) };
}
