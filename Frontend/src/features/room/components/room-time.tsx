import { useEffect, useState } from 'react';
import { formatClock } from '@/lib/format';
import type { RoomEngine } from '../engine/room-engine';

/** The interview clock: it stands still while paused. Not announced, nobody wants a speaking watch. */
export function RoomTime({ engine }: { engine: RoomEngine }) {
  const [text, setText] = useState(() => formatClock(engine.clockMs()));
  useEffect(() => {
    const timer = setInterval(() => setText(formatClock(engine.clockMs())), 500);
    return () => {
      clearInterval(timer);
    };
  }, [engine]);
  return (
    <span className="text-sm text-ink-soft tabular-nums">
      <span className="sr-only">Time so far </span>
      {text}
    </span>
  );
}
