import { classNames } from './class-names';
import { m } from '@/lib/messages';

const RADIUS = 42;
const ROUND = 2 * Math.PI * RADIUS;

interface ScoreRingProps {
  /** 0-100, or null when it is not scored. */
  value: number | null;
  label: string;
  size?: 'small' | 'medium' | 'large';
}

const SIZES = {
  small: { box: 'size-12', text: 'text-sm' },
  medium: { box: 'size-18', text: 'text-xl' },
  large: { box: 'size-32', text: 'text-4xl' },
};

export function ScoreRing({ value, label, size = 'medium' }: ScoreRingProps) {
  const { box, text } = SIZES[size];
  return (
    <span
      role="img"
      aria-label={value === null ? m.ui_score_missing({ label }) : m.ui_score_of_100({ label, value })}
      className={classNames('relative inline-grid shrink-0 place-items-center', box)}
    >
      <svg viewBox="0 0 100 100" aria-hidden className="absolute inset-0 -rotate-90">
        <circle
          cx="50"
          cy="50"
          r={RADIUS}
          fill="none"
          strokeWidth="9"
          strokeDasharray={value === null ? '3 9' : undefined}
          className={value === null ? 'stroke-line-strong' : 'stroke-sunken'}
        />
        {value !== null && value > 0 && (
          <circle
            cx="50"
            cy="50"
            r={RADIUS}
            fill="none"
            strokeWidth="9"
            strokeLinecap="round"
            strokeDasharray={`${(value / 100) * ROUND} ${ROUND}`}
            className="stroke-accent"
          />
        )}
      </svg>
      <span aria-hidden className={classNames('font-semibold tabular-nums', text)}>
        {value ?? '–'}
      </span>
    </span>
  );
}
