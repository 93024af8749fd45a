import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { Component as ResultsPage } from './results-page';
import { evidenceMoment, lineAt } from './transcript-lines';
import { fakeServer, problem } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import {
  overall,
  questionResult,
  response,
  results,
  score,
  scoreNumber,
  scoreNumbers,
  scorePart,
  utterance,
} from '@/test/samples';
import type { Results } from '@/lib/api/types';

/** The player's own workings are the library's; here it only shows which moment it was asked for. */
vi.mock('./video-player', () => ({
  default: ({ seek, onTime }: { seek: { ms: number } | null; onTime: (ms: number) => void }) => (
    <div>
      <output aria-label="asked for">{seek ? String(seek.ms) : 'nothing'}</output>
      <button onClick={() => onTime(9500)}>play to 9.5 s</button>
    </div>
  ),
}));

function show(answer: () => Results | Response) {
  const server = fakeServer({
    'GET /interviews/interview-1/results': answer,
    'POST /interviews/interview-1/retry': () => ({}),
  });
  return { server, ...renderPage(ResultsPage, '/interviews/:id/results', '/interviews/interview-1/results') };
}

const LINES = [
  utterance({
    id: 'a',
    speaker: 'interviewer',
    kind: 'question',
    text: 'Tell me more.',
    start_ms: 0,
    end_ms: 4000,
    video_ms: 0,
  }),
  utterance({ id: 'b', text: 'I called the team.', start_ms: 5000, end_ms: 8000, video_ms: 5000 }),
  utterance({ id: 'c', text: 'They came at once.', start_ms: 9000, end_ms: 12_000, video_ms: 9000 }),
];

