import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { VideoFailure } from './video-failure';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function answering(status: number, headers: Record<string, string> = {}): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status, headers })));
}

test('a video that is being prepared says so and is tried again by itself', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  answering(503, { 'Retry-After': '5' });
  const onRetry = vi.fn();
  render(<VideoFailure url="/video" onRetry={onRetry} />);
  expect(await screen.findByText('Your video is being prepared')).toBeInTheDocument();
  expect(onRetry).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5000);
  expect(onRetry).toHaveBeenCalledOnce();
});

test('a video that cannot be reached says so and can be tried again', async () => {
  answering(502);
  const onRetry = vi.fn();
  render(<VideoFailure url="/video" onRetry={onRetry} />);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRetry).toHaveBeenCalledOnce();
  expect(screen.queryByText(/being prepared/)).not.toBeInTheDocument();
});

test('a video that failed because the sign-in had run out is tried again once that is renewed', async () => {
  let signedIn = false;
  vi.stubGlobal('fetch', (url: string) => {
    if (url === '/api/auth/refresh') signedIn = true;
    return Promise.resolve(new Response(null, { status: signedIn ? 200 : 401 }));
  });
  const onRetry = vi.fn();
  render(<VideoFailure url="/api/video" onRetry={onRetry} />);
  await vi.waitFor(() => expect(onRetry).toHaveBeenCalledOnce());
});

test('a video that fails although the sign-in is good is not tried again and again', async () => {
  answering(200);
  const onRetry = vi.fn();
  render(<VideoFailure url="/api/video" onRetry={onRetry} />);
  expect(await screen.findByText('The video cannot be played just now')).toBeInTheDocument();
  await new Promise((done) => {
    setTimeout(done);
  });
  expect(onRetry).not.toHaveBeenCalled();
});
