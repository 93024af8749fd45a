import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card } from '@/ui/card';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import type { AdminSpending } from '@/lib/api/types';
import { formatDay, formatNumber } from '@/lib/format';
import { spendingQuery } from './api';

type Spent = Pick<
  AdminSpending['days'][number],
  'calls' | 'failed' | 'input_tokens' | 'output_tokens' | 'cost_usd' | 'unpriced'
>;

const DOLLARS = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });

/** An estimate from the vendor's tokens; a call without a price is named, never guessed at. */
function money(spent: Spent): string {
  if (spent.cost_usd === null) return 'no price known';
  return `${DOLLARS.format(spent.cost_usd)}${spent.unpriced > 0 ? ` and ${formatNumber(spent.unpriced)} without a price` : ''}`;
}

interface SpentTableProps {
  caption: string;
  rows: readonly { key: string; name: ReactNode; spent: Spent }[];
}

function SpentTable({ caption, rows }: SpentTableProps) {
  return (
    <Card asChild space="none" className="overflow-x-auto">
      <div>
        <table className="w-full min-w-xl text-left text-compact">
          <caption className="px-4 pt-3 text-left font-semibold">{caption}</caption>
          <thead className="text-sm text-ink-faint">
            <tr>
              <th scope="col" className="px-4 py-3 font-semibold">
                <span className="sr-only">{caption}</span>
              </th>
              {['Calls', 'Tokens in', 'Tokens out', 'Estimate'].map((name) => (
                <th key={name} scope="col" className="px-4 py-3 text-right font-semibold">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, spent }) => (
              <tr key={key} className="border-t border-line">
                <th scope="row" className="px-4 py-3 font-normal">
                  {name}
                </th>
                <td className="px-4 py-3 text-right tabular-nums">
                  {formatNumber(spent.calls)}
                  {spent.failed > 0 && <span className="text-ink-faint"> ({formatNumber(spent.failed)} failed)</span>}
                </td>
                <td className="px-4 py-3 text-right tabular-nums">{formatNumber(spent.input_tokens)}</td>
                <td className="px-4 py-3 text-right tabular-nums">{formatNumber(spent.output_tokens)}</td>
                <td className="px-4 py-3 text-right tabular-nums">{money(spent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

export function Spending() {
  const { data, error, refetch } = useQuery(spendingQuery);
  if (data === undefined) {
    if (error)
      return <ErrorState title="The spending could not be loaded" error={error} onRetry={() => void refetch()} />;
    return (
      <Loading label="Counting what was spent">
        <Skeleton className="h-40" />
      </Loading>
    );
  }
  return (
    <section aria-labelledby="spending-title" className="grid gap-4">
      <div>
        <h2 id="spending-title" className="text-heading">
          Language model
        </h2>
        <p className="mt-1 text-ink-soft">
          {data.paid
            ? `${data.language_model}, with the built-in one standing by. At most ${DOLLARS.format(data.daily_cap_usd)} a day for everybody together and ${DOLLARS.format(data.daily_user_cap_usd)} for each person.`
            : 'The built-in one: it costs nothing.'}
        </p>
      </div>
      {data.days.length === 0 ? (
        <Card asChild height="flat" className="text-ink-soft">
          <p>No paid call in the last 30 days.</p>
        </Card>
      ) : (
        <>
          <p className="text-sm text-ink-faint">The last 30 days, in the vendor’s own count of tokens; days are UTC.</p>
          <SpentTable
            caption="By day"
            rows={data.days.map((one) => ({ key: one.day, name: formatDay(one.day), spent: one }))}
          />
          <SpentTable
            caption="By model"
            rows={data.models.map((one) => ({ key: one.model, name: one.model, spent: one }))}
          />
          <SpentTable
            caption="By person"
            rows={data.users.map((one) => ({ key: one.user_id, name: one.user_name || 'deleted account', spent: one }))}
          />
          <SpentTable
            caption="By interview"
            rows={data.interviews.map((one) => ({
              key: one.interview_id,
              name: one.role || 'deleted interview',
              spent: one,
            }))}
          />
        </>
      )}
    </section>
  );
}
