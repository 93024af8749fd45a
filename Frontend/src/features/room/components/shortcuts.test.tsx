import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { useShortcuts } from './shortcuts';

const done = vi.fn();
const help = vi.fn();
const skip = vi.fn();

function Room({ on = true }: { on?: boolean }) {
  const shortcuts = [
    { key: 'd', label: 'Done', run: done },
    { key: '?', label: 'Help', run: help },
    { key: 's', label: 'Skip', run: skip, enabled: false },
  ];
  useShortcuts(shortcuts, on);
  return (
    <>
      <button>elsewhere</button>
      <input aria-label="answer" />
      <div role="dialog">
        <button>in a dialog</button>
      </div>
    </>
  );
}

function open(on = true) {
  vi.clearAllMocks();
  render(<Room on={on} />);
  return userEvent.setup({ delay: null });
}

test('a letter does what it stands for, small or large, and a sign wherever it lies', async () => {
  const user = open();
  await user.keyboard('d');
  await user.keyboard('{Shift>}D{/Shift}');
  expect(done).toHaveBeenCalledTimes(2);
  await user.keyboard('{Shift>}?{/Shift}');
  expect(help).toHaveBeenCalledOnce();
});

test('it does nothing while somebody types, in a dialog, or with another key', async () => {
  const user = open();
  await user.type(screen.getByLabelText('answer'), 'd?');
  screen.getByRole('button', { name: 'in a dialog' }).focus();
  await user.keyboard('d');
  screen.getByRole('button', { name: 'elsewhere' }).focus();
  await user.keyboard('{Control>}d{/Control}{Meta>}d{/Meta}{Alt>}d{/Alt}');
  expect(done).not.toHaveBeenCalled();
  expect(screen.getByLabelText('answer')).toHaveValue('d?');
});

test('a key that is held down counts once', () => {
  open();
  fireEvent.keyDown(document.body, { key: 'd', code: 'KeyD' });
  fireEvent.keyDown(document.body, { key: 'd', code: 'KeyD', repeat: true });
  expect(done).toHaveBeenCalledOnce();
});

test('what is not possible now and what is switched off does nothing', async () => {
  const user = open();
  await user.keyboard('s');
  expect(skip).not.toHaveBeenCalled();
});

test('switched off, no letter does anything', async () => {
  const user = open(false);
  await user.keyboard('d');
  expect(done).not.toHaveBeenCalled();
});
