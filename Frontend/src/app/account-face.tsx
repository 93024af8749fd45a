import { UserRound } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useMe } from '@/lib/auth/auth-context';
import { m } from '@/lib/messages';

export function AccountFace(props: ComponentProps<'button'>) {
  const me = useMe();
  return (
    <button
      type="button"
      aria-label={m.app_account_of({ name: me.name })}
      aria-haspopup="menu"
      className="grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent hover:bg-accent-line/60"
      {...props}
    >
      {me.name.trim().charAt(0).toUpperCase() || <UserRound aria-hidden className="size-5" />}
    </button>
  );
}
