import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VoicelessSpeech, readingTimeMs, type BrowserVoice } from './voiceless-speech';

class FakeUtterance {
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

let log: string[];

function speech(voice: BrowserVoice | null): VoicelessSpeech {
  return new VoicelessSpeech(voice, {
    onStarted: (id, _text, _ms, spoken) => log.push(`started ${id}${spoken ? ' aloud' : ''}`),
    onFinished: (id) => log.push(`finished ${id}`),
    onCut: (id) => log.push(`cut ${id}`),
  });
}

function browserVoice(...langs: string[]) {
  const spoken: FakeUtterance[] = [];
  const voice: BrowserVoice = {
    getVoices: () => langs.map((lang) => ({ lang, localService: true }) as SpeechSynthesisVoice),
    speak: (utterance) => spoken.push(utterance as unknown as FakeUtterance),
    cancel: () => log.push('cancelled'),
  };
  return { voice, spoken };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('SpeechSynthesisUtterance', FakeUtterance);
  log = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe('words without any voice', () => {
  it('are shown for a reading time, then the interview goes on', () => {
    const text = 'Tell me about a decision that you would make differently today.';
    speech(null).say('u1', text);
    expect(log).toEqual(['started u1']);
    vi.advanceTimersByTime(readingTimeMs(text) - 1);
    expect(log).toEqual(['started u1']);
    vi.advanceTimersByTime(1);
    expect(log).toEqual(['started u1', 'finished u1']);
  });

  it('are shown longer the more there are, and never for a blink only', () => {
    expect(readingTimeMs('Yes.')).toBe(1500);
    expect(readingTimeMs('')).toBe(1500);
    expect(readingTimeMs(Array(40).fill('word').join(' '))).toBe(12_000);
  });

  it('come one line after the other and are told once for an utterance', () => {
    const words = speech(null);
    words.say('u1', 'One.', false);
    words.say('u1', 'Two.', true);
    words.say('u2', 'Three.');
    vi.advanceTimersByTime(4500);
    expect(log).toEqual(['started u1', 'finished u1', 'started u2', 'finished u2']);
  });

  it('that are cut give way to the next line', () => {
    const words = speech(null);
    words.say('u1', 'One.');
    words.say('u2', 'Two.');
    words.cut('u1');
    expect(log).toEqual(['started u1', 'cut u1', 'started u2']);
  });
});

describe("the browser's own voice", () => {
  it('speaks when it has English', () => {
    const { voice, spoken } = browserVoice('de-DE', 'en-GB');
    speech(voice).say('u1', 'Hello.');
    expect(log).toEqual(['started u1 aloud']);
    expect(spoken.map((utterance) => utterance.text)).toEqual(['Hello.']);
    spoken[0]?.onend?.();
    expect(log).toEqual(['started u1 aloud', 'finished u1']);
  });

  it('that has no English leaves the captions', () => {
    const { voice, spoken } = browserVoice('de-DE');
    speech(voice).say('u1', 'Hello.');
    expect(log).toEqual(['started u1']);
    expect(spoken).toEqual([]);
  });

  it('that never tells its end, or fails, does not hold up the interview', () => {
    const { voice, spoken } = browserVoice('en-US');
    const words = speech(voice);
    words.say('u1', 'Hello.');
    vi.advanceTimersByTime(10_000);
    expect(log).toContain('finished u1');
    words.say('u2', 'Hello again.');
    spoken[1]?.onerror?.();
    vi.advanceTimersByTime(2000);
    expect(log).toContain('finished u2');
  });

  it('falls silent when it is cut', () => {
    const { voice } = browserVoice('en-US');
    const words = speech(voice);
    words.say('u1', 'Hello.');
    words.cutAll();
    expect(log).toEqual(['started u1 aloud', 'cancelled', 'cut u1']);
  });
});
