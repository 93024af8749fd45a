import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { classNames } from '@/ui/class-names';
import { INPUT_LOOKS } from '@/ui/field';
import { Pill } from '@/ui/pill';
import type { AdminUserPage } from '@/lib/api/types';
import { formatDay } from '@/lib/format';
import { LIMITS } from '@/lib/api/limits.gen';
import { usersQuery } from './api';
import { PagedTable, type Column } from './paged-table';

type User = AdminUserPage['users'][number];

const COLUMNS: readonly Column<User>[] = [
  {
    name: 'Name',
    cell: (user) => (
      <>
        <span className="font-medium">{user.name}</span>{' '}
        {user.role !== 'candidate' && <Pill tone="accent">{user.role}</Pill>}
        <span className="block text-sm text-ink-faint">{user.email}</span>
      </>
    ),
  },
  { name: 'Since', cell: (user) => formatDay(user.created_at) },
  { name: 'Last interview', cell: (user) => (user.last_interview_at ? formatDay(user.last_interview_at) : 'none') },
  { name: 'Interviews', right: true, cell: (user) => user.interviews },
  { name: 'Completed', right: true, cell: (user) => user.completed },
];

const TYPING_MS = 300;

export function UsersTable() {
  const [text, setText] = useState('');
  const [query, setQuery] = useState('');
  const [offset, setOffset] = useState(0);

  useEffect(() => {
    const wanted = text.trim();
    // Nothing was typed: a page that was turned meanwhile stays turned.
    if (wanted === query) return;
    const timer = setTimeout(() => {
      setQuery(wanted);
      setOffset(0);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, query]);

  const users = useQuery(usersQuery(offset, query));

  return (
    <section aria-labelledby="users-title" className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="users-title" className="text-heading">
          Users
        </h2>
        <label className="relative w-full sm:w-72">
          <span className="sr-only">Search by name or email</span>
          <Search aria-hidden className="absolute top-3 left-3 size-5 text-ink-faint" />
          <input
            type="search"
            placeholder="Name or email"
            maxLength={LIMITS.maxSearch}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={classNames(INPUT_LOOKS, 'h-11 pl-10')}
          />
        </label>
      </div>
      <PagedTable
        caption="Users"
        query={users}
        offset={offset}
        onOffset={setOffset}
        columns={COLUMNS}
        keyOf={(user) => user.id}
        empty={query ? 'Nobody by that name or email.' : 'There are no users yet.'}
      />
    </section>
  );
}
