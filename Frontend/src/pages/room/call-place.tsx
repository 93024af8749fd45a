import { useCallback } from 'react';
import { classNames } from '@/components/ui/class-names';
import type { RoomEngine } from './room-engine';

/** Where the interviewer's video call is shown. The engine puts the vendor's frame into it and takes it away. */
export function CallPlace({ engine, className }: { engine: RoomEngine; className?: string }) {
  const place = useCallback((element: HTMLDivElement | null) => engine.setCallPlace(element), [engine]);
  return <div ref={place} data-call className={classNames('size-full', className)} />;
}
