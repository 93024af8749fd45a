import { describe, expect, it } from 'vitest';
import { joined, mouthTrack, SMOOTHING_MS, weightsAt } from './viseme-blend';
import { mouthPose, specialAlpha, VISEMES, type Viseme, type VisemeCue, type VisemeWeights } from './visemes';

/** A small generator of chances (mulberry32): every failure names the seed that repeats it. */
function chances(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomCues(seed: number): VisemeCue[] {
  const random = chances(seed);
  const cues: VisemeCue[] = [];
  let t = random() * 100;
  const count = 1 + Math.floor(random() * 40);
  for (let i = 0; i < count; i++) {
    cues.push({ t, v: VISEMES[Math.floor(random() * VISEMES.length)]! });
    // Real phonemes last 25-300 ms; zero lengths and long holds are what a broken engine sends.
    t += random() < 0.1 ? 0 : random() < 0.05 ? 1500 : 25 + random() * 275;
  }
  return cues;
}

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);
const sum = (w: VisemeWeights) => VISEMES.reduce((s, v) => s + w[v], 0);

describe('viseme weights', () => {
  // One assertion per seed, on the worst moment found: a million calls of expect() take minutes.
  it('stay between 0 and 1 and never sum to more than 1', () => {
    for (const seed of SEEDS) {
      const track = mouthTrack(randomCues(seed));
      let [lowest, highest, largestSum] = [0, 0, 0];
      for (let t = -100; t < track.endMs + 200; t += 9) {
        const w = weightsAt(track, t);
        for (const v of VISEMES) [lowest, highest] = [Math.min(lowest, w[v]), Math.max(highest, w[v])];
        largestSum = Math.max(largestSum, sum(w));
      }
      expect({ lowest, highest: highest <= 1, largestSum: largestSum <= 1 + 1e-9 }, `seed ${seed}`).toEqual({
        lowest: 0,
        highest: true,
        largestSum: true,
      });
    }
  });

  it('never jump: within one 16 ms frame no weight changes by more than 16/SMOOTHING_MS', () => {
    for (const seed of SEEDS) {
      const track = mouthTrack(randomCues(seed));
      let before = weightsAt(track, -100);
      let largest = 0;
      for (let t = -84; t < track.endMs + 200; t += 16) {
        const w = weightsAt(track, t);
        for (const v of VISEMES) largest = Math.max(largest, Math.abs(w[v] - before[v]));
        before = w;
      }
      expect(largest, `seed ${seed}`).toBeLessThanOrEqual(16 / SMOOTHING_MS + 1e-9);
    }
  });

  it('close the lips for every PP of 60 ms or more, whatever stands around it', () => {
    for (const seed of SEEDS) {
      const random = chances(seed);
      const any = () => VISEMES[Math.floor(random() * VISEMES.length)]!;
      const from = 40 + random() * 200;
      const to = from + 60 + random() * 120;
      const track = mouthTrack([
        { t: 0, v: any() },
        { t: from, v: 'PP' },
        { t: to, v: any() },
        { t: to + 90, v: 'sil' },
      ]);
      const middle = weightsAt(track, (from + to) / 2);
      expect(middle.PP, `seed ${seed}`).toBeGreaterThan(0.95);
      expect(mouthPose(middle).opening, `seed ${seed}`).toBeLessThan(0.05);
      expect(specialAlpha('PP', middle), `seed ${seed}`).toBeGreaterThan(0.99);
    }
  });

  it('close the lips for a hurried PP of 30 ms between two vowels', () => {
    const track = mouthTrack([
      { t: 0, v: 'aa' },
      { t: 120, v: 'PP' },
      { t: 150, v: 'aa' },
      { t: 270, v: 'sil' },
    ]);
    expect(weightsAt(track, 135).PP).toBeGreaterThan(0.95);
  });

  it('let a weak consonant lean towards the vowel that follows', () => {
    const before = (vowel: Viseme) =>
      weightsAt(
        mouthTrack([
          { t: 0, v: 'kk' },
          { t: 90, v: vowel },
          { t: 240, v: 'sil' },
        ]),
        30,
      );
    expect(mouthPose(before('U')).rounding).toBeGreaterThan(mouthPose(before('I')).rounding + 0.3);
  });

  it('do not carry a vowel across closed lips or silence', () => {
    for (const wall of ['PP', 'sil'] as const) {
      const w = weightsAt(
        mouthTrack([
          { t: 0, v: 'U' },
          { t: 120, v: wall },
          { t: 240, v: 'kk' },
          { t: 340, v: 'sil' },
        ]),
        290,
      );
      expect(w.U, wall).toBe(0);
    }
  });

  it('rest outside the chunk, and for a chunk without cues', () => {
    const track = mouthTrack([
      { t: 0, v: 'aa' },
      { t: 200, v: 'sil' },
    ]);
    for (const t of [-SMOOTHING_MS - 1, 200 + SMOOTHING_MS + 1, 1e9]) expect(sum(weightsAt(track, t))).toBe(0);
    expect(sum(weightsAt(mouthTrack([]), 0))).toBe(0);
  });

  it('end by themselves when the last cue is not silence', () => {
    expect(sum(weightsAt(mouthTrack([{ t: 0, v: 'aa' }]), 1000))).toBe(0);
  });

  it('take cues in any order', () => {
    const cues = randomCues(77).filter((c, i, all) => all.findIndex((o) => o.t === c.t) === i);
    const track = mouthTrack(cues);
    const reversed = mouthTrack([...cues].reverse());
    const times = Array.from({ length: 50 }, (_, i) => (i * track.endMs) / 50);
    expect(times.map((t) => weightsAt(reversed, t))).toEqual(times.map((t) => weightsAt(track, t)));
  });

  it('of two chunks that overlap still sum to at most 1', () => {
    for (const seed of SEEDS.slice(0, 40)) {
      const a = weightsAt(mouthTrack(randomCues(seed)), 150);
      const b = weightsAt(mouthTrack(randomCues(seed + 1000)), 150);
      expect(sum(joined(a, b)), `seed ${seed}`).toBeLessThanOrEqual(1 + 1e-9);
    }
  });
});
