import { useQuery } from '@tanstack/react-query';
import { STATUS_WORDS } from '@/lib/interview/labels';
import { Card } from '@/ui/card';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import type { AdminNumbers, InterviewStatus } from '@/lib/api/types';
import { formatBytes, formatDay, formatNumber } from '@/lib/format';
import { numbersQuery } from './api';

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <Card asChild space="small">
      <div>
        <dt className="text-sm text-ink-faint">{label}</dt>
        <dd className="mt-1 text-headline tabular-nums">{value}</dd>
        {note && <dd className="text-sm text-ink-faint">{note}</dd>}
      </div>
    </Card>
  );
}

function Days({ days }: { days: AdminNumbers['days'] }) {
  const most = Math.max(1, ...days.map((day) => day.started));
  const begun = days.reduce((sum, day) => sum + day.started, 0);
  const completed = days.reduce((sum, day) => sum + day.completed, 0);
  const first = days[0];
  return (
    <Card asChild space="medium">
      <figure>
        <figcaption>
          <span className="font-semibold">The last {days.length} days</span>
          <span className="block text-sm text-ink-faint">
            {formatNumber(begun)} interviews begun, {formatNumber(completed)} of them completed (the darker part).
          </span>
        </figcaption>
        <div aria-hidden className="mt-4 flex h-28 items-end gap-[3px]">
          {days.map((day) => (
            <div
              key={day.day}
              title={`${day.day}: ${day.started} begun, ${day.completed} completed`}
              className="flex flex-1 flex-col justify-end self-stretch"
            >
              <div
                className="flex flex-col justify-end overflow-hidden rounded-t-sm bg-accent-line"
                style={{ height: day.started > 0 ? `${(day.started / most) * 100}%` : '2px' }}
              >
                <div
                  className="bg-accent"
                  style={{
                    height: day.started > 0 ? `${(Math.min(day.completed, day.started) / day.started) * 100}%` : '0',
                  }}
                />
              </div>
            </div>
          ))}
        </div>
        {first && (
          <div aria-hidden className="mt-1.5 flex justify-between text-xs text-ink-faint">
            <span>{formatDay(first.day)}</span>
            <span>today</span>
          </div>
        )}
      </figure>
    </Card>
  );
}

export function Numbers() {
  const { data, error, refetch } = useQuery(numbersQuery);
  if (data === undefined) {
    if (error)
      return <ErrorState title="The numbers could not be loaded" error={error} onRetry={() => void refetch()} />;
    return (
      <Loading label="Counting">
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          {[0, 1, 2, 3].map((index) => (
            <Skeleton key={index} className="h-24" />
          ))}
        </div>
      </Loading>
    );
  }
  return (
    <section aria-label="Numbers" className="grid gap-4">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure label="Users" value={formatNumber(data.users)} />
        <Figure label="Interviews" value={formatNumber(data.interviews)} />
        <Figure
          label="Average overall score"
          value={data.average_overall === null ? 'None yet' : formatNumber(data.average_overall)}
          note={`over ${formatNumber(data.scored_interviews)} scored`}
        />
        <Figure label="Recordings" value={formatBytes(data.recording_bytes)} />
      </dl>
      <dl className="flex flex-wrap gap-x-6 gap-y-2 text-compact">
        {(Object.entries(data.by_status) as [InterviewStatus, number][]).map(([status, count]) => (
          <div key={status} className="flex gap-2">
            <dt className="text-ink-soft">{status === 'in_progress' ? 'In progress' : STATUS_WORDS[status].word()}</dt>
            <dd className="font-semibold tabular-nums">{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      <Days days={data.days} />
    </section>
  );
}
