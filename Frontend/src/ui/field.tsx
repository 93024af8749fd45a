import { useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names';
import { m } from '@/lib/messages';

export const INPUT_LOOKS =
  'w-full rounded-xl border border-line-strong/60 bg-surface px-3.5 text-ink placeholder:text-ink-faint ' +
  'transition-colors hover:border-line-strong focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-bad';

interface FrameProps {
  /** Of the control, where it has one already. */
  id?: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  optional?: boolean;
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}

/** Label, hint and error around one control, tied together for a screen reader. */
export function FieldFrame({ id: given, label, hint, error, optional = false, children }: FrameProps) {
  const own = useId();
  const id = given ?? own;
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : null, error ? errorId : null].filter(Boolean).join(' ') || undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-label">
        {label}
        {optional && <span className="font-normal text-ink-faint"> {m.ui_optional()}</span>}
      </label>
      {children({ id, describedBy, invalid: Boolean(error) })}
      {hint && (
        <p id={hintId} className="text-sm text-ink-faint">
          {hint}
        </p>
      )}
      <p id={errorId} role="alert" className={classNames('text-sm font-medium text-bad', !error && 'hidden')}>
        {error}
      </p>
    </div>
  );
}

type Extra = Omit<FrameProps, 'children' | 'id'>;

export function TextField({ label, hint, error, optional, className, ...rest }: ComponentProps<'input'> & Extra) {
  return (
    <FieldFrame label={label} hint={hint} error={error} optional={optional ?? false}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          className={classNames(INPUT_LOOKS, 'h-11', className)}
          {...rest}
        />
      )}
    </FieldFrame>
  );
}

export function TextArea({ label, hint, error, optional, className, ...rest }: ComponentProps<'textarea'> & Extra) {
  return (
    <FieldFrame label={label} hint={hint} error={error} optional={optional ?? false}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          className={classNames(INPUT_LOOKS, 'min-h-28 py-2.5', className)}
          {...rest}
        />
      )}
    </FieldFrame>
  );
}
