import type { DeviceChoice } from '@/lib/media/device-choice';
import { DeviceError, stopStream } from '@/lib/media/media-devices';
import { initialsOf } from '@/lib/media/recorded-picture';
import { SpeechPlayer } from '@/lib/media/speech-player';
import type { SoundStage } from '@/lib/media/sound-stage';
import { VoicelessSpeech } from '@/lib/media/voiceless-speech';
import type { SpeechChunk } from '@/lib/realtime/audio-frames';
import { LiveConnection } from '@/lib/realtime/live-connection';
import type { Fact, Wish } from '@/lib/realtime/messages';
import { clockNow, initialRoomState, roomReducer, type RoomEvent } from '@/lib/realtime/room-state';
import {
  REAL_PARTS,
  type DeviceState,
  type Lips,
  type OpenMicrophone,
  type OwnState,
  type Parts,
  type RoomEngineOptions,
  type RoomSnapshot,
} from './room-parts';
import { partsOf } from './typed-answer';

/** How long the last piece may take to be stored before the page moves on without waiting for it. */
const LAST_PIECE_MS = 1500;
/** A wish to end that brings no end within this time is said again over HTTP. */
const END_MS = 5000;
const TYPING_EVERY_MS = 2000;

/** The live interview outside of React: connection, devices, voices and recording, and how they answer each other. */
export class RoomEngine {
  #options: RoomEngineOptions;
  #parts: Parts;
  #connection: LiveConnection;
  #snapshot: RoomSnapshot = {
    room: initialRoomState,
    own: { presence: 'waiting', microphone: 'off', camera: 'off', recording: 'none', preview: null, ending: false },
  };
  #listeners = new Set<() => void>();
  #lips: Lips | null = null;
  #choice: DeviceChoice | null = null;
  #stage: SoundStage | null = null;
  #player: SpeechPlayer | null = null;
  #voiceless: VoicelessSpeech;
  #microphoneStream: MediaStream | null = null;
  #microphone: OpenMicrophone | null = null;
  #nextFrame = 0;
  #picture: ReturnType<Parts['picture']> | null = null;
  #recorder: ReturnType<Parts['recorder']> | null = null;
  #welcomedTake = 0;
  #freeTake = 0;
  #newTakeDue = false;
  #typingToldAt = Number.NEGATIVE_INFINITY;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  #onEnded: () => void = () => undefined;

  constructor(options: RoomEngineOptions) {
    this.#options = options;
    this.#parts = { ...REAL_PARTS, ...options.parts };
    this.#connection = new LiveConnection({
      interviewId: options.interviewId,
      onFact: this.#onFact,
      onSpeech: this.#onSpeech,
      onStatus: (status) => {
        this.#tell({ kind: 'connection', status });
        if (status === 'open') options.uploads.retryNow();
        if (status === 'taken_over') this.#standAside();
        if (status === 'closed') void this.#finish();
      },
      renewSignIn: options.renewSignIn,
      ...(this.#parts.openSocket ? { openSocket: this.#parts.openSocket } : {}),
    });
    this.#voiceless = new VoicelessSpeech(this.#parts.voice(), {
      onStarted: (id, text, durationMs, spoken) => {
        this.#heard(id, true);
        this.wish({ type: 'speech.started', utterance_id: id });
        if (spoken) this.#lips?.speakRoughly(text, durationMs);
      },
      onFinished: (id) => {
        this.#heard(id, false);
        this.wish({ type: 'speech.finished', utterance_id: id });
      },
      onCut: (id) => {
        this.#heard(id, false);
        this.#lips?.stop();
      },
    });
  }

  // ---- what the page reads -------------------------------------------------

  getSnapshot = (): RoomSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Loudness of the candidate's microphone, 0 … 1. */
  level = (): number => (this.#snapshot.own.microphone === 'on' ? (this.#stage?.level() ?? 0) : 0);

  clockMs = (): number => clockNow(this.#snapshot.room.clock, this.#parts.now());

  setLips(lips: Lips | null): void {
    this.#lips = lips;
  }

  /** Called once, when the interview has ended and what was recorded is safe in this browser. */
  setOnEnded(onEnded: () => void): void {
    this.#onEnded = onEnded;
  }

  // ---- coming and going ----------------------------------------------------

  connect(): void {
    this.#connection.open();
  }

  /** The person is ready: from a click, because browsers keep sound off until one. */
  async enter(choice: DeviceChoice): Promise<void> {
    if (this.#snapshot.own.presence !== 'waiting') return;
    this.#own({ presence: 'entering' });
    this.#choice = choice;
    this.#openStage();
    await Promise.all([
      this.#stage?.resume(),
      choice.microphone ? this.#startMicrophone() : undefined,
      choice.camera ? this.#startCamera() : undefined,
      this.#options.uploads.nextTake(this.#options.interviewId).then((take) => (this.#freeTake = take)),
    ]);
    if (this.#over) return;
    this.#prepareRecording();
    this.#own({ presence: 'entered' });
    this.wish({ type: 'interview.begin', listen: this.#listening, speak: true });
  }

  /** Leaves without ending: the interview can be resumed. Resolves when the recording so far is safe. */
  async leave(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#endTimer);
    this.#player?.cutAll();
    this.#voiceless.cutAll();
    const stored = this.#recorder?.stop();
    this.#connection.close();
    await Promise.race([stored, new Promise((done) => setTimeout(done, LAST_PIECE_MS))]);
    this.#closeDevices();
    this.#own({ presence: 'left', preview: null, microphone: 'off', camera: 'off' });
  }

  /** The tab may be closed any moment. */
  flush = (): void => {
    this.#recorder?.flush();
  };

  /** This tab goes on with an interview that another tab had taken. */
  takeBack(): void {
    if (this.#snapshot.own.presence === 'entered' && this.#choice?.microphone) void this.#startMicrophone();
    this.#connection.reopen();
  }

  // ---- wishes --------------------------------------------------------------

  wish(wish: Wish): void {
    this.#connection.send(wish);
  }

  typed(text: string): void {
    const parts = partsOf(text.trim());
    parts.forEach((part, index) => {
      this.wish({ type: 'answer.type', text: part, done: index === parts.length - 1 });
    });
  }

  typing(): void {
    const now = this.#parts.now();
    if (now - this.#typingToldAt < TYPING_EVERY_MS) return;
    this.#typingToldAt = now;
    this.wish({ type: 'answer.typing' });
  }

  async end(): Promise<void> {
    if (this.#snapshot.own.ending || this.#over) return;
    this.#own({ ending: true });
    if (this.#connection.status === 'open') {
      this.wish({ type: 'interview.end' });
      this.#endTimer = setTimeout(() => void this.#endOverHttp(), END_MS);
    } else {
      await this.#endOverHttp();
    }
  }

  async toggleMicrophone(): Promise<void> {
    const { microphone } = this.#snapshot.own;
    if (microphone === 'on') {
      this.#mute(true);
      this.#own({ microphone: 'off' });
      this.wish({ type: 'microphone.set', listen: false });
    } else {
      if (this.#microphone) {
        this.#mute(false);
        this.#own({ microphone: 'on' });
      } else {
        await this.#startMicrophone();
      }
      if (this.#listening) this.wish({ type: 'microphone.set', listen: true });
    }
  }

  async toggleCamera(): Promise<void> {
    if (this.#snapshot.own.camera === 'on') this.#stopCamera('off');
    else await this.#startCamera();
  }

  /** The browser kept the sound off; a click sets it free. */
  async unblockSound(): Promise<void> {
    await this.#stage?.resume();
  }

  dismissProblem(id: number): void {
    this.#tell({ kind: 'problem.dismissed', id });
  }

  // ---- facts and speech ----------------------------------------------------

  #onFact = (fact: Fact): void => {
    this.#tell({ kind: 'fact', fact, at: this.#parts.now() });
    switch (fact.type) {
      case 'interview.welcomed':
        this.#welcomedTake = fact.recording_take;
        // The interview clock stood still while the connection was lost, the recording did not: a new take brings
        // the two together again.
        this.#newTakeDue = true;
        if (fact.phase === 'ended') void this.#finish();
        break;
      case 'clock.told':
        this.#followClock(fact.running);
        break;
      case 'speech.cut':
        this.#player?.cut(fact.utterance_id);
        this.#voiceless.cut(fact.utterance_id);
        break;
      case 'speech.missing':
        this.#voiceless.say(fact.utterance_id, fact.text);
        break;
      case 'utterance.added':
        if (fact.utterance.speaker === 'candidate') this.#lips?.nod();
        break;
      case 'interview.ended':
        void this.#finish();
        break;
      default:
        break;
    }
  };

  #onSpeech = (chunk: SpeechChunk): void => {
    if (this.#over) return;
    if (this.#player && this.#stage?.context.state === 'running') {
      this.#player.enqueue(chunk);
      return;
    }
    this.#tell({ kind: 'problem', code: 'sound_blocked', message: 'Your browser keeps the sound off. Read along, or switch it on.' });
    this.#voiceless.say(chunk.header.utterance_id, chunk.header.text, chunk.header.last);
  };

  #followClock(running: boolean): void {
    if (!this.#recorder || this.#over || this.#snapshot.own.recording === 'lost') return;
    if (!running) {
      this.#recorder.pause();
    } else if (this.#newTakeDue || !this.#recorder.recording) {
      this.#newTakeDue = false;
      this.#recorder.start(Math.max(this.#welcomedTake, this.#freeTake));
      if (this.#snapshot.own.recording !== 'on') this.#own({ recording: 'on' });
    } else {
      this.#recorder.resume();
    }
  }

  async #endOverHttp(): Promise<void> {
    try {
      await this.#options.finish();
      await this.#finish();
    } catch {
      this.#own({ ending: false });
      this.#tell({ kind: 'problem', code: 'not_ended', message: 'We could not reach the server to end the interview. Please try again.' });
    }
  }

  /** It is over: what was recorded is put in safety, and the page moves on at once. */
  async #finish(): Promise<void> {
    if (this.#over) return;
    await this.leave();
    this.#onEnded();
  }

  // ---- devices -------------------------------------------------------------

  get #listening(): boolean {
    return this.#snapshot.own.microphone === 'on';
  }

  #openStage(): void {
    try {
      this.#stage = this.#parts.stage();
      this.#player = new SpeechPlayer(this.#stage.context, this.#stage.voice, {
        onScheduled: (speech) => this.#lips?.speak(speech),
        onStarted: (id) => {
          this.#heard(id, true);
          this.wish({ type: 'speech.started', utterance_id: id });
        },
        onFinished: (id) => {
          this.#heard(id, false);
          this.wish({ type: 'speech.finished', utterance_id: id });
        },
        onCut: (id) => {
          this.#heard(id, false);
          this.#lips?.stop();
        },
      });
    } catch {
      // No Web Audio: the words are spoken by the browser or shown, and answers are typed.
      this.#stage = null;
      this.#player = null;
    }
  }

  async #startMicrophone(): Promise<void> {
    try {
      const stream = await this.#parts.openMicrophone(this.#choice?.microphoneId ?? null);
      if (this.#over) {
        stopStream(stream);
        return;
      }
      const [track] = stream.getAudioTracks();
      track?.addEventListener('ended', () => {
        if (this.#microphoneStream !== stream) return;
        this.#stopMicrophone();
        this.#own({ microphone: 'failed' });
        this.#tell({ kind: 'problem', code: 'microphone_lost', message: 'Your microphone has gone. Plug it in and switch it on again, or type your answers.' });
        this.wish({ type: 'microphone.set', listen: false });
      });
      this.#microphoneStream = stream;
      if (!this.#stage) throw new Error('no Web Audio in this browser');
      this.#microphone = await this.#parts.listen(this.#stage, stream, this.#nextFrame, (sequence, pcm) => {
        this.#connection.sendAudio(sequence, pcm);
      });
      this.#stage.setMicrophone(stream);
      this.#own({ microphone: 'on' });
    } catch (error) {
      this.#stopMicrophone();
      this.#own({ microphone: 'failed' });
      this.#tellDeviceProblem('microphone', error);
    }
  }

  #mute(muted: boolean): void {
    this.#microphone?.setListening(!muted);
    // The recording falls silent, too.
    for (const track of this.#microphoneStream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  #stopMicrophone(): void {
    this.#stage?.setMicrophone(null);
    this.#nextFrame = this.#microphone?.sequence ?? this.#nextFrame;
    this.#microphone?.close();
    this.#microphone = null;
    stopStream(this.#microphoneStream);
    this.#microphoneStream = null;
  }

  async #startCamera(): Promise<void> {
    try {
      const stream = await this.#parts.openCamera(this.#choice?.cameraId ?? null);
      if (this.#over) {
        stopStream(stream);
        return;
      }
      stream.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (this.#snapshot.own.preview === stream) this.#stopCamera('failed');
      });
      this.#picture?.setCamera(stream);
      this.#own({ camera: 'on', preview: stream });
    } catch (error) {
      this.#own({ camera: 'failed', preview: null });
      this.#tellDeviceProblem('camera', error);
    }
  }

  #stopCamera(state: DeviceState): void {
    this.#picture?.setCamera(null);
    stopStream(this.#snapshot.own.preview);
    this.#own({ camera: state, preview: null });
  }

  #tellDeviceProblem(device: 'camera' | 'microphone', error: unknown): void {
    const words =
      error instanceof DeviceError ? `${error.message} ${error.advice}` : `Your ${device} could not be started.`;
    const instead = device === 'microphone' ? ' You can type your answers.' : ' The interview goes on without it.';
    this.#tell({ kind: 'problem', code: `${device}_failed`, message: words + instead });
  }

  /** One stream whose tracks stay the same from here on: both voices mixed, and the picture when there is a camera. */
  #prepareRecording(): void {
    if (!this.#options.consented || !this.#stage) return;
    const { preview } = this.#snapshot.own;
    try {
      const tracks = [this.#stage.mixedTrack];
      if (preview) {
        this.#picture = this.#parts.picture(initialsOf(this.#options.userName));
        this.#picture.setCamera(preview);
        tracks.push(this.#picture.track);
      }
      this.#recorder = this.#parts.recorder(this.#parts.stream(tracks), {
        interviewId: this.#options.interviewId,
        userId: this.#options.userId,
        uploads: this.#options.uploads,
        clock: this.clockMs,
        onLost: () => {
          if (this.#over) return;
          this.#own({ recording: 'lost' });
          this.#tell({ kind: 'problem', code: 'recording_lost', message: 'The recording has stopped. The interview goes on, and is still scored.' });
        },
      });
    } catch {
      this.#tell({ kind: 'problem', code: 'recording_lost', message: 'This browser cannot record. The interview goes on, and is still scored.' });
    }
  }

  /** Another tab goes on with this interview: this one falls silent and lets go of the devices. */
  #standAside(): void {
    this.#player?.cutAll();
    this.#voiceless.cutAll();
    void this.#recorder?.stop();
    this.#stopMicrophone();
    this.#own({ microphone: 'off' });
  }

  #closeDevices(): void {
    this.#stopMicrophone();
    stopStream(this.#snapshot.own.preview);
    this.#picture?.close();
    void this.#stage?.close();
  }

  // ---- state ---------------------------------------------------------------

  #heard(utteranceId: string, playing: boolean): void {
    this.#tell({ kind: 'speech', utteranceId, playing });
  }

  #tell(event: RoomEvent): void {
    const room = roomReducer(this.#snapshot.room, event);
    if (room !== this.#snapshot.room) this.#publish({ ...this.#snapshot, room });
  }

  #own(change: Partial<OwnState>): void {
    this.#publish({ ...this.#snapshot, own: { ...this.#snapshot.own, ...change } });
  }

  #publish(snapshot: RoomSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
