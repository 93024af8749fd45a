import { describe, expect, it } from 'vitest';
import { IdleMotion, type AvatarMood, type FacePose } from './idle-motion';

const FRAME = 1 / 60;

function chances(seed: number): () => number {
  let a = seed;
  return () => (a = (a * 1664525 + 1013904223) % 4294967296) / 4294967296;
}

function watch(mood: AvatarMood, seconds: number, seed = 1, reduced = false): FacePose[] {
  const motion = new IdleMotion(chances(seed));
  motion.reducedMotion = reduced;
  motion.setMood(mood);
  return Array.from({ length: Math.round(seconds / FRAME) }, () => motion.step(FRAME, 0));
}

function blinkStarts(poses: FacePose[]): number[] {
  return poses.flatMap((p, i) => (i > 0 && p.lids > 0 && poses[i - 1]!.lids === 0 ? [i * FRAME] : []));
}

const mean = (poses: FacePose[], pick: (p: FacePose) => number) =>
  poses.reduce((s, p) => s + pick(p), 0) / poses.length;

describe('a living face', () => {
  it('blinks between 8 and 30 times a minute in every mood, and closes its eyes fully', () => {
    for (const mood of ['idle', 'listening', 'thinking', 'speaking'] as const) {
      for (const seed of [1, 2, 3]) {
        const poses = watch(mood, 60, seed);
        const count = blinkStarts(poses).length;
        expect(count, `${mood}, seed ${seed}`).toBeGreaterThanOrEqual(8);
        expect(count, `${mood}, seed ${seed}`).toBeLessThanOrEqual(30);
        expect(Math.max(...poses.map((p) => p.lids))).toBeGreaterThan(0.95);
      }
    }
  });

  it('does not blink to a beat', () => {
    const starts = blinkStarts(watch('idle', 60));
    const gaps = starts.slice(1).map((t, i) => t - starts[i]!);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(1);
  });

  it('never jumps: head, brows and tilt move a little in each frame', () => {
    const motion = new IdleMotion(chances(9));
    let before = motion.step(FRAME, 0);
    const moods: AvatarMood[] = ['listening', 'thinking', 'speaking', 'away', 'idle'];
    for (let i = 0; i < 60 * 40; i++) {
      if (i % 90 === 0) motion.setMood(moods[(i / 90) % moods.length]!);
      const p = motion.step(FRAME, 0.5);
      const moved = {
        turn: Math.abs(p.turn - before.turn),
        nod: Math.abs(p.nod - before.nod),
        tilt: Math.abs(p.tilt - before.tilt),
        brows: Math.abs(p.brows - before.brows),
      };
      // Pixels and radians per frame: eyes may lead, the head follows within about ten frames.
      expect(moved.turn, `frame ${i}`).toBeLessThan(2.6);
      expect(moved.nod, `frame ${i}`).toBeLessThan(2.6);
      expect(moved.tilt, `frame ${i}`).toBeLessThan(0.002);
      expect(moved.brows, `frame ${i}`).toBeLessThan(0.12);
      before = p;
    }
  });

  it('looks at a candidate it listens to, and away while it thinks', () => {
    const ahead = (p: FacePose) => 1 - Math.max(p.gaze.down, p.gaze.aside, p.gaze.left, p.gaze.right);
    expect(mean(watch('listening', 60), ahead)).toBeGreaterThan(0.85);
    expect(mean(watch('thinking', 60), ahead)).toBeLessThan(0.5);
  });

  it('looks different listening than speaking: it smiles, and holds its head to one side', () => {
    const listening = watch('listening', 20).slice(300);
    const speaking = watch('speaking', 20).slice(300);
    expect(mean(listening, (p) => p.warmth)).toBeGreaterThan(mean(speaking, (p) => p.warmth) + 0.2);
    expect(mean(listening, (p) => p.tilt)).toBeGreaterThan(mean(speaking, (p) => p.tilt) + 0.008);
  });

  it('raises its brows for a question, and lets them down again', () => {
    const motion = new IdleMotion(chances(5));
    motion.raiseBrows(1);
    const poses = Array.from({ length: 180 }, () => motion.step(FRAME, 0));
    expect(Math.max(...poses.slice(0, 60).map((p) => p.brows))).toBeGreaterThan(0.95);
    expect(poses.at(-1)!.brows).toBeLessThan(0.01);
  });

  it('nods now and then while it listens, and never while it idles', () => {
    const deep = (poses: FacePose[]) => poses.filter((p) => p.nod > 4).length;
    expect(deep(watch('listening', 40))).toBeGreaterThan(0);
    expect(deep(watch('idle', 40))).toBe(0);
  });

  it('under reduced motion only blinks', () => {
    const motion = new IdleMotion(chances(4));
    motion.reducedMotion = true;
    motion.setMood('listening');
    motion.nod();
    motion.raiseBrows(5);
    const poses = Array.from({ length: 60 * 30 }, () => motion.step(FRAME, 1));
    expect(blinkStarts(poses).length).toBeGreaterThan(3);
    // It settles for a few seconds instead of freezing in mid-movement.
    const largest = Math.max(
      ...poses
        .slice(60 * 6)
        .flatMap((p) =>
          [p.turn, p.nod, p.tilt, p.brows, p.breath, p.gaze.left, p.gaze.right, p.gaze.down].map(Math.abs),
        ),
    );
    expect(largest).toBeLessThan(0.001);
  });

  it('takes a long pause of the clock as one short step', () => {
    const motion = new IdleMotion(chances(2));
    motion.step(FRAME, 0);
    const p = motion.step(3600, 0);
    expect(Math.abs(p.turn)).toBeLessThan(6);
    expect(p.lids).toBeLessThan(1);
  });
});
