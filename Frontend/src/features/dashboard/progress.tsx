import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { Button } from '@/ui/button';
import { ErrorState, Skeleton } from '@/ui/states';
import type { ProgressPoint } from '@/lib/api/types';
import { formatDay, formatNumber } from '@/lib/format';
import { progressQuery } from './api';

interface Figure {
  name: string;
  label: string;
  of: (point: ProgressPoint) => number | null;
}

interface LineOf extends Figure {
  colour: string;
  dash?: string;
}

const OVERALL: Figure = { name: 'overall', label: 'Overall', of: (point) => point.overall };
const PACE: Figure = { name: 'words_per_minute', label: 'Words a minute', of: (point) => point.words_per_minute };
const FILLERS: Figure = {
  name: 'fillers_per_minute',
  label: 'Fillers a minute',
  of: (point) => point.fillers_per_minute,
};

/** One line for each kind of score; further kinds begin again at the first of these. */
const SCORE_LINES = [
  { colour: 'var(--warn)', dash: '7 4' },
  { colour: 'var(--ink-faint)', dash: '2 4' },
  { colour: 'var(--good)', dash: '10 3 2 3' },
] as const;

function scoresOf(points: readonly ProgressPoint[]): readonly Figure[] {
  const labels = new Map(
    points.flatMap((point) => Object.entries(point.scores).map(([kind, { label }]) => [kind, label])),
  );
  return [...labels].map(([kind, label]) => ({ name: kind, label, of: (point) => point.scores[kind]?.value ?? null }));
}

function linesOf(figures: readonly Figure[]): readonly LineOf[] {
  return figures.map((figure, index) => ({
    ...figure,
    ...(SCORE_LINES[index % SCORE_LINES.length] ?? SCORE_LINES[0]),
  }));
}

function alone(figure: Figure): LineOf {
  return { ...figure, colour: 'var(--accent)' };
}

/** The range in which the assessment gives full points for pace (Tauroza and Allison 1990, see assessment/confidence.py). */
const PACE_BAND = [110, 190] as const;

interface ChartProps {
  title: string;
  note: string;
  points: readonly ProgressPoint[];
  lines: readonly LineOf[];
  top?: number;
  /** A band to aim for, from–to. */
  band?: readonly [number, number];
  height: string;
}

function Chart({ title, note, points, lines, top, band, height }: ChartProps) {
  const id = useId();
  const measured = points.some((point) => lines.some((line) => line.of(point) !== null));
  return (
    <Card asChild space="medium">
      <figure aria-labelledby={id}>
        <figcaption id={id}>
          <span className="block text-subheading">{title}</span>
          <span className="block text-sm text-ink-faint">{note}</span>
        </figcaption>
        {lines.length > 1 && (
          <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-soft">
            {lines.map((line) => (
              <li key={line.name} className="flex items-center gap-2">
                <svg aria-hidden viewBox="0 0 24 6" className="w-6">
                  <path
                    d="M1 3h22"
                    stroke={line.colour}
                    strokeWidth="3"
                    strokeDasharray={line.dash}
                    strokeLinecap="round"
                  />
                </svg>
                {line.label}
              </li>
            ))}
          </ul>
        )}
        {measured ? (
          <div className={classNames('mt-3', height)} aria-hidden>
            <ResponsiveContainer width="100%" height="100%">
              <LineChart data={[...points]} margin={{ top: 8, right: 10, bottom: 0, left: -18 }}>
                <CartesianGrid vertical={false} stroke="var(--line)" />
                {band && (
                  <ReferenceArea
                    y1={band[0]}
                    y2={band[1]}
                    fill="var(--accent-soft)"
                    fillOpacity={0.8}
                    ifOverflow="extendDomain"
                  />
                )}
                <XAxis
                  dataKey="interview_id"
                  tickFormatter={(value: string) => {
                    const point = points.find((one) => one.interview_id === value);
                    return point ? formatDay(point.completed_at).replace(/, \d+$/, '') : '';
                  }}
                  stroke="var(--line-strong)"
                  tick={{ fill: 'var(--ink-faint)', fontSize: 12 }}
                  tickLine={false}
                  minTickGap={24}
                  padding={{ left: 12, right: 12 }}
                />
                <YAxis
                  domain={[0, top ?? 'auto']}
                  allowDecimals={false}
                  stroke="none"
                  tick={{ fill: 'var(--ink-faint)', fontSize: 12 }}
                  tickCount={5}
                />
                <Tooltip
                  cursor={{ stroke: 'var(--line-strong)' }}
                  contentStyle={{
                    background: 'var(--surface)',
                    border: '1px solid var(--line)',
                    borderRadius: 12,
                    color: 'var(--ink)',
                    fontSize: 14,
                  }}
                  labelFormatter={(_, shown) => {
                    const point = shown[0]?.payload as ProgressPoint | undefined;
                    return point ? `${point.role}, ${formatDay(point.completed_at)}` : '';
                  }}
                  formatter={(value) => (typeof value === 'number' ? formatNumber(value) : value)}
                />
                {lines.map((line) => (
                  <Line
                    key={line.name}
                    dataKey={line.of}
                    name={line.label}
                    stroke={line.colour}
                    strokeWidth={2.5}
                    strokeDasharray={line.dash ?? '0'}
                    dot={{ r: 3.5, fill: 'var(--surface)', stroke: line.colour, strokeWidth: 2, strokeDasharray: '0' }}
                    isAnimationActive={false}
                  />
                ))}
              </LineChart>
            </ResponsiveContainer>
          </div>
        ) : (
          <p className="mt-6 pb-2 text-ink-soft">
            Nothing could be measured yet: typed answers have no pace and no fillers.
          </p>
        )}
      </figure>
    </Card>
  );
}

