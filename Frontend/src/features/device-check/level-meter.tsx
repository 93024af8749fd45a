import { useEffect, useRef, useState } from 'react';
import { SoundStage } from '@/lib/media/sound-stage';

/** Above it somebody is speaking; a quiet room stays well below. */
const SPEECH_LEVEL = 0.42;
const SEGMENTS = 24;

/** Shows how loud the microphone hears, and says once in words that it does. */
export function LevelMeter({ stream }: { stream: MediaStream }) {
  const bar = useRef<HTMLDivElement>(null);
  const [heard, setHeard] = useState(false);

  useEffect(() => {
    let stage: SoundStage;
    try {
      stage = new SoundStage();
      stage.setMicrophone(stream);
    } catch {
      return;
    }
    // A page opened without a click keeps its sound asleep until the first one.
    const wake = () => void stage.resume();
    wake();
    document.addEventListener('pointerdown', wake);
    document.addEventListener('keydown', wake);
    let frame = 0;
    let loudFrames = 0;
    const draw = () => {
      const level = stage.level();
      const lit = Math.round(level * SEGMENTS);
      const segments = bar.current?.children ?? [];
      for (let i = 0; i < segments.length; i++) (segments[i] as HTMLElement).dataset.lit = String(i < lit);
      loudFrames = level > SPEECH_LEVEL ? loudFrames + 1 : Math.max(0, loudFrames - 0.5);
      if (loudFrames > 8) setHeard(true);
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('pointerdown', wake);
      document.removeEventListener('keydown', wake);
      void stage.close();
    };
  }, [stream]);

  return (
    <div>
      <div ref={bar} aria-hidden className="flex h-3 gap-1">
        {Array.from({ length: SEGMENTS }, (_, index) => (
          <span
            key={index}
            className="flex-1 rounded-sm bg-sunken transition-colors duration-75 data-[lit=true]:bg-accent"
          />
        ))}
      </div>
      <p role="status" className="mt-2 text-sm text-ink-soft">
        {heard ? 'We can hear you.' : 'Say a few words: the bar should move.'}
      </p>
    </div>
  );
}
