/** What of the browser's own voice is used. */
export interface BrowserVoice {
  getVoices(): SpeechSynthesisVoice[];
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
}

export interface VoicelessListener {
  /** `durationMs` is an estimate; `spoken` is false when the words are only shown. */
  onStarted: (utteranceId: string, text: string, durationMs: number, spoken: boolean) => void;
  onFinished: (utteranceId: string) => void;
  onCut: (utteranceId: string) => void;
}

/** A quick reader's 200 words a minute, in ms a word; slower than most read, faster than most speak. */
const MS_A_WORD = 300;
const SHORTEST_MS = 1500;
/** Some browsers never tell that a voice has ended. */
const GRACE_MS = 4000;

/** How long captions of this text are shown before the interview goes on. */
export function readingTimeMs(text: string): number {
  const words = text.trim().split(/\s+/).filter(Boolean).length;
  return Math.max(SHORTEST_MS, words * MS_A_WORD);
}

interface Line {
  id: string;
  text: string;
  last: boolean;
}

/**
 * Says what the server has no voice for: with the browser's voice, or, where there is none, by leaving
 * the captions up for a reading time. One line after the other.
 */
export class VoicelessSpeech {
  #voice: BrowserVoice | null;
  #listener: VoicelessListener;
  #queue: Line[] = [];
  #current: Line | null = null;
  #started: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(voice: BrowserVoice | null, listener: VoicelessListener) {
    this.#voice = voice;
    this.#listener = listener;
  }

  say(id: string, text: string, last = true): void {
    this.#queue.push({ id, text, last });
    if (!this.#current) this.#next();
  }

  cut(id: string): void {
    const heard = this.#current?.id === id;
    this.#queue = this.#queue.filter((line) => line.id !== id);
    if (!heard) return;
    clearTimeout(this.#timer);
    this.#current = null;
    this.#voice?.cancel();
    this.#listener.onCut(id);
    this.#next();
  }

  cutAll(): void {
    const id = this.#current?.id;
    this.#queue = [];
    if (id !== undefined) this.cut(id);
  }

  #next(): void {
    const line = this.#queue.shift();
    if (!line) return;
    this.#current = line;
    const durationMs = readingTimeMs(line.text);
    const voice = this.#englishVoice();
    if (this.#started !== line.id) {
      this.#started = line.id;
      this.#listener.onStarted(line.id, line.text, durationMs, voice !== null);
    }
    const done = () => {
      if (this.#current !== line) return;
      clearTimeout(this.#timer);
      this.#current = null;
      if (line.last) this.#listener.onFinished(line.id);
      this.#next();
    };
    if (!voice) {
      this.#timer = setTimeout(done, durationMs);
      return;
    }
    const utterance = new SpeechSynthesisUtterance(line.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.onend = done;
    utterance.onerror = () => {
      // The words are on the screen; they get their reading time.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(done, durationMs);
    };
    this.#timer = setTimeout(done, durationMs * 2 + GRACE_MS);
    this.#voice?.speak(utterance);
  }

  #englishVoice(): SpeechSynthesisVoice | null {
    const english = this.#voice?.getVoices().filter((voice) => voice.lang.toLowerCase().startsWith('en')) ?? [];
    // A voice that runs on this machine sends nobody's interview to somebody else's server.
    return english.find((voice) => voice.localService) ?? null;
  }
}