function AsTable({ points }: { points: readonly ProgressPoint[] }) {
  const columns = [OVERALL, ...scoresOf(points), PACE, FILLERS];
  return (
    <Card asChild space="none" height="flat" className="overflow-x-auto">
      <div>
        <table className="w-full min-w-2xl text-left text-compact">
          <caption className="sr-only">Your progress, newest interview first</caption>
          <thead className="text-sm text-ink-faint">
            <tr>
              <th scope="col" className="px-4 py-3 font-semibold">
                Interview
              </th>
              {columns.map((column) => (
                <th key={column.name} scope="col" className="px-4 py-3 text-right font-semibold">
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...points].reverse().map((point) => (
              <tr key={point.interview_id} className="border-t border-line">
                <th scope="row" className="px-4 py-3 font-medium">
                  {point.role}
                  <span className="block text-sm font-normal text-ink-faint">{formatDay(point.completed_at)}</span>
                </th>
                {columns.map((column) => {
                  const value = column.of(point);
                  return (
                    <td key={column.name} className="px-4 py-3 text-right tabular-nums">
                      {value === null ? <span className="text-ink-faint">not measured</span> : formatNumber(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

export default function Progress() {
  const { data, error, refetch } = useQuery(progressQuery);
  const [table, setTable] = useState(false);
  if (data === undefined) {
    if (error)
      return <ErrorState title="Your progress could not be loaded" error={error} onRetry={() => void refetch()} />;
    return <Skeleton className="h-88" />;
  }
  const { points } = data;
  if (points.length === 0) return null;
  return (
    <section aria-labelledby="progress-title" className="animate-fade">
      <div className="flex items-center justify-between gap-3">
        <h2 id="progress-title" className="text-heading">
          Progress
        </h2>
        <Button variant="ghost" size="small" onClick={() => setTable(!table)}>
          {table ? 'Show as graphs' : 'Show as a table'}
        </Button>
      </div>
      {points.length === 1 && !table && (
        <p className="mt-1 text-ink-soft">One interview so far. With the next one the dots become lines.</p>
      )}
      <div className="mt-4">
        {table ? (
          <AsTable points={points} />
        ) : (
          <div className="grid gap-4 lg:grid-cols-2">
            <div className="lg:col-span-2">
              <Chart
                title="Scores"
                note="0 to 100, one dot an interview"
                points={points}
                lines={[alone(OVERALL), ...linesOf(scoresOf(points))]}
                top={100}
                height="h-56"
              />
            </div>
            <Chart
              title="Pace"
              note="Words a minute. The shaded band is easy to follow."
              points={points}
              lines={[alone(PACE)]}
              band={PACE_BAND}
              height="h-40"
            />
            <Chart
              title="Fillers"
              note="“Um”, “like”, “you know”: how many a minute"
              points={points}
              lines={[alone(FILLERS)]}
              height="h-40"
            />
          </div>
        )}
      </div>
    </section>
  );
}
