import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const looksOf = cva(
  [
    'inline-flex shrink-0 items-center justify-center font-semibold whitespace-nowrap transition-colors select-none',
    'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-progress aria-disabled:opacity-70',
  ],
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong',
        secondary: 'border border-line-strong/60 bg-surface text-ink hover:bg-sunken',
        ghost: 'text-ink-soft hover:bg-sunken hover:text-ink',
        quiet: 'text-accent hover:bg-accent-soft',
        danger: 'border border-bad/50 bg-surface text-bad hover:bg-bad-soft',
      },
      size: {
        small: 'h-9 gap-1.5 rounded-lg px-3 text-sm [&_svg]:size-4',
        medium: 'h-11 gap-2 rounded-xl px-4 text-compact [&_svg]:size-[1.1rem]',
        large: 'h-13 gap-2.5 rounded-2xl px-6 text-base [&_svg]:size-5',
      },
    },
    defaultVariants: { variant: 'primary', size: 'medium' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof looksOf> {
  /** Work is under way: shows it, and takes no second click. */
  busy?: boolean;
  /** Lends its looks to the one child, a link for instance. */
  asChild?: boolean;
}

export function Button({
  variant,
  size,
  busy = false,
  asChild = false,
  className,
  children,
  disabled,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  const looks = classNames(looksOf({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={looks} onClick={onClick as never} {...(rest as object)}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type={type}
      className={looks}
      disabled={disabled}
      // A busy button keeps the focus: `disabled` would drop it to the top of the page.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {busy && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
}

export function IconButton({ label, className, ...rest }: Omit<ButtonProps, 'aria-label'> & { label: string }) {
  return (
    <Button
      variant="ghost"
      aria-label={label}
      title={label}
      className={classNames('aspect-square px-0', className)}
      {...rest}
    />
  );
}
