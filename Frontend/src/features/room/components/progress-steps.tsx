import { classNames } from '@/ui/class-names';

/** Where in the interview this is. `position` counts from 0. */
export function ProgressSteps({ position, planned, begun }: { position: number; planned: number; begun: boolean }) {
  const steps = Array.from({ length: planned }, (_, index) => index);
  return (
    <ol aria-label="Progress" className="flex items-center gap-1 sm:gap-1.5">
      {steps.map((index) => {
        const current = begun && index === position;
        const done = begun && index < position;
        return (
          <li
            key={index}
            aria-current={current ? 'step' : undefined}
            className={classNames(
              'grid size-6 place-items-center rounded-full text-xs font-semibold tabular-nums transition-colors sm:size-7',
              current && 'bg-accent text-on-accent',
              done && 'bg-accent-soft text-accent-strong',
              !current && !done && 'bg-sunken text-ink-faint',
            )}
          >
            <span className="sr-only">Question </span>
            {index + 1}
            <span className="sr-only">{done ? ', done' : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}
