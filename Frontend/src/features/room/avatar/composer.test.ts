import { describe, expect, it } from 'vitest';
import { bilinear, cover } from './composer';

const PICTURE = { width: 960, height: 720 };
const FOCUS = [480, 300] as const;

describe('cover', () => {
  it('fills every box without a gap and keeps the face in sight', () => {
    for (const [width, height] of [
      [390, 844],
      [1440, 600],
      [960, 720],
      [200, 200],
      [3000, 400],
      [1, 1],
    ] as const) {
      const { scale, x, y } = cover({ width, height }, PICTURE, FOCUS);
      const label = `${width}×${height}`;
      expect(x, label).toBeLessThanOrEqual(0);
      expect(y, label).toBeLessThanOrEqual(0);
      expect(x + PICTURE.width * scale, label).toBeGreaterThanOrEqual(width - 1e-9);
      expect(y + PICTURE.height * scale, label).toBeGreaterThanOrEqual(height - 1e-9);
      expect(x + FOCUS[0] * scale, label).toBeGreaterThanOrEqual(0);
      expect(x + FOCUS[0] * scale, label).toBeLessThanOrEqual(width);
      expect(y + FOCUS[1] * scale, label).toBeGreaterThanOrEqual(0);
      expect(y + FOCUS[1] * scale, label).toBeLessThanOrEqual(height);
    }
  });
});

describe('the mouth grid', () => {
  const openings = [0, 0.16, 0.36, 0.64, 1];
  const roundings = [-1, 0, 1];

  it('mixes the four neighbours with weights that sum to 1 and meet the asked point', () => {
    for (let o = 0; o <= 1; o += 0.05) {
      for (let r = -1; r <= 1; r += 0.1) {
        const corners = bilinear(openings, o, roundings, r);
        expect(corners.reduce((s, c) => s + c.weight, 0)).toBeCloseTo(1);
        expect(corners.reduce((s, c) => s + c.weight * openings[c.i]!, 0)).toBeCloseTo(o);
        expect(corners.reduce((s, c) => s + c.weight * roundings[c.k]!, 0)).toBeCloseTo(r);
      }
    }
  });

  it('stays on the grid for a point outside it', () => {
    for (const [o, r] of [
      [-3, 0],
      [9, 9],
      [0.5, -7],
    ] as const) {
      for (const c of bilinear(openings, o, roundings, r)) {
        expect(openings[c.i]).toBeDefined();
        expect(roundings[c.k]).toBeDefined();
      }
    }
  });
});
