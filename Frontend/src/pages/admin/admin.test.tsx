import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Component as Admin } from '.';
import { fakeServer } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { me, summary } from '@/test/samples';

const NUMBERS = {
  users: 25,
  interviews: 40,
  by_status: { completed: 30, failed: 10 },
  average_overall: null,
  scored_interviews: 0,
  recording_bytes: 1_500_000,
  days: [{ day: '2026-11-22', started: 4, completed: 3 }],
};

function serve() {
  const queries: string[] = [];
  fakeServer({
    'GET /admin/numbers': () => NUMBERS,
    'GET /admin/users': (request) => {
      const query = new URL(request.url).searchParams;
      queries.push(`users ${query.toString()}`);
      const first = Number(query.get('offset'));
      return {
        users: [{ ...me({ id: `u${first}`, name: `Person ${first + 1}` }), interviews: 2, completed: 1, last_interview_at: null }],
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