describe('the results page', () => {
  test('a press on a line of the transcript shows that moment of the video', async () => {
    show(() => results({ transcript: LINES }));
    const user = userEvent.setup({ delay: null });
    const transcript = await screen.findByRole('region', { name: 'Transcript' });
    await user.click(within(transcript).getByRole('button', { name: /I called the team/ }));
    expect(await screen.findByLabelText('asked for')).toHaveTextContent('5000');
  });

  test('the line being played is marked', async () => {
    show(() => results({ transcript: LINES }));
    const user = userEvent.setup({ delay: null });
    await user.click(await screen.findByText('play to 9.5 s'));
    const transcript = screen.getByRole('region', { name: 'Transcript' });
    expect(within(transcript).getByRole('button', { name: /They came at once/ })).toHaveAttribute(
      'aria-current',
      'true',
    );
    expect(within(transcript).getByRole('button', { name: /I called the team/ })).not.toHaveAttribute('aria-current');
  });

  test('a quoted piece of evidence leads to where it was said', async () => {
    const relevance = score({
      evidence: [
        {
          kind: 'quote',
          text: 'at once',
          utterance_id: 'c',
          start_ms: 10_500,
          end_ms: 11_000,
          name: null,
          value: null,
          unit: null,
        },
      ],
    });
    show(() =>
      results({ transcript: LINES, questions: [questionResult({ responses: [response({ scores: { relevance } })] })] }),
    );
    const user = userEvent.setup({ delay: null });
    await screen.findByLabelText('asked for');
    await user.click(screen.getByRole('button', { name: 'Play “at once”' }));
    expect(screen.getByLabelText('asked for')).toHaveTextContent('10500');
  });

  test('a score that was not given shows its reason and no number', async () => {
    const relevance = score({ value: null, reason: 'You did not answer.' });
    show(() =>
      results({
        questions: [
          questionResult({
            scores: scoreNumbers(null, null),
            not_scored_reason: 'You did not answer.',
            responses: [response({ scores: { relevance } })],
          }),
        ],
        overall: overall({
          value: null,
          reason: 'No answer could be scored.',
          scores: scoreNumbers(null, null),
          explanation: '',
          explanation_messages: [],
        }),
      }),
    );
    expect(await screen.findByText('Not scored: No answer could be scored.')).toBeInTheDocument();
    expect(screen.getAllByText('Not scored: You did not answer.').length).toBeGreaterThan(0);
    expect(screen.getByRole('img', { name: 'Overall: not scored' })).toBeInTheDocument();
    expect(screen.queryByRole('img', { name: /of 100/ })).not.toBeInTheDocument();
  });

  test('a score shows each part with its points and what they rest on', async () => {
    const confidence = score({
      value: 62,
      label: 'Confidence',
      parts: [scorePart('Fillers', 12.5, 20, '4 fillers')],
    });
    show(() => results({ questions: [questionResult({ responses: [response({ scores: { confidence } })] })] }));
    expect(await screen.findByText('12.5 of 20')).toBeInTheDocument();
    expect(screen.getByText('4 fillers')).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'Confidence: 62 of 100' })).toBeInTheDocument();
  });

  test('a kind of score that the page has never heard of is shown under the name it is sent with', async () => {
    const structure = score({
      label: 'Structure',
      value: 55,
      meaning: 'Looks at the order of your story.',
      parts: [scorePart('Order', 5, 10, 'Half of it')],
    });
    const named = { structure: scoreNumber('Structure', 44) };
    show(() =>
      results({
        overall: overall({ scores: named }),
        questions: [questionResult({ scores: named, responses: [response({ scores: { structure } })] })],
      }),
    );
    expect(await screen.findByRole('img', { name: 'Structure: 55 of 100' })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'Structure: 44 of 100' })).toBeInTheDocument();
    expect(screen.getByText('Looks at the order of your story.')).toBeInTheDocument();
    expect(screen.queryByText('Relevance')).not.toBeInTheDocument();
  });

  test('without a recording the transcript can be read, and says so', async () => {
    show(() =>
      results({
        transcript: LINES.map((line) => ({ ...line, video_ms: null })),
        video: { status: 'none', parts: [], duration_ms: 0, has_video: false },
      }),
    );
    expect(await screen.findByText(/Nothing was recorded/)).toBeInTheDocument();
    const transcript = screen.getByRole('region', { name: 'Transcript' });
    expect(within(transcript).getByText('I called the team.')).toBeInTheDocument();
    expect(within(transcript).queryByRole('button')).not.toBeInTheDocument();
  });

  test('while it is being reviewed the page says so, and fills in by itself', async () => {
    let done = false;
    show(() => (done ? results() : results({ status: 'processing', overall: null, strengths: [], summary: '' })));
    expect(await screen.findByText(/Your feedback is on its way/)).toBeInTheDocument();
    done = true;
    expect(await screen.findByText('You named the numbers.', {}, { timeout: 5000 })).toBeInTheDocument();
    expect(screen.queryByText(/on its way/)).not.toBeInTheDocument();
  });

  test('an interview that was cut short says so', async () => {
    show(() =>
      results({ cut_short: true, questions: [questionResult(), questionResult({ id: 'second', asked: false })] }),
    );
    expect(await screen.findByText(/1 of 2 questions was asked/)).toBeInTheDocument();
  });

  test('a review that failed can be tried again', async () => {
    const { server } = show(() => results({ status: 'failed', failure: 'unexpected', overall: null }));
    const user = userEvent.setup({ delay: null });
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(server.asked).toContain('POST /interviews/interview-1/retry');
  });

  test('an interview of someone else is not there', async () => {
    show(() => problem(404, 'interview_not_found', 'There is no such interview.'));
    expect(await screen.findByText('We could not find this page')).toBeInTheDocument();
  });

  test('markup in what was said is shown as text', async () => {
    show(() => results({ transcript: [utterance({ text: '<img src=x onerror=alert(1)>' })] }));
    expect(await screen.findByText('<img src=x onerror=alert(1)>')).toBeInTheDocument();
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('moments', () => {
  test('the line at a moment is the last one begun, and none long after it is over', () => {
    expect(lineAt(LINES, 0)).toBe('a');
    expect(lineAt(LINES, 4999)).toBe('a');
    expect(lineAt(LINES, 5000)).toBe('b');
    expect(lineAt(LINES, 14_000)).toBe('c');
    expect(lineAt(LINES, 14_001)).toBeNull();
    expect(lineAt([], 5)).toBeNull();
  });

  test('lines that were not recorded are never the current one', () => {
    expect(lineAt([utterance({ video_ms: null })], 1000)).toBeNull();
  });

  test('evidence without a recorded line has no moment', () => {
    const quote = {
      kind: 'quote',
      text: 'x',
      utterance_id: 'b',
      start_ms: 6000,
      end_ms: 7000,
      name: null,
      value: null,
      unit: null,
    } as const;
    expect(evidenceMoment(quote, LINES)).toBe(6000);
    expect(evidenceMoment({ ...quote, start_ms: null }, LINES)).toBe(5000);
    expect(evidenceMoment({ ...quote, utterance_id: 'gone' }, LINES)).toBeNull();
    expect(evidenceMoment(quote, [utterance({ id: 'b', video_ms: null })])).toBeNull();
  });
});
