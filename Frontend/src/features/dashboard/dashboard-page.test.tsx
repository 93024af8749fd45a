import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Component as Dashboard } from './dashboard-page';
import { greetingAt } from './greeting';
import { fakeServer, problem } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { scoreNumbers, summary } from '@/test/samples';
import type { InterviewSummary } from '@/lib/api/types';

const page = (interviews: InterviewSummary[]) => ({ interviews, total: interviews.length, next_offset: null });
const show = () => renderPage(Dashboard, '/dashboard', '/dashboard');

test('someone new is invited to begin', async () => {
  fakeServer({ 'GET /interviews': () => page([]) });
  show();
  expect(await screen.findByRole('heading', { name: 'Your first interview' })).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Start an interview' })).toHaveAttribute('href', '/new');
});

test.each([
  ['scheduled', 'Ready', 'link', 'Start'],
  ['in_progress', 'Cut short', 'link', 'Resume'],
  ['processing', 'Being reviewed', 'link', 'Open'],
  ['failed', 'Did not work', 'button', 'Try again'],
  ['abandoned', 'Left unfinished', 'button', 'Finish'],
] as const)('an interview that is %s says "%s" and leads on', async (status, word, role, name) => {
  fakeServer({ 'GET /interviews': () => page([summary({ status })]) });
  show();
  const row = await screen.findByRole('listitem');
  expect(within(row).getByText(word)).toBeInTheDocument();
  expect(within(row).getByRole(role, { name })).toBeInTheDocument();
});

test('one that is being prepared becomes ready without a reload', async () => {
  let status: 'preparing' | 'scheduled' = 'preparing';
  fakeServer({ 'GET /interviews': () => page([summary({ status })]) });
  show();
  await screen.findByText('Preparing');
  status = 'scheduled';
  expect(await screen.findByText('Ready', {}, { timeout: 6000 })).toBeInTheDocument();
});

test('deleting asks first, and the row goes', async () => {
  let all = [summary()];
  fakeServer({
    'GET /interviews': () => page(all),
    'DELETE /interviews/interview-1': () => {
      all = [];
      return undefined;
    },
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Delete the interview for Ward nurse' }));
  const dialog = await screen.findByRole('alertdialog');
  expect(within(dialog).getByText(/recording, transcript and scores/)).toBeInTheDocument();
  await user.click(within(dialog).getByRole('button', { name: 'Delete interview' }));
  expect(await screen.findByText('Your first interview')).toBeInTheDocument();
});

test('a row goes before the server has answered, and comes back when it refuses', async () => {
  let refuse: (answer: Response) => void = () => undefined;
  fakeServer({
    'GET /interviews': () => page([summary(), summary({ id: 'interview-2', role: 'Teacher' })]),
    'DELETE /interviews/interview-1': () => new Promise<Response>((resolve) => (refuse = resolve)),
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Delete the interview for Ward nurse' }));
  await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Delete interview' }));
  await waitFor(() => expect(screen.queryByText('Ward nurse')).not.toBeInTheDocument());
  expect(screen.getByText('Teacher')).toBeInTheDocument();
  refuse(problem(409, 'being_recorded', 'It is being recorded.'));
  expect(await screen.findByText('Ward nurse')).toBeInTheDocument();
});

test('older interviews are added below, and stay when the list is read again', async () => {
  const all = Array.from({ length: 8 }, (_, index) =>
    summary({ id: `i${index}`, role: `Role ${index}`, status: 'failed' }),
  );
  const server = fakeServer({
    'GET /interviews': (request) => {
      const offset = Number(new URL(request.url).searchParams.get('offset') ?? 0);
      return { interviews: all.slice(offset, offset + 6), total: 8, next_offset: offset + 6 < 8 ? offset + 6 : null };
    },
    'POST /interviews/i0/retry': () => summary({ id: 'i0' }),
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Show older interviews' }));
  expect(await screen.findByText('Role 7')).toBeInTheDocument();
  const before = server.asked.length;
  await user.click(
    within(screen.getAllByRole('listitem')[0] as HTMLElement).getByRole('button', { name: 'Try again' }),
  );
  await waitFor(() =>
    expect(server.asked.slice(before)).toEqual(['POST /interviews/i0/retry', 'GET /interviews', 'GET /interviews']),
  );
  expect(screen.getByText('Role 7')).toBeInTheDocument();
});

test('a list that cannot be loaded says so and is loaded again on demand', async () => {
  let works = false;
  fakeServer({
    'GET /interviews': () => (works ? page([summary()]) : problem(500, 'unexpected', 'Try again in a moment.')),
  });
  const user = userEvent.setup({ delay: null });
  show();
  expect(await screen.findByText('Try again in a moment.')).toBeInTheDocument();
  works = true;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.getByText('Ward nurse')).toBeInTheDocument());
});

test('an interview without a score shows none, not zero', async () => {
  fakeServer({
    'GET /interviews': () => page([summary({ status: 'completed', scores: scoreNumbers(70, null) })]),
    'GET /progress': () => ({ points: [] }),
  });
  show();
  expect(await screen.findByRole('img', { name: 'Overall: not scored' })).toBeInTheDocument();
});

test.each([
  [4, 'Good evening'],
  [5, 'Good morning'],
  [12, 'Good afternoon'],
  [18, 'Good evening'],
])('at %i o’clock it is "%s"', (hour, words) => {
  expect(greetingAt(hour)).toBe(words);
});
