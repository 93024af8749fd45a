import { classNames } from './class-names';
import { m } from '@/lib/messages';

/** A speech bubble that smiles. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={classNames('size-8', className)}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        className="fill-on-accent"
        d="M8 14.2c0-4 3.400-6.700 8-6.700s8 2.700 8 6.700-3.400 6.700-8 6.700c-.9 0-1.800-.1-2.600-.3l-4.200 2.800c-.5.300-1.100-.1-.9-.7l.8-3.300C8.400 18 8 16.200 8 14.200Z"
      />
      <path
        d="M12.700 13.300c.5 2 1.700 3 3.300 3s2.800-1 3.300-3"
        fill="none"
        strokeWidth="1.900"
        strokeLinecap="round"
        className="stroke-accent"
      />
    </svg>
  );
}

export function Logo() {
  return (
    <span className="flex items-center gap-2.5">
      <LogoMark />
      <span className="text-lg font-bold tracking-tight">{m.ui_product_name()}</span>
    </span>
  );
}
