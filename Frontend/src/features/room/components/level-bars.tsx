import { useEffect, useRef } from 'react';

/** Often enough to look live; every frame would keep a machine without a graphics card busy. */
const EVERY_MS = 80;

/** Shows that the microphone hears something: three bars that grow with the voice. Drawn outside of React's renders. */
export function LevelBars({ level }: { level: () => number }) {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const draw = () => {
      const loud = level();
      const bars = box.current?.children ?? [];
      for (let i = 0; i < bars.length; i++) {
        const bar = bars[i] as HTMLElement;
        const weight = i === 1 ? 1 : 0.65;
        bar.style.transform = `scaleY(${Math.max(0.18, Math.min(1, loud * weight * 1.25))})`;
      }
    };
    const timer = setInterval(draw, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [level]);
  return (
    <span ref={box} aria-hidden className="inline-flex h-4 items-center gap-0.5">
      {[0, 1, 2].map((bar) => (
        <span key={bar} className="h-full w-1 rounded-full bg-current" />
      ))}
    </span>
  );
}
