import { useId, type ReactNode } from 'react';
import { classNames } from './class-names';

interface ChoicesProps<T extends string | number> {
  legend: ReactNode;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight: native radio buttons in the dress of a segmented control. */
export function Choices<T extends string | number>({ legend, value, choices, onChange }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-label">{legend}</legend>
      <div className="flex flex-wrap gap-2">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={classNames(
              'flex h-11 cursor-pointer items-center rounded-xl border px-4 font-medium transition-colors select-none',
              'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              choice.value === value
                ? 'border-accent bg-accent-soft text-accent-strong'
                : 'border-line-strong/60 bg-surface text-ink-soft hover:bg-sunken',
            )}
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
