import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '@/test/render-page';
import { Component as Gallery } from './gallery-page';
import source from './gallery-page.tsx?raw';

test('every component has its place in the gallery', () => {
  const components = Object.keys(import.meta.glob(['../../ui/*.tsx', '!../../ui/*.test.tsx'])).map((path) =>
    path.replace('../../', '@/').replace('.tsx', ''),
  );
  expect(components.length).toBeGreaterThan(10);
  expect(components.filter((one) => !source.includes(`'${one}'`))).toEqual([]);
});

test('the gallery opens', () => {
  renderPage(Gallery, '/dev/gallery', '/dev/gallery');
  expect(screen.getByRole('heading', { name: 'Gallery' })).toBeInTheDocument();
  expect(screen.getAllByRole('img', { name: 'Relevance: not scored' })).toHaveLength(1);
});
