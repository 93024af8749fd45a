import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { ChipsInput, withAdded } from './chips-input';

function Skills() {
  const [value, setValue] = useState<string[]>(['Triage']);
  return <ChipsInput label="Skills" value={value} onChange={setValue} most={4} longest={20} />;
}

test('a list with commas becomes several chips, without doubles and within the limit', () => {
  expect(withAdded(['SQL'], ' sql, Python ;  Go\nRust, Zig', 4, 20)).toEqual(['SQL', 'Python', 'Go', 'Rust']);
  expect(withAdded([], ' , ;', 4, 20)).toEqual([]);
  expect(withAdded([], 'abcdef', 4, 3)).toEqual(['abc']);
});

test('Enter and comma add a chip, Backspace in an empty field takes the last one away', async () => {
  render(<Skills />);
  const user = userEvent.setup({ delay: null });
  const input = screen.getByLabelText('Skills');
  await user.type(input, 'Wound care{Enter}Handover,');
  expect(screen.getAllByRole('listitem').map((one) => one.textContent)).toEqual(['Triage', 'Wound care', 'Handover']);
  await user.keyboard('{Backspace}');
  expect(screen.queryByText('Handover')).not.toBeInTheDocument();
  expect(screen.getByText('Removed Handover')).toBeInTheDocument();
});

test('what was typed but not confirmed is taken when the field is left', async () => {
  render(<Skills />);
  const user = userEvent.setup({ delay: null });
  await user.type(screen.getByLabelText('Skills'), 'Mentoring');
  await user.tab();
  expect(screen.getByText('Mentoring')).toBeInTheDocument();
});

test('a pasted list is taken apart', async () => {
  render(<Skills />);
  const user = userEvent.setup({ delay: null });
  await user.click(screen.getByLabelText('Skills'));
  await user.paste('IV therapy, Mentoring');
  expect(screen.getAllByRole('listitem')).toHaveLength(3);
});
