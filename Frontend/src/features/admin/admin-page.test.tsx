import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Component as Admin } from './admin-page';
import { fakeServer } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { me, summary } from '@/test/samples';
import type { AdminSpending } from '@/lib/api/types';

const NUMBERS = {
  users: 25,
  interviews: 40,
  by_status: { completed: 30, failed: 10 },
  average_overall: null,
  scored_interviews: 0,
  recording_bytes: 1_500_000,
  days: [{ day: '2026-11-22', started: 4, completed: 3 }],
};

const NOTHING_SPENT: AdminSpending = {
  language_model: 'built-in',
  paid: false,
  daily_cap_usd: 5,
  daily_user_cap_usd: 0.5,
  days: [],
  models: [],
  users: [],
  interviews: [],
};
const SPENT = { calls: 12, failed: 1, input_tokens: 21_000, output_tokens: 9_000, cost_usd: 0.099, unpriced: 0 };

function serve(spending: AdminSpending = NOTHING_SPENT) {
  const queries: string[] = [];
  fakeServer({
    'GET /admin/numbers': () => NUMBERS,
    'GET /admin/spending': () => spending,
    'GET /admin/users': (request) => {
      const query = new URL(request.url).searchParams;
      queries.push(`users ${query.toString()}`);
      const first = Number(query.get('offset'));
      return {
        users: [
          {
            ...me({ id: `u${first}`, name: `Person ${first + 1}` }),
            interviews: 2,
            completed: 1,
            last_interview_at: null,
          },
        ],
        total: 25,
        next_offset: null,
      };
    },
    'GET /admin/interviews': (request) => {
      queries.push(`interviews ${new URL(request.url).searchParams.toString()}`);
      return {
        interviews: [{ ...summary(), user_id: 'u0', user_name: 'Person 1', user_email: 'one@example.org' }],
        total: 1,
        next_offset: null,
      };
    },
  });
  return queries;
}

test('anyone but an admin finds nothing here, and nothing is asked of the server', async () => {
  const server = fakeServer({});
  renderPage(Admin, '/admin', '/admin');
  expect(await screen.findByText('We could not find this page')).toBeInTheDocument();
  expect(server.asked).toEqual([]);
});

test('an average over nothing is not zero', async () => {
  serve();
  renderPage(Admin, '/admin', '/admin', me({ role: 'admin' }));
  const term = await screen.findByText('Average overall score');
  expect(within(term.parentElement as HTMLElement).getByText('None yet')).toBeInTheDocument();
});

test('lists are paged and filtered by the server', async () => {
  const queries = serve();
  const user = userEvent.setup({ delay: null });
  renderPage(Admin, '/admin', '/admin', me({ role: 'admin' }));
  const users = await screen.findByRole('region', { name: 'Users' });
  await within(users).findByText('Person 1');
  await user.click(within(users).getByRole('button', { name: 'Older' }));
  expect(await within(users).findByText('Person 21')).toBeInTheDocument();
  expect(within(users).getByRole('button', { name: 'Older' })).toBeDisabled();
  await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'failed');
  await screen.findByText('one@example.org');
  expect(queries).toContain('users offset=20&limit=20');
  expect(queries).toContain('interviews offset=0&limit=20&status=failed');
});

test('with the built-in language model nothing was spent, and it is said', async () => {
  serve();
  renderPage(Admin, '/admin', '/admin', me({ role: 'admin' }));
  expect(await screen.findByText('The built-in one: it costs nothing.')).toBeInTheDocument();
  expect(screen.getByText('No paid call in the last 30 days.')).toBeInTheDocument();
});

test('what was spent is shown by day, person and interview, and no price is made up', async () => {
  serve({
    ...NOTHING_SPENT,
    language_model: 'gemini-3.8-flash',
    paid: true,
    days: [{ ...SPENT, day: '2026-11-22' }],
    models: [{ ...SPENT, model: 'gemini-3.8-flash' }],
    users: [{ ...SPENT, user_id: 'u1', user_name: 'Asha', unpriced: 2 }],
    interviews: [{ ...SPENT, interview_id: 'i1', role: '', cost_usd: null, unpriced: 12 }],
  });
  renderPage(Admin, '/admin', '/admin', me({ role: 'admin' }));
  const byDay = within(await screen.findByRole('table', { name: 'By day' }));
  expect(byDay.getByText('21,000')).toBeInTheDocument();
  expect(byDay.getByText('$0.099')).toBeInTheDocument();
  expect(byDay.getByText(/1 failed/)).toBeInTheDocument();
  expect(
    within(screen.getByRole('table', { name: 'By person' })).getByText('$0.099 and 2 without a price'),
  ).toBeInTheDocument();
  const byInterview = within(screen.getByRole('table', { name: 'By interview' }));
  expect(byInterview.getByText('no price known')).toBeInTheDocument();
  expect(byInterview.getByText('deleted interview')).toBeInTheDocument();
});
