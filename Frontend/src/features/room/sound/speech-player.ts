import { SPEECH_RATE, type SpeechChunk } from '../connection/audio-frames';
import type { VisemeCue } from '../connection/messages';

/** One chunk as it will be heard: what lips need to follow it. */
export interface ScheduledSpeech {
  utteranceId: string;
  text: string;
  cues: readonly VisemeCue[];
  /** AudioContext time of its first sample, in seconds. */
  startAt: number;
  durationMs: number;
  /** The AudioContext's time, in seconds. */
  clock: () => number;
}

export interface SpeechListener {
  onScheduled: (speech: ScheduledSpeech) => void;
  /** The first sound of the utterance leaves the speaker. */
  onStarted: (utteranceId: string) => void;
  /** The last sample of the utterance has been heard. Not called for one that was cut. */
  onFinished: (utteranceId: string) => void;
  onCut: (utteranceId: string) => void;
}

/** Time to hand a buffer to the audio thread; below it the beginning of a first chunk can be lost. */
const LEAD_S = 0.015;
const FADE_S = 0.03;
const REMEMBERED_CUTS = 50;

interface Playing {
  sources: Set<AudioBufferSourceNode>;
  gain: GainNode;
  endsAt: number;
  complete: boolean;
  started: boolean;
  timers: Set<ReturnType<typeof setTimeout>>;
}

/** Plays the interviewer's voice without gaps between the chunks in which it arrives. */
export class SpeechPlayer {
  #context: BaseAudioContext;
  #output: AudioNode;
  #listener: SpeechListener;
  #playing = new Map<string, Playing>();
  #cut: string[] = [];

  constructor(context: BaseAudioContext, output: AudioNode, listener: SpeechListener) {
    this.#context = context;
    this.#output = output;
    this.#listener = listener;
  }

  enqueue({ header, samples }: SpeechChunk): void {
    const { utterance_id: id } = header;
    // Chunks that were on the wire when the utterance was cut.
    if (this.#cut.includes(id)) return;
    const speech = this.#playing.get(id) ?? this.#begin(id);
    const startAt = Math.max(this.#context.currentTime + LEAD_S, this.#latestEnd());
    if (header.last) speech.complete = true;
    if (samples.length === 0) {
      speech.endsAt = Math.max(speech.endsAt, startAt);
      if (speech.complete && speech.sources.size === 0) this.#finish(id);
      return;
    }

    const buffer = this.#context.createBuffer(1, samples.length, SPEECH_RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(speech.gain);
    source.onended = () => {
      speech.sources.delete(source);
      source.disconnect();
      if (speech.complete && speech.sources.size === 0) this.#finish(id);
    };
    speech.sources.add(source);
    source.start(startAt);
    speech.endsAt = startAt + buffer.duration;
    this.#listener.onScheduled({
      utteranceId: id,
      text: header.text,
      cues: header.cues,
      startAt,
      durationMs: buffer.duration * 1000,
      clock: () => this.#context.currentTime,
    });
    if (!speech.started) {
      speech.started = true;
      const timer = setTimeout(
        () => {
          speech.timers.delete(timer);
          // `ended` events come late by some milliseconds; what was said before this has been heard.
          for (const [other, { complete, endsAt }] of [...this.#playing]) {
            if (other !== id && complete && endsAt <= startAt) this.#finish(other);
          }
          this.#listener.onStarted(id);
        },
        Math.max(0, (startAt - this.#context.currentTime) * 1000),
      );
      speech.timers.add(timer);
    }
  }

  /** Stops this utterance within a few hundredths of a second, without a click. */
  cut(utteranceId: string): void {
    this.#cut = [utteranceId, ...this.#cut.filter((id) => id !== utteranceId)].slice(0, REMEMBERED_CUTS);
    const speech = this.#playing.get(utteranceId);
    if (!speech) return;
    this.#playing.delete(utteranceId);
    for (const timer of speech.timers) clearTimeout(timer);
    const now = this.#context.currentTime;
    speech.gain.gain.setTargetAtTime(0, now, FADE_S / 3);
    for (const source of speech.sources) {
      source.onended = null;
      source.stop(now + FADE_S);
    }
    this.#listener.onCut(utteranceId);
  }

  cutAll(): void {
    for (const id of [...this.#playing.keys()]) this.cut(id);
  }

  #begin(id: string): Playing {
    const gain = this.#context.createGain();
    gain.connect(this.#output);
    const speech: Playing = {
      sources: new Set(),
      gain,
      endsAt: 0,
      complete: false,
      started: false,
      timers: new Set(),
    };
    this.#playing.set(id, speech);
    return speech;
  }

  #finish(id: string): void {
    const speech = this.#playing.get(id);
    if (!speech) return;
    this.#playing.delete(id);
    for (const source of speech.sources) source.onended = null;
    this.#listener.onFinished(id);
  }

  #latestEnd(): number {
    let latest = 0;
    for (const speech of this.#playing.values()) latest = Math.max(latest, speech.endsAt);
    return latest;
  }
}
