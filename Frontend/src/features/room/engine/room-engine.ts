import type { DeviceChoice } from '@/lib/media/device-choice';
import type { SoundStage } from '@/lib/media/sound-stage';
import { LiveConnection } from '../connection/live-connection';
import type { Fact, Wish } from '../connection/messages';
import { clockNow } from '../connection/room-state';
import { CandidateDevices } from './candidate-devices';
import { RoomCall } from './room-call';
import { REAL_PARTS, type Lips, type Parts, type RoomEngineOptions, type RoomSnapshot } from './room-parts';
import { RoomRecording } from './room-recording';
import { RoomStore } from './room-store';
import { RoomVoice } from './room-voice';
import { partsOf } from './typed-answer';

/** How long the last piece may take to be stored before the page moves on without waiting for it. */
const LAST_PIECE_MS = 1500;
/** A wish to end that brings no end within this time is said again over HTTP. */
const END_MS = 5000;
const TYPING_EVERY_MS = 2000;

/** The live interview outside of React: connection, devices, voices, call and recording, and how they answer each other. */
export class RoomEngine {
  #options: RoomEngineOptions;
  #parts: Parts;
  #store = new RoomStore();
  #connection: LiveConnection;
  #devices: CandidateDevices;
  #voice: RoomVoice;
  #recording: RoomRecording;
  #call: RoomCall;
  #stage: SoundStage | null = null;
  #prepared: Promise<unknown> | null = null;
  #typingToldAt = Number.NEGATIVE_INFINITY;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  #onEnded: () => void = () => undefined;

