import { useCallback, useEffect } from 'react';
import { classNames } from '@/ui/class-names';
import type { RoomEngine } from '../engine/room-engine';

/** Where the interviewer's video call is shown. The engine puts the vendor's frame into it and takes it away. */
export function CallPlace({ engine, className }: { engine: RoomEngine; className?: string }) {
  const place = useCallback((element: HTMLDivElement | null) => engine.setCallPlace(element), [engine]);
  useEffect(
    () => () => {
      // Whoever was in the frame with the keyboard is back in the room, not nowhere.
      if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true });
    },
    [],
  );
  return <div ref={place} data-call className={classNames('size-full', className)} />;
}
