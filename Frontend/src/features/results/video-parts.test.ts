import { expect, test } from 'vitest';
import { placeOf } from './video-parts';
import { videoPart } from '@/test/samples';

const PARTS = [
  videoPart({ duration_ms: 1000 }),
  videoPart({ start_ms: 1000, duration_ms: 500 }),
  videoPart({ start_ms: 1500, duration_ms: 200 }),
];

test('a moment of the recording is found in the part that holds it', () => {
  expect(placeOf(PARTS, 0)).toEqual({ part: 0, ms: 0 });
  expect(placeOf(PARTS, 999)).toEqual({ part: 0, ms: 999 });
  expect(placeOf(PARTS, 1000)).toEqual({ part: 1, ms: 0 });
  expect(placeOf(PARTS, 1600)).toEqual({ part: 2, ms: 100 });
});

test('a moment beyond the end is in the last part', () => {
  expect(placeOf(PARTS, 9000)).toEqual({ part: 2, ms: 7500 });
  expect(placeOf([videoPart({ duration_ms: 0 })], 40)).toEqual({ part: 0, ms: 40 });
});
