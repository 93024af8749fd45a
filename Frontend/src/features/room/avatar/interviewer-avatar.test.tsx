import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { createRef } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { InterviewerAvatar } from './interviewer-avatar';
import type { AvatarPlayer } from './avatar-player';

// jsdom has no canvas: the player must live without one, as in a browser that refuses a context.
beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
});

it('says who is there and what they are doing', () => {
  const { rerender } = render(<InterviewerAvatar face="maya" name="Maya" mood="listening" />);
  expect(screen.getByRole('img', { name: 'Maya, your interviewer, is listening' })).toBeTruthy();
  rerender(<InterviewerAvatar face="maya" name="Maya" mood="thinking" />);
  expect(screen.getByRole('img', { name: 'Maya, your interviewer, is thinking' })).toBeTruthy();
});

it('is whoever it is told to be', () => {
  const { container } = render(<InterviewerAvatar face="orla-outdoors" name="Orla" mood="idle" />);
  expect(screen.getByRole('img', { name: 'Orla, your interviewer, is waiting' })).toBeTruthy();
  expect(container.querySelector('img')?.getAttribute('src')).toBe('/avatar/orla-outdoors/poster.webp');
});

it('shows the still picture at once and does without it when it is missing', () => {
  const { container } = render(<InterviewerAvatar face="maya" name="Maya" mood="idle" />);
  const poster = container.querySelector('img');
  expect(poster?.getAttribute('src')).toBe('/avatar/maya/poster.webp');
  fireEvent.error(poster!);
  expect(container.querySelector('img')).toBeNull();
});

it('goes on without pictures, without a canvas and without an exception', async () => {
  const ref = createRef<AvatarPlayer>();
  render(<InterviewerAvatar face="maya" name="Maya" mood="speaking" playerRef={ref} />);
  await waitFor(() => expect(ref.current).not.toBeNull());
  const player = ref.current!;
  await act(() => player.ready);
  expect(player.status).toBe('unavailable');
  expect(player.whyUnavailable).toContain('manifest.json');
  player.speak([{ t: 0, v: 'aa' }], 0, () => 0);
  player.speakApprox('Still here?', 900, 0, () => 0);
  player.nod();
  player.setMood('listening');
  player.setReducedMotion(true);
  player.stopSpeaking();
});

it('hands out the player and takes it back when it goes', async () => {
  const ref = createRef<AvatarPlayer>();
  const { unmount } = render(<InterviewerAvatar face="maya" name="Maya" mood="idle" playerRef={ref} />);
  await waitFor(() => expect(ref.current).not.toBeNull());
  unmount();
  expect(ref.current).toBeNull();
});
