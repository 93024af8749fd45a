import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import type { AvatarMood } from './idle-motion';
import { classNames } from '@/ui/class-names';
import { AvatarPlayer } from './avatar-player';

export type InterviewerAvatarProps = {
  /** Folder under /avatar with manifest.json and poster.webp. */
  face: string;
  name: string;
  mood: AvatarMood;
  /** Gets the player, to call `speak`, `nod` and `stopSpeaking`; null after unmounting. */
  playerRef?: Ref<AvatarPlayer | null>;
  className?: string;
};

const MOOD_WORDS: Record<AvatarMood, string> = {
  idle: 'waiting',
  listening: 'listening',
  thinking: 'thinking',
  speaking: 'speaking',
  away: 'paused',
};

/** The built-in interviewer. Fills its box (object-fit: cover), shows a still picture until the player draws. */
export function InterviewerAvatar({ face, name, mood, playerRef, className = '' }: InterviewerAvatarProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [player, setPlayer] = useState<AvatarPlayer | null>(null);
  const [drawing, setDrawing] = useState(false);
  const [posterMissing, setPosterMissing] = useState(false);

  useEffect(() => {
    if (!canvas.current) return;
    const made = new AvatarPlayer(canvas.current, `/avatar/${face}/manifest.json`, name.slice(0, 1));
    let current = true;
    setPlayer(made);
    void made.ready.then(() => current && setDrawing(true));
    const wish = window.matchMedia?.('(prefers-reduced-motion: reduce)');
    const follow = () => made.setReducedMotion(wish?.matches ?? false);
    follow();
    wish?.addEventListener('change', follow);
    return () => {
      current = false;
      wish?.removeEventListener('change', follow);
      made.destroy();
      setPlayer(null);
      setDrawing(false);
    };
  }, [face, name]);

  useEffect(() => player?.setMood(mood), [player, mood]);
  useImperativeHandle<AvatarPlayer | null, AvatarPlayer | null>(playerRef, () => player, [player]);

  return (
    <div
      role="img"
      aria-label={`${name}, your interviewer, is ${MOOD_WORDS[mood]}`}
      data-mood={mood}
      className={classNames('relative overflow-hidden bg-[#2b3338]', className)}
    >
      {!drawing && !posterMissing && (
        <img
          src={`/avatar/${face}/poster.webp`}
          alt=""
          className="absolute inset-0 h-full w-full object-cover"
          onError={() => setPosterMissing(true)}
        />
      )}
      <canvas
        ref={canvas}
        className={classNames(
          'absolute inset-0 h-full w-full transition-opacity duration-300',
          drawing ? 'opacity-100' : 'opacity-0',
        )}
      />
    </div>
  );
}
