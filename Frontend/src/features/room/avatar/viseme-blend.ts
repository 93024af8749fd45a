/**
 * From timed cues to viseme weights at one moment: pure, so that it can be held by property tests.
 *
 * Each cue first becomes a target: strong shapes (vowels, closed lips) keep their own, weak consonants lean
 * towards the vowels around them, as a speaker's mouth does. The targets, constant in time, are then smoothed
 * by a raised cosine of half-width `SMOOTHING_MS`. That one convolution gives every promise at once: weights
 * are convex combinations (each in [0, 1], sum ≤ 1), none changes faster than 1/SMOOTHING_MS per millisecond,
 * and a shape held for 60 ms reaches 97 % in its middle.
 */
import { noVisemes, VISEMES, type Viseme, type VisemeCue, type VisemeWeights } from './visemes';

/** Lips need about 80 ms from one shape to the next; 2 × 40 also lets a 60 ms PP close (see above). */
export const SMOOTHING_MS = 40;

/** A closed-lip cue shorter than this borrows time from its neighbours: a missing closure is the first thing people see. */
const SHORTEST_CLOSURE_MS = 64;

/** The last cue has no successor that ends it. */
const LAST_CUE_MS = 160;

/** How far a vowel's shape reaches into the consonants around it. */
const REACH_MS = 260;

/** Share of its own shape that a cue keeps; the rest goes to the neighbouring vowels. */
const DOMINANCE: Record<Viseme, number> = {
  sil: 1,
  PP: 1,
  FF: 1,
  TH: 0.8,
  DD: 0.62,
  kk: 0.45,
  CH: 0.88,
  SS: 0.8,
  nn: 0.58,
  RR: 0.68,
  aa: 1,
  E: 1,
  I: 1,
  O: 1,
  U: 1,
};
const VOWELS: ReadonlySet<Viseme> = new Set<Viseme>(['aa', 'E', 'I', 'O', 'U']);
const CLOSED: ReadonlySet<Viseme> = new Set<Viseme>(['PP', 'FF']);

type Segment = { from: number; to: number; v: Viseme; target: Partial<VisemeWeights> };
export type MouthTrack = { readonly segments: readonly Segment[]; readonly endMs: number };

/** Prepare a chunk once; `weightsAt` then costs a few additions. Unordered and duplicate times are tolerated. */
export function mouthTrack(cues: readonly VisemeCue[]): MouthTrack {
  const ordered = cues.filter((c) => Number.isFinite(c.t)).toSorted((a, b) => a.t - b.t);
  const segments: Segment[] = ordered.map((cue, i) => {
    const next = ordered[i + 1];
    return { from: cue.t, to: next ? next.t : cue.t + (cue.v === 'sil' ? 0 : LAST_CUE_MS), v: cue.v, target: {} };
  });
  lengthenClosures(segments);
  segments.forEach((s, i) => (s.target = target(segments, i)));
  return { segments, endMs: segments.at(-1)?.to ?? 0 };
}

function lengthenClosures(segments: Segment[]): void {
  segments.forEach((s, i) => {
    const missing = SHORTEST_CLOSURE_MS - (s.to - s.from);
    if (!CLOSED.has(s.v) || missing <= 0) return;
    const before = segments[i - 1];
    const after = segments[i + 1];
    // At most half of a neighbour, so that the vowel between two closures stays visible.
    const left = before ? Math.min(missing / 2, (before.to - before.from) / 2) : missing / 2;
    const right = after ? Math.min(missing / 2, (after.to - after.from) / 2) : missing / 2;
    s.from -= left;
    s.to += right;
    if (before) before.to = s.from;
    if (after) after.from = s.to;
  });
}

function target(segments: readonly Segment[], i: number): Partial<VisemeWeights> {
  const s = segments[i]!;
  const own = DOMINANCE[s.v];
  const out: Partial<VisemeWeights> = { [s.v]: own };
  if (own === 1) return out;
  const before = vowelNear(segments, i, -1);
  const after = vowelNear(segments, i, 1);
  // A mouth prepares what comes more than it keeps what was.
  const shares: [Viseme | undefined, number][] =
    before && after
      ? [
          [before, 0.4],
          [after, 0.6],
        ]
      : [[before ?? after, 0.8]];
  for (const [v, share] of shares) if (v) out[v] = (out[v] ?? 0) + (1 - own) * share;
  return out;
}

function vowelNear(segments: readonly Segment[], i: number, step: 1 | -1): Viseme | undefined {
  const here = segments[i]!;
  for (let k = i + step; k >= 0 && k < segments.length; k += step) {
    const s = segments[k]!;
    const gap = step > 0 ? s.from - here.to : here.from - s.to;
    if (s.v === 'sil' || CLOSED.has(s.v) || gap > REACH_MS) return undefined;
    if (VOWELS.has(s.v)) return s.v;
  }
  return undefined;
}

/** Integral of the raised cosine from -∞ to x (milliseconds): 0 … 1. */
function passed(x: number): number {
  const u = x / SMOOTHING_MS;
  if (u <= -1) return 0;
  if (u >= 1) return 1;
  return 0.5 * (1 + u + Math.sin(Math.PI * u) / Math.PI);
}

/** Weights at `t` milliseconds of the chunk. Outside the chunk everything is 0: a resting mouth. */
export function weightsAt(track: MouthTrack, t: number): VisemeWeights {
  const out = noVisemes();
  for (const s of track.segments) {
    if (s.to < t - SMOOTHING_MS) continue;
    if (s.from > t + SMOOTHING_MS) break;
    const share = passed(s.to - t) - passed(s.from - t);
    if (share <= 0) continue;
    for (const [v, w] of Object.entries(s.target)) out[v as Viseme] += share * w;
  }
  for (const v of VISEMES) out[v] = Math.min(1, out[v]);
  return out;
}

/** Two chunks that touch, or a cut-off one that fades under the next: larger of each, scaled back to a sum ≤ 1. */
export function joined(a: VisemeWeights, b: VisemeWeights): VisemeWeights {
  const out = noVisemes();
  let sum = 0;
  for (const v of VISEMES) sum += out[v] = Math.max(a[v], b[v]);
  if (sum > 1) for (const v of VISEMES) out[v] /= sum;
  return out;
}

export function scaled(a: VisemeWeights, factor: number): VisemeWeights {
  const out = noVisemes();
  for (const v of VISEMES) out[v] = a[v] * factor;
  return out;
}
