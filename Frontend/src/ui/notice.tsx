import { cva } from 'class-variance-authority';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

type Tone = 'info' | 'good' | 'warn' | 'bad';

const ICONS: Record<Tone, typeof Info> = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

const looks = cva('flex flex-wrap items-start gap-3 rounded-xl px-4 py-3 text-compact text-ink', {
  variants: {
    tone: {
      info: 'bg-accent-soft [&>svg]:text-accent',
      good: 'bg-good-soft [&>svg]:text-good',
      warn: 'bg-warn-soft [&>svg]:text-warn',
      bad: 'bg-bad-soft [&>svg]:text-bad',
    },
  },
});

interface NoticeProps {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Said aloud when it appears: at once for an error, politely otherwise. */
  announce?: boolean;
  className?: string;
}

export function Notice({ tone = 'info', title, children, action, announce = true, className }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div
      role={announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      className={classNames(looks({ tone }), className)}
    >
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-48 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="text-ink-soft">{children}</div>}
      </div>
      {action}
    </div>
  );
}
