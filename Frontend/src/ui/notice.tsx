import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

type Tone = 'info' | 'good' | 'warn' | 'bad';

const LOOKS: Record<Tone, { box: string; icon: typeof Info }> = {
  info: { box: 'bg-accent-soft text-ink [&>svg]:text-accent', icon: Info },
  good: { box: 'bg-good-soft text-ink [&>svg]:text-good', icon: CircleCheck },
  warn: { box: 'bg-warn-soft text-ink [&>svg]:text-warn', icon: TriangleAlert },
  bad: { box: 'bg-bad-soft text-ink [&>svg]:text-bad', icon: CircleAlert },
};

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
  const { box, icon: Icon } = LOOKS[tone];
  return (
    <div
      role={announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      className={classNames('flex flex-wrap items-start gap-3 rounded-xl px-4 py-3 text-[0.95rem]', box, className)}
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
