import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AuthorNote } from './author-note';

function note(author: { model: string; instead_of: string; because: string } | null): string {
  const { container, unmount } = render(<AuthorNote author={author} did="Judged" builtIn="the built-in judge" />);
  const text = container.textContent;
  unmount();
  return text;
}

test('a vendor’s model is named', () => {
  expect(note({ model: 'gemini-3.8-flash', instead_of: '', because: '' })).toBe('Judged by gemini-3.8-flash.');
});

test('where the built-in stood in it is said why, in plain words', () => {
  expect(note({ model: 'built-in', instead_of: 'gemini', because: 'timeout' })).toBe(
    'Judged by the built-in judge: Gemini did not answer in time.',
  );
  expect(note({ model: 'built-in', instead_of: 'gemini', because: 'spending_cap' })).toBe(
    'Judged by the built-in judge: Gemini has used up what may be spent on it today.',
  );
  expect(note({ model: 'built-in', instead_of: 'openai-compatible', because: 'something new' })).toBe(
    'Judged by the built-in judge: The language model did not answer.',
  );
});

test('with no vendor there is nothing to say', () => {
  expect(note({ model: 'built-in', instead_of: '', because: '' })).toBe('');
  expect(note(null)).toBe('');
  expect(screen.queryByText(/Judged/)).not.toBeInTheDocument();
});
