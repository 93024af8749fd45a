import { useId, type ReactNode } from 'react';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { INPUT_LOOKS } from '@/ui/field';
import { Notice } from '@/ui/notice';
import type { DeviceOption } from '@/lib/media/media-devices';
import type { DeviceView } from './use-device-check';

interface DevicePanelProps {
  title: string;
  icon: ReactNode;
  view: DeviceView;
  devices: DeviceOption[];
  deviceId: string | null;
  startWords: string;
  without: string;
  onStart: (id?: string) => void;
  onStop: () => void;
  children: ReactNode;
}

/** One device: off, being asked for, working, or in trouble with what to do about it. */
export function DevicePanel(props: DevicePanelProps) {
  const { title, icon, view, devices, deviceId, startWords, without, onStart, onStop, children } = props;
  const picker = useId();
  const chosen = view.status === 'on' ? (view.stream.getTracks()[0]?.getSettings().deviceId ?? deviceId) : deviceId;
  return (
    <Card aria-labelledby={`${picker}-title`} className="grid content-start gap-4">
      <div className="flex min-h-9 items-center justify-between gap-2">
        <h2
          id={`${picker}-title`}
          className="flex items-center gap-2 text-subheading [&_svg]:size-5 [&_svg]:text-accent"
        >
          {icon} {title}
        </h2>
        {view.status === 'on' && (
          <Button variant="ghost" size="small" onClick={onStop}>
            Turn off
          </Button>
        )}
      </div>
      {children}
      {view.status === 'failed' && (
        <Notice tone="warn" title={view.error.message}>
          {view.error.advice}
        </Notice>
      )}
      {(view.status === 'off' || view.status === 'failed') && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button variant="secondary" size="small" onClick={() => onStart()}>
            {view.status === 'failed' ? 'Try again' : startWords}
          </Button>
          <p className="min-w-40 flex-1 text-sm text-ink-faint">{without}</p>
        </div>
      )}
      {view.status === 'asking' && (
        <p role="status" className="text-sm text-ink-soft">
          Your browser is asking whether it may. Please allow it.
        </p>
      )}
      {devices.length > 1 && (
        <div className="grid gap-1">
          <label htmlFor={picker} className="text-label">
            Choose a {title.toLowerCase()}
          </label>
          <select
            id={picker}
            value={devices.some((device) => device.id === chosen) ? (chosen ?? '') : ''}
            onChange={(event) => onStart(event.target.value)}
            className={classNames(INPUT_LOOKS, 'h-11')}
          >
            {!devices.some((device) => device.id === chosen) && <option value="">Default</option>}
            {devices.map((device) => (
              <option key={device.id} value={device.id}>
                {device.label}
              </option>
            ))}
          </select>
        </div>
      )}
    </Card>
  );
}
