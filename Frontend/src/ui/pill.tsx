import { cva, type VariantProps } from 'class-variance-authority';
import type { ReactNode } from 'react';

const looks = cva(
  'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-tag whitespace-nowrap [&_svg]:size-3.5',
  {
    variants: {
      tone: {
        plain: 'bg-sunken text-ink-soft',
        accent: 'bg-accent-soft text-accent-strong',
        good: 'bg-good-soft text-good',
        warn: 'bg-warn-soft text-warn',
        bad: 'bg-bad-soft text-bad',
      },
    },
    defaultVariants: { tone: 'plain' },
  },
);

export function Pill({ tone, children }: VariantProps<typeof looks> & { children: ReactNode }) {
  return <span className={looks({ tone })}>{children}</span>;
}
