import { useCombobox, type UseComboboxState, type UseComboboxStateChangeOptions } from 'downshift';
import { useId, type ReactNode } from 'react';
import { classNames } from './class-names';
import { FieldFrame, INPUT_LOOKS } from './field';
import { m } from '@/lib/messages';

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

/** Typing suggests and never chooses: only a press or Enter on a suggestion does. What was typed always stays. */
function reduce(state: UseComboboxState<string>, { type, changes }: UseComboboxStateChangeOptions<string>) {
  const { InputBlur, InputKeyDownEscape, InputChange } = useCombobox.stateChangeTypes;
  switch (type) {
    case InputBlur:
    case InputKeyDownEscape:
      return { ...state, isOpen: false, highlightedIndex: -1 };
    case InputChange:
      return { ...changes, highlightedIndex: -1 };
    default:
      return changes;
  }
}

export function Combobox({
  label,
  value,
  onChange,
  options,
  hint,
  error,
  placeholder,
  maxLength,
  required,
}: ComboboxProps) {
  const id = useId();
  const listId = useId();
  const found = matching(options, value).filter((option) => option !== value);
  const { isOpen, highlightedIndex, getInputProps, getMenuProps, getItemProps } = useCombobox<string>({
    inputId: id,
    menuId: listId,
    items: found,
    inputValue: value,
    selectedItem: null,
    stateReducer: reduce,
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem !== null) onChange(selectedItem);
    },
  });
  const expanded = isOpen && found.length > 0;

  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      {({ describedBy, invalid }) => (
        <div className="relative">
          <input
            {...getInputProps({
              // Controlled from outside: downshift's own answer would come a moment late and move the caret.
              onChange: (event) => onChange(event.currentTarget.value),
            })}
            role="combobox"
            aria-controls={listId}
            aria-labelledby={undefined}
            aria-expanded={expanded}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            aria-required={required}
            spellCheck
            maxLength={maxLength}
            placeholder={placeholder}
            className={classNames(INPUT_LOOKS, 'h-12 text-lg')}
          />
          <div
            {...getMenuProps()}
            aria-labelledby={undefined}
            aria-label={m.ui_suggestions()}
            hidden={!expanded}
            className="absolute inset-x-0 top-full z-20 mt-1.5 max-h-72 animate-fade overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-high"
          >
            {expanded &&
              found.map((option, index) => (
                <div
                  key={option}
                  {...getItemProps({ item: option, index })}
                  aria-selected={index === highlightedIndex}
                  className={classNames(
                    'cursor-pointer rounded-lg px-3 py-2.5',
                    index === highlightedIndex && 'bg-sunken',
                  )}
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
