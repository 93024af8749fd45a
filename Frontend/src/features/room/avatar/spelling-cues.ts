/**
 * Cues from spelling, for voices that report no phoneme times (the browser's own).
 * English spelling is a poor guide to sound, but a good one to when lips close, spread and round.
 */
import type { Viseme, VisemeCue } from './visemes';

/** Spelling → visemes with their relative lengths. Longer spellings come first: the first match wins. */
// prettier-ignore
const SPELLINGS: readonly (readonly [string, readonly (readonly [Viseme, number])[]])[] = [
  ['tion', [['CH', 1], ['nn', 1]]], ['igh', [['aa', 1], ['I', 0.8]]], ['ough', [['O', 1.4]]], ['eau', [['O', 1.4]]],
  ['th', [['TH', 1]]], ['sh', [['CH', 1.1]]], ['ch', [['CH', 1]]], ['ph', [['FF', 1]]], ['ck', [['kk', 0.9]]], ['qu', [['kk', 0.6], ['U', 0.7]]],
  ['wh', [['U', 0.7]]], ['ng', [['nn', 1]]], ['kn', [['nn', 0.9]]], ['wr', [['RR', 0.9]]], ['ll', [['nn', 0.9]]], ['mm', [['PP', 1]]], ['pp', [['PP', 1]]],
  ['ee', [['I', 1.5]]], ['ea', [['I', 1.4]]], ['oo', [['U', 1.5]]], ['ou', [['aa', 0.9], ['U', 0.8]]], ['ow', [['aa', 0.9], ['U', 0.8]]],
  ['ai', [['E', 1], ['I', 0.7]]], ['ay', [['E', 1], ['I', 0.7]]], ['oi', [['O', 1], ['I', 0.7]]], ['oy', [['O', 1], ['I', 0.7]]], ['au', [['O', 1.3]]], ['er', [['RR', 1.2]]],
  ['a', [['aa', 1.2]]], ['e', [['E', 1]]], ['i', [['I', 1]]], ['o', [['O', 1.2]]], ['u', [['U', 1]]], ['y', [['I', 0.8]]],
  ['b', [['PP', 0.8]]], ['p', [['PP', 0.8]]], ['m', [['PP', 1]]], ['f', [['FF', 1]]], ['v', [['FF', 0.8]]],
  ['t', [['DD', 0.8]]], ['d', [['DD', 0.8]]], ['n', [['nn', 0.8]]], ['l', [['nn', 0.8]]], ['k', [['kk', 0.8]]], ['g', [['kk', 0.8]]], ['c', [['kk', 0.8]]], ['h', [['kk', 0.4]]],
  ['s', [['SS', 1]]], ['z', [['SS', 0.9]]], ['x', [['kk', 0.5], ['SS', 0.8]]], ['j', [['CH', 0.9]]], ['r', [['RR', 0.8]]], ['w', [['U', 0.8]]],
];
const PAUSE: Readonly<Record<string, number>> = {
  ' ': 0.25,
  ',': 2.2,
  ';': 2.6,
  ':': 2.6,
  '.': 3.4,
  '!': 3.4,
  '?': 3.4,
  '\n': 3,
};

/** Texts beyond this are spoken in sentences anyway; the limit keeps a mistake from building a million cues. */
const MAX_CHARACTERS = 4000;

/** Cues that fill exactly `durationMs`, ending in silence. Nothing but silence for a text without letters. */
export function cuesFromText(text: string, durationMs: number): VisemeCue[] {
  const rough: { v: Viseme; length: number }[] = [];
  const lower = text.slice(0, MAX_CHARACTERS).toLowerCase().trim();
  for (let i = 0; i < lower.length;) {
    const found = SPELLINGS.find(([spelling]) => lower.startsWith(spelling, i));
    if (found) {
      const silentE =
        found[0] === 'e' && rough.length > 0 && !/[a-z]/.test(lower[i + 1] ?? ' ') && /[a-z]/.test(lower[i - 1] ?? ' ');
      if (!silentE) for (const [v, length] of found[1]) rough.push({ v, length });
      i += found[0].length;
    } else {
      const pause = PAUSE[lower[i]!];
      if (pause !== undefined && pause > 1) rough.push({ v: 'sil', length: pause });
      // A digit is a whole word.
      else if (/[0-9]/.test(lower[i]!)) rough.push({ v: 'E', length: 1.5 }, { v: 'nn', length: 1 });
      i += 1;
    }
  }
  while (rough.at(-1)?.v === 'sil') rough.pop();
  const total = rough.reduce((sum, r) => sum + r.length, 0);
  const cues: VisemeCue[] = [];
  let at = 0;
  for (const r of rough) {
    cues.push({ t: at, v: r.v });
    at += total > 0 ? (r.length / total) * durationMs : 0;
  }
  cues.push({ t: durationMs, v: 'sil' });
  return cues;
}
