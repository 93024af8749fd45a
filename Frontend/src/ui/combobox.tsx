import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { classNames } from './class-names';
import { FieldFrame, INPUT_LOOKS } from './field';

const SHOWN = 8;

/** What begins with the query first, then what has a word beginning with it, then what merely holds it. */
export function matching(options: readonly string[], query: string): string[] {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return options.slice(0, SHOWN);
  const rank = (option: string): number => {
    const text = option.toLowerCase();
    if (text.startsWith(wanted)) return 0;
    if (text.split(/[\s/-]+/).some((word) => word.startsWith(wanted))) return 1;
    return text.includes(wanted) ? 2 : 3;
  };
  return options
    .map((option) => ({ option, rank: rank(option) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map((entry) => entry.option);
}

interface ComboboxProps {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  /** Suggestions only: any text may be entered. */
  options: readonly string[];
  hint?: ReactNode;
  error?: string | null | undefined;
  placeholder?: string;
  maxLength?: number;
  required?: boolean;
}

export function Combobox({ label, value, onChange, options, hint, error, placeholder, maxLength, required }: ComboboxProps) {
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const found = matching(options, value).filter((option) => option !== value);
  const expanded = open && found.length > 0;

  const choose = (option: string) => {
    onChange(option);
    setOpen(false);
    setActive(-1);
  };

  const move = (to: number) => {
    setOpen(true);
    setActive(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = found.length - 1;
    switch (event.key) {
      case 'ArrowDown':
        event.preventDefault();
        move(active >= last ? 0 : active + 1);
        break;
      case 'ArrowUp':
        event.preventDefault();
        move(active <= 0 ? last : active - 1);
        break;
      case 'Enter': {
        const option = expanded ? found[active] : undefined;
        if (option !== undefined) {
          event.preventDefault();
          choose(option);
        }
        break;
      }
      case 'Escape':
        if (expanded) {
          event.preventDefault();
          setOpen(false);
          setActive(-1);
        }
        break;
    }
  };

  return (
    <FieldFrame label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <div className="relative">
          <input
            id={id}
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={expanded}
            aria-controls={listId}
            aria-activedescendant={expanded && active >= 0 ? `${listId}-${active}` : undefined}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            aria-required={required}
            autoComplete="off"
            spellCheck
            maxLength={maxLength}
            placeholder={placeholder}
            value={value}
            className={classNames(INPUT_LOOKS, 'h-12 text-lg')}
            onChange={(event) => {
              onChange(event.target.value);
              setOpen(true);
              setActive(-1);
            }}
            onClick={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
          <div
            ref={list}
            id={listId}
            role="listbox"
            aria-label="Suggestions"
            hidden={!expanded}
            className="absolute inset-x-0 top-full z-20 mt-1.5 max-h-72 animate-fade overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-high"
          >
            {found.map((option, index) => (
              // The keyboard stays in the input (aria-activedescendant); a pointer may press an option.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={option}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                className={classNames('cursor-pointer rounded-lg px-3 py-2.5', index === active && 'bg-sunken')}
                // Before blur closes the list under the pointer.
                onMouseDown={(event) => event.preventDefault()}
                onMouseEnter={() => setActive(index)}
                onClick={() => choose(option)}
              >
                {option}
              </div>
            ))}
          </div>
        </div>
      )}
    </FieldFrame>
  );
}
