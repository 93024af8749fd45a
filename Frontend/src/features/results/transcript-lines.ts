import type { Evidence, Utterance } from '@/lib/api/types';

/** Where in the video a piece of evidence was said, or null when that was not recorded. */
export function evidenceMoment(evidence: Evidence, lines: readonly Utterance[]): number | null {
  const line = lines.find((one) => one.id === evidence.utterance_id);
  if (!line || line.video_ms === null) return null;
  const into = evidence.start_ms === null || evidence.start_ms === undefined ? 0 : evidence.start_ms - line.start_ms;
  return line.video_ms + Math.max(0, into);
}

/** The line that is being said at a moment of the video: the last one begun, unless it is over for more than two seconds. */
export function lineAt(lines: readonly Utterance[], ms: number): string | null {
  let current: Utterance | null = null;
  for (const line of lines) {
    if (line.video_ms === null || line.video_ms > ms) continue;
    if (!current || line.video_ms >= (current.video_ms ?? 0)) current = line;
  }
  if (!current || current.video_ms === null) return null;
  const end = current.video_ms + (current.end_ms - current.start_ms);
  return ms <= end + 2000 ? current.id : null;
}
