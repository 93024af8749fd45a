import { useEffect, useRef } from 'react';
import { classNames } from '@/ui/class-names';
import type { RoomState } from '../connection/room-state';
import type { CallState } from '../engine/room-parts';
import type { CaptionSize } from './room-settings';
import { personaName } from './interviewer-activity';

const SIZES: Record<CaptionSize, string> = {
  small: 'text-compact',
  medium: 'text-lg',
  large: 'text-2xl font-medium',
  off: 'sr-only',
};

interface CaptionsProps {
  room: RoomState;
  call: CallState;
  byCall: boolean;
  size: CaptionSize;
  className?: string;
}

/** Both sides in words, as they are spoken. Scrolls along unless the person has scrolled back to read. */
export function Captions({ room, call, byCall, size, className }: CaptionsProps) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const { utterances, persona } = room;
  // The call's own words for the candidate, where it has some; our recogniser hears the same answer.
  const flux = {
    interviewer: call.captions.interviewer ?? '',
    candidate: call.captions.candidate ?? room.captions.map((line) => line.text).join(' '),
  };

  useEffect(() => {
    const { current } = box;
    if (current && follows.current) current.scrollTop = current.scrollHeight;
  }, [utterances, flux.interviewer, flux.candidate, size]);

  useEffect(() => {
    const { current } = box;
    if (!current) return;
    // Turning the phone makes the box smaller around the same place; whoever was following goes on following.
    const stay = new ResizeObserver(() => {
      if (follows.current) current.scrollTop = current.scrollHeight;
    });
    stay.observe(current);
    return () => stay.disconnect();
  }, []);

  // Who goes on for a dropped call has not said what was said before.
  const interviewer = byCall ? 'Interviewer' : personaName(persona);
  const speakerOf = (speaker: 'interviewer' | 'candidate') => (speaker === 'interviewer' ? interviewer : 'You');
  return (
    <div
      ref={box}
      role="log"
      aria-label="Captions"
      aria-live="polite"
      // Scrolled back with the arrow keys, without a mouse.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        follows.current = scrollHeight - scrollTop - clientHeight < 48;
      }}
      className={classNames(
        'overflow-y-auto overscroll-contain rounded-2xl [scrollbar-width:thin]',
        SIZES[size],
        className,
      )}
    >
      {utterances.length === 0 && flux.interviewer === '' && flux.candidate === '' && (
        <p className="text-ink-faint">What you both say appears here.</p>
      )}
      {utterances.map((line, index) => (
        <p
          key={line.id}
          className={classNames(
            'leading-snug',
            index > 0 && 'mt-1.5',
            index < utterances.length - 2 && 'text-ink-soft',
          )}
        >
          <span className={classNames('font-semibold', line.speaker === 'interviewer' ? 'text-accent' : 'text-ink')}>
            {speakerOf(line.speaker)}:
          </span>{' '}
          {line.text}
        </p>
      ))}
      {(['interviewer', 'candidate'] as const)
        .filter((speaker) => flux[speaker] !== '')
        .map((speaker) => (
          // Words that still change would be read aloud over and over; their final line is announced.
          <p key={speaker} aria-live="off" data-in-flux className="mt-1.5 leading-snug text-ink-soft">
            <span className={classNames('font-semibold', speaker === 'interviewer' ? 'text-accent' : 'text-ink')}>
              {speakerOf(speaker)}:
            </span>{' '}
            {flux[speaker]}
            <span aria-hidden className="ml-0.5 animate-pulse">
              …
            </span>
          </p>
        ))}
    </div>
  );
}
