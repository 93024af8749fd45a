import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const looks = cva('border border-line bg-surface', {
  variants: {
    space: { none: '', small: 'p-4', medium: 'p-5', large: 'p-5 sm:p-6' },
    height: { flat: '', raised: 'shadow-card', high: 'shadow-high' },
    corners: { round: 'rounded-2xl', rounder: 'rounded-3xl' },
  },
  defaultVariants: { space: 'large', height: 'raised', corners: 'round' },
});

export interface CardProps extends ComponentProps<'section'>, VariantProps<typeof looks> {
  /** Lends its looks to the one child: a list item, a figure, a table's frame. */
  asChild?: boolean;
}

export function Card({ space, height, corners, asChild = false, className, ...rest }: CardProps) {
  const Box = asChild ? Slot.Root : 'section';
  return <Box className={classNames(looks({ space, height, corners }), className)} {...rest} />;
}
