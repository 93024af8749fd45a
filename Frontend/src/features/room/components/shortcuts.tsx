import { Keyboard } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useRef } from 'react';
import { IconButton } from '@/ui/button';

export interface Shortcut {
  key: string;
  label: string;
  run: () => void;
  enabled?: boolean;
}

/** Single letters, so they never act while somebody types, in a dialog, or together with another key. */
export function useShortcuts(shortcuts: readonly Shortcut[], on: boolean): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    if (!on) return;
    const act = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]')) return;
      const shortcut = latest.current.find((known) => known.key === event.key.toLowerCase());
      if (!shortcut || shortcut.enabled === false) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', act);
    return () => {
      document.removeEventListener('keydown', act);
    };
  }, [on]);
}

interface HelpProps {
  shortcuts: readonly Shortcut[];
  on: boolean;
  onChange: (on: boolean) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ShortcutHelp({ shortcuts, on, onChange, open, onOpenChange }: HelpProps) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <IconButton label="Keyboard shortcuts" size="small" className="max-sm:hidden">
          <Keyboard aria-hidden />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          aria-label="Keyboard shortcuts"
          className="z-50 w-72 animate-fade rounded-2xl border border-line bg-surface p-4 text-sm shadow-high"
        >
          <dl className="grid gap-1.5">
            {shortcuts.map((shortcut) => (
              <div key={shortcut.key} className="flex items-center justify-between gap-3">
                <dt className="text-ink-soft">{shortcut.label}</dt>
                <dd>
                  <kbd className="rounded-md border border-line bg-sunken px-1.5 py-0.5 font-sans text-xs font-semibold uppercase">
                    {shortcut.key}
                  </kbd>
                </dd>
              </div>
            ))}
          </dl>
          <label className="mt-3 flex items-center gap-2 border-t border-line pt-3">
            <input
              type="checkbox"
              checked={on}
              onChange={(event) => onChange(event.target.checked)}
              className="size-4 accent-accent"
            />
            Single-key shortcuts
          </label>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
