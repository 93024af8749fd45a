import { describe, expect, it } from 'vitest';
import { cuesFromText } from './spelling-cues';

const shapes = (text: string) => cuesFromText(text, 1000).map((c) => c.v);

describe('cues from spelling', () => {
  it('fill the duration in order and end in silence', () => {
    const cues = cuesFromText('What was the hardest decision, and why?', 2400);
    expect(cues.at(-1)).toEqual({ t: 2400, v: 'sil' });
    expect(cues[0]?.t).toBe(0);
    const times = cues.map((c) => c.t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('close the lips for m, b and p', () => {
    for (const word of ['mum', 'Bob', 'pop', 'hammer', 'apple']) expect(shapes(word), word).toContain('PP');
  });

  it('read th, sh and oo as one sound each', () => {
    expect(shapes('thin')).toEqual(['TH', 'I', 'nn', 'sil']);
    expect(shapes('shoot')).toEqual(['CH', 'U', 'DD', 'sil']);
  });

  it('do not speak a silent e', () => {
    expect(shapes('made.')).toEqual(['PP', 'aa', 'DD', 'sil']);
  });

  it('rest at a comma', () => {
    expect(shapes('no, go')).toEqual(['nn', 'O', 'sil', 'kk', 'O', 'sil']);
  });

  it('are nothing but silence for a text without letters, and never NaN', () => {
    for (const text of ['', '   ', '…', '?!']) expect(cuesFromText(text, 500), text).toEqual([{ t: 500, v: 'sil' }]);
  });

  it('stay bounded for a text without end', () => {
    expect(cuesFromText('la '.repeat(100_000), 1000).length).toBeLessThan(6000);
  });
});
