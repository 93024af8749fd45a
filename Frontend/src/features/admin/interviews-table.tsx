import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { STATUS_WORDS } from '@/lib/interview/labels';
import { classNames } from '@/ui/class-names';
import { INPUT_LOOKS } from '@/ui/field';
import { Pill } from '@/ui/pill';
import type { AdminInterviewPage, InterviewStatus } from '@/lib/api/types';
import { formatMoment } from '@/lib/format';
import { interviewsQuery } from './api';
import { PagedTable, type Column } from './paged-table';

type Interview = AdminInterviewPage['interviews'][number];

/** From outside, an interview in progress may well be under way: only its owner can know that it was cut short. */
function statusWord(status: InterviewStatus): string {
  return status === 'in_progress' ? 'In progress' : STATUS_WORDS[status].word();
}

const COLUMNS: readonly Column<Interview>[] = [
  {
    name: 'Interview',
    cell: (one) => (
      <>
        <span className="font-medium">{one.role}</span>
        <span className="block text-sm text-ink-faint">{formatMoment(one.created_at)}</span>
      </>
    ),
  },
  {
    name: 'User',
    cell: (one) => (
      <>
        {one.user_name}
        <span className="block text-sm text-ink-faint">{one.user_email}</span>
      </>
    ),
  },
  {
    name: 'State',
    cell: (one) => (
      <>
        <Pill tone={STATUS_WORDS[one.status].tone}>{statusWord(one.status)}</Pill>
        {one.failure && <span className="block text-sm text-ink-faint">{one.failure}</span>}
      </>
    ),
  },
  { name: 'Answered', right: true, cell: (one) => `${one.answered} of ${one.planned}` },
  {
    name: 'Overall',
    right: true,
    cell: (one) => one.overall_score ?? <span className="text-ink-faint">not scored</span>,
  },
];

const STATUSES = Object.keys(STATUS_WORDS) as InterviewStatus[];

export function InterviewsTable() {
  const [status, setStatus] = useState<InterviewStatus | ''>('');
  const [offset, setOffset] = useState(0);
  const query = useQuery(interviewsQuery(offset, status || null));
  return (
    <section aria-labelledby="interviews-title" className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="interviews-title" className="text-heading">
          Interviews
        </h2>
        <label className="flex items-center gap-2 text-label">
          State
          <select
            value={status}
            onChange={(event) => {
              setStatus(event.target.value as InterviewStatus | '');
              setOffset(0);
            }}
            className={classNames(INPUT_LOOKS, 'h-11 w-auto font-normal')}
          >
            <option value="">All</option>
            {STATUSES.map((one) => (
              <option key={one} value={one}>
                {statusWord(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <PagedTable
        caption="Interviews"
        query={query}
        offset={offset}
        onOffset={setOffset}
        columns={COLUMNS}
        keyOf={(one) => one.id}
        empty={status ? 'No interview is in this state.' : 'There are no interviews yet.'}
      />
    </section>
  );
}
