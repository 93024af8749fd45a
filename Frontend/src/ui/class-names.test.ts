import { expect, test } from 'vitest';
import { classNames } from './class-names';

test.each([
  [['p-5', false, null, undefined, 'text-ink'], 'p-5 text-ink'],
  [['h-11 w-full px-3.5', 'w-auto pl-10'], 'h-11 px-3.5 w-auto pl-10'],
  [['text-heading text-ink', 'text-title'], 'text-ink text-title'],
  [['text-compact', 'text-ink-soft'], 'text-compact text-ink-soft'],
  [['shadow-card', 'shadow-high'], 'shadow-high'],
])('%j become %s', (parts, joined) => {
  expect(classNames(...parts)).toBe(joined);
});
