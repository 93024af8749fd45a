import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Rich } from './rich';

const text = (value: string) => ({ type: 'text', value });
const start = (name: string) => ({ type: 'markup-start', name });
const end = (name: string) => ({ type: 'markup-end', name });

test('each mark is drawn around its own part of the sentence, one within another too', () => {
  const parts = [
    text('Read '),
    start('link'),
    text('the '),
    start('strong'),
    text('terms'),
    end('strong'),
    end('link'),
    text(' first.'),
  ];
  const { container } = render(
    <Rich
      parts={parts}
      marks={{ link: (words) => <a href="/terms">{words}</a>, strong: (words) => <strong>{words}</strong> }}
    />,
  );
  expect(container).toHaveTextContent('Read the terms first.');
  expect(screen.getByRole('link')).toHaveTextContent('the terms');
  expect(screen.getByRole('link').querySelector('strong')).toHaveTextContent('terms');
});