  constructor(options: RoomEngineOptions) {
    this.#options = options;
    this.#parts = { ...REAL_PARTS, ...options.parts };
    const wish = (each: Wish) => this.wish(each);
    this.#connection = new LiveConnection({
      interviewId: options.interviewId,
      onFact: this.#onFact,
      onSpeech: (chunk) => {
        if (!this.#over && !this.#call.leads) this.#voice.hear(chunk);
      },
      onStatus: (status) => {
        this.#store.tell({ kind: 'connection', status });
        if (status === 'open') options.uploads.retryNow();
        if (status === 'taken_over') this.#standAside();
        if (status === 'closed') void this.#finish();
      },
      renewSignIn: options.renewSignIn,
      ...(this.#parts.openSocket ? { openSocket: this.#parts.openSocket } : {}),
    });
    this.#voice = new RoomVoice(this.#store, wish, this.#parts.voice());
    this.#recording = new RoomRecording(options, this.#parts, this.#store);
    this.#devices = new CandidateDevices(this.#parts, this.#store, {
      wish,
      sendAudio: (sequence, pcm) => void this.#connection.sendAudio(sequence, pcm),
      onCamera: (stream) => this.#recording.setCamera(stream),
    });
    this.#call = new RoomCall(this.#store, {
      service: options.callService,
      openCall: this.#parts.openCall,
      userName: options.userName,
      wish,
      onDevice: (device, on) =>
        void (device === 'microphone' ? this.#devices.setMicrophone(on) : this.#devices.setCamera(on)),
    });
  }

  // ---- what the page reads -------------------------------------------------

  getSnapshot = (): RoomSnapshot => this.#store.get();

  subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** Loudness of the candidate's microphone, 0 … 1. */
  level = (): number => (this.#devices.listening ? (this.#stage?.level() ?? 0) : 0);

  clockMs = (): number => clockNow(this.#store.get().room.clock, this.#parts.now());

  setLips(lips: Lips | null): void {
    this.#voice.setLips(lips);
  }

  /** Where the interviewer's call is to be shown. */
  setCallPlace(place: HTMLElement | null): void {
    this.#call.setPlace(place);
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
  async enter(choice: DeviceChoice, interviewer: 'configured' | 'built-in' = 'configured'): Promise<void> {
    if (this.#store.get().own.presence !== 'waiting') return;
    this.#store.own({ presence: 'entering' });
    this.#prepared ??= this.#prepare(choice);
    const [settled] = await Promise.all([this.#call.ask(interviewer), this.#stage?.resume(), this.#prepared]);
    if (this.#over) {
      this.#call.sayGoodbye();
      return;
    }
    if (!settled) {
      this.#store.own({ presence: 'waiting' });
      return;
    }
    this.#recording.prepare(this.#stage, this.clockMs);
    this.#store.own({ presence: 'entered' });
    this.wish({ type: 'interview.begin', listen: this.#devices.listening, speak: true });
  }

  /** The call takes too long to be set up: our own interviewer begins. */
  skipCall(): void {
    this.#call.skip();
  }

  /** Leaves without ending: the interview can be resumed. Resolves when the recording so far is safe. */
  async leave(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#endTimer);
    this.#call.sayGoodbye();
    this.#call.leave();
    this.#voice.cutAll();
    const stored = this.#recording.finish();
    this.#connection.close();
    await Promise.race([stored, new Promise((done) => setTimeout(done, LAST_PIECE_MS))]);
    this.#devices.close();
    this.#recording.close();
    void this.#stage?.close();
    this.#store.own({ presence: 'left' });
  }

  /** The tab may be closed any moment. */
  flush = (): void => {
    this.#recording.flush();
  };

  /** The page is being closed, or loaded anew. */
  goodbye = (): void => {
    this.#call.sayGoodbye();
  };

  /** This tab goes on with an interview that another tab had taken. */
  takeBack(): void {
    if (this.#store.get().own.presence === 'entered') {
      void this.#devices.bringBack();
      void this.#call.ask('configured');
    }
    this.#connection.reopen();
  }

  /** There is no place for a voice just now: this interview goes on by typing. */
  answerByTyping(): void {
    this.#connection.typeOnly();
  }

  /** Asks for a place again, before it is asked for by itself. */
  askAgain(): void {
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
    if (this.#store.get().own.ending || this.#over) return;
    this.#store.own({ ending: true });
    if (this.#connection.status === 'open') {
      this.wish({ type: 'interview.end' });
      this.#endTimer = setTimeout(() => void this.#endOverHttp(), END_MS);
    } else {
      await this.#endOverHttp();
    }
  }

  async toggleMicrophone(): Promise<void> {
    await this.#devices.setMicrophone(!this.#devices.listening);
    this.#call.followDevices();
  }

  async toggleCamera(): Promise<void> {
    await this.#devices.setCamera(this.#store.get().own.camera !== 'on');
    this.#call.followDevices();
  }

  /** From the call to our own interviewer. */
  switchInterviewer(): void {
    this.#call.giveUp();
  }

  /** The browser kept the sound off; a click sets it free. */
  async unblockSound(): Promise<void> {
    await this.#stage?.resume();
  }

  dismissProblem(id: number): void {
    this.#store.tell({ kind: 'problem.dismissed', id });
  }

  // ---- facts ---------------------------------------------------------------

  #onFact = (fact: Fact): void => {
    this.#store.tell({ kind: 'fact', fact, at: this.#parts.now() });
    this.#call.onFact(fact);
    switch (fact.type) {
      case 'interview.welcomed':
        this.#recording.onWelcomed(fact.recording_take);
        if (fact.phase === 'ended') void this.#finish();
        break;
      case 'clock.told':
        this.#recording.followClock(fact.running);
        break;
      case 'speech.cut':
        this.#voice.cut(fact.utterance_id);
        break;
      case 'speech.missing':
        if (!this.#call.leads) this.#voice.say(fact.utterance_id, fact.text);
        break;
      case 'utterance.added':
        if (fact.utterance.speaker === 'candidate') this.#voice.nod();
        break;
      case 'interview.ended':
        void this.#finish();
        break;
      default:
        break;
    }
  };

  async #endOverHttp(): Promise<void> {
    try {
      await this.#options.finish();
      await this.#finish();
    } catch {
      this.#store.own({ ending: false });
      this.#store.problem('not_ended', 'We could not reach the server to end the interview. Please try again.');
    }
  }

  /** It is over: what was recorded is put in safety, and the page moves on at once. */
  async #finish(): Promise<void> {
    if (this.#over) return;
    await this.leave();
    this.#onEnded();
  }

  // ---- devices -------------------------------------------------------------

  #prepare(choice: DeviceChoice): Promise<unknown> {
    try {
      this.#stage = this.#parts.stage();
      this.#voice.open(this.#stage);
    } catch {
      // No Web Audio: the words are spoken by the browser or shown, and answers are typed.
      this.#stage = null;
    }
    return Promise.all([this.#devices.open(choice, this.#stage), this.#recording.reserveTake()]);
  }

  /** Another tab goes on with this interview: this one falls silent and lets go of the devices. */
  #standAside(): void {
    this.#call.leave();
    this.#voice.cutAll();
    this.#recording.stop();
    this.#devices.stopMicrophone('off');
  }
}
