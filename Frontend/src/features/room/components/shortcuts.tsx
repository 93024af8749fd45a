import { Keyboard } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useHotkeys } from 'react-hotkeys-hook';
import { IconButton } from '@/ui/button';

export interface Shortcut {
  key: string;
  label: string;
  run: () => void;
  enabled?: boolean;
}

const TAKEN = 'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]';

/** Single letters, so they never act while somebody types, in a dialog, or together with another key. */
export function useShortcuts(shortcuts: readonly Shortcut[], on: boolean): void {
  useHotkeys(
    shortcuts.map(({ key }) => key),
    (event) => {
      event.preventDefault();
      shortcuts.find(({ key }) => key === event.key.toLowerCase())?.run();
    },
    {
      enabled: on,
      // By the letter that is typed, wherever its key lies on this keyboard, and whether or not it takes Shift.
      useKey: true,
      ignoreModifiers: true,
      ignoreEventWhen: (event) =>
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.repeat ||
        event.defaultPrevented ||
        (event.target instanceof Element && event.target.closest(TAKEN) !== null) ||
        shortcuts.find(({ key }) => key === event.key.toLowerCase())?.enabled === false,
    },
  );
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
