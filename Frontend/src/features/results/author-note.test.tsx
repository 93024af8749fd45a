import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AuthorNote } from './author-note';

const NAMES = {
  gemini: 'Google Gemini',
  'openai-compatible': 'the language model at models.example',
  parrot: 'Parrot AI',
};

function note(author: { model: string; instead_of: string; because: string } | null): string {
  const { container, unmount } = render(
    <AuthorNote author={author} did="Judged" builtIn="the built-in judge" vendorNames={NAMES} />,
  );
  const text = container.textContent;
  unmount();
  return text;
}

test('a vendor’s model is named', () => {
  expect(note({ model: 'gemini-3.8-flash', instead_of: '', because: '' })).toBe('Judged by gemini-3.8-flash.');
});

test('where the built-in stood in it is said why, in plain words', () => {
  expect(note({ model: 'built-in', instead_of: 'gemini', because: 'timeout' })).toBe(
    'Judged by the built-in judge: Google Gemini did not answer in time.',
  );
  expect(note({ model: 'built-in', instead_of: 'gemini', because: 'spending_cap' })).toBe(
    'Judged by the built-in judge: Google Gemini has used up what may be spent on it today.',
  );
  expect(note({ model: 'built-in', instead_of: 'openai-compatible', because: 'something new' })).toBe(
    'Judged by the built-in judge: the language model at models.example did not answer.',
  );
});

test('a vendor whom this page has never heard of is called by their own name', () => {
  expect(note({ model: 'built-in', instead_of: 'parrot', because: 'busy' })).toBe(
    'Judged by the built-in judge: Parrot AI was too busy.',
  );
});

test('with no vendor there is nothing to say', () => {
  expect(note({ model: 'built-in', instead_of: '', because: '' })).toBe('');
  expect(note(null)).toBe('');
  expect(screen.queryByText(/Judged/)).not.toBeInTheDocument();
});
