import { NotFound } from '@/ui/not-found';
import { useMe } from '@/lib/auth/auth-context';
import { InterviewsTable } from './interviews-table';
import { Numbers } from './numbers';
import { Spending } from './spending';
import { UsersTable } from './users-table';

export function Component() {
  const me = useMe();
  // The server guards every admin route by role; this only spares others a page of refusals.
  if (me.role !== 'admin') return <NotFound />;
  return (
    <div className="page-wide grid gap-12">
      <title>Administration · InterviewDost</title>
      <div>
        <h1 className="text-title">Administration</h1>
        <p className="mt-1 text-ink-soft">Counted from the database as you look. What people said is not shown here.</p>
      </div>
      <Numbers />
      <UsersTable />
      <InterviewsTable />
      <Spending />
    </div>
  );
}
