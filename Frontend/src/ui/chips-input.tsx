import { X } from 'lucide-react';
import { useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import { FieldFrame } from './field';
import { m } from '@/lib/messages';

/** Adds what is new, whatever its case; keeps the order; stays below the limit. */
export function withAdded(chips: readonly string[], text: string, most: number, longest: number): string[] {
  const result = [...chips];
  for (const part of text.split(/[,;\n]/)) {
    const chip = part.trim().replace(/\s+/g, ' ').slice(0, longest);
    const known = result.some((one) => one.toLowerCase() === chip.toLowerCase());
    if (chip && !known && result.length < most) result.push(chip);
  }
  return result;
}

interface ChipsInputProps {
  label: ReactNode;
  value: readonly string[];
  onChange: (value: string[]) => void;
  most: number;
  longest: number;
  hint?: ReactNode;
  optional?: boolean;
  placeholder?: string;
}

export function ChipsInput({
  label,
  value,
  onChange,
  most,
  longest,
  hint,
  optional = false,
  placeholder,
}: ChipsInputProps) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const input = useRef<HTMLInputElement>(null);

  const add = (from: string) => {
    const next = withAdded(value, from, most, longest);
    setText('');
    if (next.length === value.length) return;
    setSaid(m.ui_chip_added({ chips: next.slice(value.length).join(', ') }));
    onChange(next);
  };
  const remove = (chip: string) => {
    setSaid(m.ui_chip_removed({ chip }));
    onChange(value.filter((one) => one !== chip));
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',') && text.trim()) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && !text) {
      const last = value.at(-1);
      if (last !== undefined) remove(last);
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData('text');
    if (!/[,;\n]/.test(pasted)) return;
    event.preventDefault();
    add(text + pasted);
  };

  return (
    <FieldFrame label={label} hint={hint} optional={optional}>
      {({ id, describedBy }) => (
        <div className="flex flex-wrap items-center gap-2 rounded-xl border border-line-strong/60 bg-surface p-2 focus-within:border-accent hover:border-line-strong">
          {value.length > 0 && (
            <ul className="contents">
              {value.map((chip) => (
                <li
                  key={chip}
                  className="flex max-w-full animate-fade items-center gap-1 rounded-lg bg-accent-soft py-1 pr-1 pl-2.5 text-compact font-medium"
                >
                  <span className="truncate">{chip}</span>
                  <button
                    type="button"
                    aria-label={m.ui_chip_remove({ chip })}
                    className="grid size-6 place-items-center rounded-md text-ink-soft hover:bg-accent-line/60 hover:text-ink"
                    onClick={() => remove(chip)}
                  >
                    <X aria-hidden className="size-3.5" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <input
            ref={input}
            id={id}
            aria-describedby={describedBy}
            autoComplete="off"
            maxLength={Math.max(longest, 400)}
            disabled={value.length >= most}
            placeholder={
              value.length === 0 ? placeholder : value.length >= most ? m.ui_chips_full({ most }) : undefined
            }
            value={text}
            className="h-8 min-w-32 flex-1 bg-transparent px-1.5 outline-none placeholder:text-ink-faint"
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => {
              if (text.trim()) add(text);
            }}
          />
          <span aria-live="polite" className="sr-only">
            {said}
          </span>
        </div>
      )}
    </FieldFrame>
  );
}
