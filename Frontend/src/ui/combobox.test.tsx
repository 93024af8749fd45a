import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { Combobox, matching } from './combobox';

const ROLES = ['Backend engineer', 'Bartender', 'Ward nurse', 'Data engineer', 'Embedded engineer'];

function Role() {
  const [value, setValue] = useState('');
  return <Combobox label="Role" value={value} onChange={setValue} options={ROLES} />;
}

function setup() {
  render(<Role />);
  return { user: userEvent.setup({ delay: null }), input: screen.getByRole('combobox', { name: 'Role' }) };
}

test('what begins with the letters comes before what only holds them', () => {
  expect(matching(ROLES, 'en')).toEqual(['Backend engineer', 'Data engineer', 'Embedded engineer', 'Bartender']);
  expect(matching(ROLES, 'ba')[0]).toBe('Backend engineer');
  expect(matching(ROLES, 'zzz')).toEqual([]);
});

test('arrow keys walk through the suggestions and Enter takes one', async () => {
  const { user, input } = setup();
  await user.type(input, 'eng');
  expect(input).toHaveAttribute('aria-expanded', 'true');
  await user.keyboard('{ArrowDown}{ArrowDown}');
  const second = screen.getByRole('option', { name: 'Data engineer' });
  expect(second).toHaveAttribute('aria-selected', 'true');
  expect(input).toHaveAttribute('aria-activedescendant', second.id);
  await user.keyboard('{Enter}');
  expect(input).toHaveValue('Data engineer');
  expect(input).toHaveAttribute('aria-expanded', 'false');
});

test('the walk goes round at both ends', async () => {
  const { user, input } = setup();
  await user.type(input, 'eng');
  await user.keyboard('{ArrowUp}');
  expect(screen.getByRole('option', { name: 'Embedded engineer' })).toHaveAttribute('aria-selected', 'true');
  await user.keyboard('{ArrowDown}');
  expect(screen.getByRole('option', { name: 'Backend engineer' })).toHaveAttribute('aria-selected', 'true');
});

test('Escape closes the list and keeps what was typed', async () => {
  const { user, input } = setup();
  await user.type(input, 'eng{Escape}');
  expect(input).toHaveAttribute('aria-expanded', 'false');
  expect(input).toHaveValue('eng');
});

test('any text may be entered, suggested or not', async () => {
  const { user, input } = setup();
  await user.type(input, 'Lighthouse keeper{Enter}');
  expect(input).toHaveValue('Lighthouse keeper');
});

test('a press on a suggestion takes it', async () => {
  const { user, input } = setup();
  await user.type(input, 'war');
  await user.click(screen.getByRole('option', { name: 'Ward nurse' }));
  expect(input).toHaveValue('Ward nurse');
});

test('leaving the field chooses nothing, whatever was pointed at', async () => {
  const { user, input } = setup();
  await user.type(input, 'eng');
  await user.keyboard('{ArrowDown}');
  await user.tab();
  expect(input).toHaveValue('eng');
  expect(input).toHaveAttribute('aria-expanded', 'false');
});
