import { useCallback, useState } from 'react';

const CAPTION_SIZES = ['small', 'medium', 'large', 'off'] as const;
export type CaptionSize = (typeof CAPTION_SIZES)[number];

export interface RoomSettings {
  captions: CaptionSize;
  hideScores: boolean;
  shortcuts: boolean;
  showQuestion: boolean;
}

const KEY = 'dost-room';
const DEFAULTS: RoomSettings = { captions: 'medium', hideScores: false, shortcuts: true, showQuestion: true };

function read(): RoomSettings {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof RoomSettings, unknown>>;
    const flag = (name: 'hideScores' | 'shortcuts' | 'showQuestion') => {
      const value = kept[name];
      return typeof value === 'boolean' ? value : DEFAULTS[name];
    };
    return {
      captions: CAPTION_SIZES.find((size) => size === kept.captions) ?? DEFAULTS.captions,
      hideScores: flag('hideScores'),
      shortcuts: flag('shortcuts'),
      showQuestion: flag('showQuestion'),
    };
  } catch {
    return DEFAULTS;
  }
}

/** How this person likes their room; kept in the browser. */
export function useRoomSettings(): [RoomSettings, (change: Partial<RoomSettings>) => void] {
  const [settings, setSettings] = useState(read);
  const change = useCallback((part: Partial<RoomSettings>) => {
    setSettings((before) => {
      const after = { ...before, ...part };
      try {
        localStorage.setItem(KEY, JSON.stringify(after));
      } catch {
        // The choice then lasts as long as the page.
      }
      return after;
    });
  }, []);
  return [settings, change];
}

export function nextCaptionSize(size: CaptionSize): CaptionSize {
  return CAPTION_SIZES[(CAPTION_SIZES.indexOf(size) + 1) % CAPTION_SIZES.length] ?? 'medium';
}
