import type { SoundStage } from '@/lib/media/sound-stage';
import { SpeechPlayer } from '../sound/speech-player';
import { VoicelessSpeech, type BrowserVoice } from '../sound/voiceless-speech';
import type { SpeechChunk } from '../connection/audio-frames';
import type { Wish } from '../connection/messages';
import type { Lips } from './room-parts';
import type { RoomStore } from './room-store';

/** Our own interviewer's voice: as it was sent, or said by the browser or shown where no sound can be had. */
export class RoomVoice {
  #store: RoomStore;
  #wish: (wish: Wish) => void;
  #stage: SoundStage | null = null;
  #player: SpeechPlayer | null = null;
  #voiceless: VoicelessSpeech;
  #lips: Lips | null = null;

  constructor(store: RoomStore, wish: (wish: Wish) => void, browserVoice: BrowserVoice | null) {
    this.#store = store;
    this.#wish = wish;
    this.#voiceless = new VoicelessSpeech(browserVoice, {
      onStarted: (id, text, durationMs, spoken) => {
        this.#started(id);
        if (spoken) this.#lips?.speakRoughly(text, durationMs);
      },
      onFinished: this.#finished,
      onCut: this.#wasCut,
    });
  }

  setLips(lips: Lips | null): void {
    this.#lips = lips;
  }

  /** A sign of having heard. */
  nod(): void {
    this.#lips?.nod();
  }

  open(stage: SoundStage): void {
    this.#stage = stage;
    this.#player = new SpeechPlayer(stage.context, stage.voice, {
      onScheduled: (speech) => this.#lips?.speak(speech),
      onStarted: this.#started,
      onFinished: this.#finished,
      onCut: this.#wasCut,
    });
  }

  hear(chunk: SpeechChunk): void {
    if (this.#player && this.#stage?.context.state === 'running') {
      this.#player.enqueue(chunk);
      return;
    }
    this.#store.problem('sound_blocked', 'Your browser keeps the sound off. Read along, or switch it on.');
    this.#voiceless.say(chunk.header.utterance_id, chunk.header.text, chunk.header.last);
  }

  /** No sound will come for these words. */
  say(utteranceId: string, text: string): void {
    this.#voiceless.say(utteranceId, text);
  }

  cut(utteranceId: string): void {
    this.#player?.cut(utteranceId);
    this.#voiceless.cut(utteranceId);
  }

  cutAll(): void {
    this.#player?.cutAll();
    this.#voiceless.cutAll();
  }

  #started = (utteranceId: string): void => {
    this.#store.tell({ kind: 'speech', utteranceId, playing: true });
    this.#wish({ type: 'speech.started', utterance_id: utteranceId });
  };

  #finished = (utteranceId: string): void => {
    this.#store.tell({ kind: 'speech', utteranceId, playing: false });
    this.#wish({ type: 'speech.finished', utterance_id: utteranceId });
  };

  #wasCut = (utteranceId: string): void => {
    this.#store.tell({ kind: 'speech', utteranceId, playing: false });
    this.#lips?.stop();
  };
}
