import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

const ITEM =
  'flex cursor-pointer items-center gap-2.5 rounded-lg px-3 py-2.5 text-compact outline-none select-none ' +
  'data-highlighted:bg-sunken [&_svg]:size-4 [&_svg]:text-ink-faint';

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  defaultOpen?: boolean;
}

export function Menu({ trigger, children, defaultOpen = false }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen={defaultOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          className="z-50 min-w-56 animate-fade rounded-xl border border-line bg-surface p-1.5 text-ink shadow-high"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  onSelect,
  danger,
  children,
}: {
  onSelect: () => void;
  danger?: boolean;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Item className={classNames(ITEM, danger && 'text-bad [&_svg]:text-bad')} onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1.5 h-px bg-line" />;
}

interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  choices: readonly { value: T; label: string; icon: ReactNode }[];
  onChange: (value: T) => void;
}

export function MenuChoice<T extends string>({ label, value, choices, onChange }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      <DropdownMenu.Label className="px-3 pt-1.5 pb-1 text-xs font-semibold text-ink-faint">{label}</DropdownMenu.Label>
      {choices.map((choice) => (
        <DropdownMenu.RadioItem
          key={choice.value}
          value={choice.value}
          onSelect={(event) => event.preventDefault()}
          className={classNames(ITEM, 'data-[state=checked]:font-semibold data-[state=checked]:text-accent')}
        >
          {choice.icon}
          {choice.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
