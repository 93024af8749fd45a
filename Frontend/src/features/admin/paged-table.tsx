import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import { PAGE } from './api';

interface Page<Row> {
  rows: readonly Row[];
  total: number;
}

export interface Column<Row> {
  name: string;
  right?: boolean;
  cell: (row: Row) => ReactNode;
}

interface PagedTableProps<Row> {
  caption: string;
  query: UseQueryResult<Page<Row>>;
  offset: number;
  onOffset: (offset: number) => void;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  empty: string;
}

export function PagedTable<Row>(props: PagedTableProps<Row>) {
  const { caption, query, offset, onOffset, columns, keyOf, empty } = props;
  const { data, error, refetch } = query;
  if (data === undefined) {
    if (error) return <ErrorState title="This list could not be loaded" error={error} onRetry={() => void refetch()} />;
    return (
      <Loading label={`Loading ${caption}`}>
        <Skeleton className="h-64" />
      </Loading>
    );
  }
  const { rows, total } = data;
  if (total === 0) {
    return (
      <Card asChild height="flat" className="text-ink-soft">
        <p>{empty}</p>
      </Card>
    );
  }
  return (
    <>
      <Card asChild space="none" className="overflow-x-auto">
        <div>
          <table className="w-full min-w-2xl text-left text-compact">
            <caption className="sr-only">{caption}</caption>
            <thead className="text-sm text-ink-faint">
              <tr>
                {columns.map((column) => (
                  <th
                    key={column.name}
                    scope="col"
                    className={classNames('px-4 py-3 font-semibold', column.right && 'text-right')}
                  >
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={keyOf(row)} className="border-t border-line">
                  {columns.map((column) => (
                    <td
                      key={column.name}
                      className={classNames('px-4 py-3', column.right && 'text-right tabular-nums')}
                    >
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <div className="flex items-center justify-between gap-3 text-sm text-ink-soft">
        <p role="status">
          {Math.min(offset + 1, total)} to {Math.min(offset + rows.length, total)} of {total}
        </p>
        <div className="flex gap-2">
          <Button
            variant="secondary"
            size="small"
            disabled={offset === 0}
            onClick={() => onOffset(Math.max(0, offset - PAGE))}
          >
            Newer
          </Button>
          <Button
            variant="secondary"
            size="small"
            disabled={offset + PAGE >= total}
            onClick={() => onOffset(offset + PAGE)}
          >
            Older
          </Button>
        </div>
      </div>
    </>
  );
}
