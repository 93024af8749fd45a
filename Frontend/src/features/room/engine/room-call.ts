import { wordsFor } from '@/lib/api/problem';
import type { AvatarModel } from '@/lib/api/types';
import type { Call, CallInvitation, CallLoss, OpenCall } from '../call/call-frame';
import { conversationIdOf, steering, TavusMessages, type CallEvent } from '../call/tavus-messages';
import type { Fact, Wish } from '../connection/messages';
import type { CallService } from './room-parts';
import { NO_CALL, type RoomStore } from './room-store';

/** After a reload the room still counts the page of before for some seconds. */
const FULL_RETRIES = 6;
const FULL_RETRY_MS = 3000;
const WAITING_STEERS = 20;
/** So long the server has to note that no call is wanted; it tells the vendor in its own time. */
const NOTED_MS = 2000;
const DROPPED = 'The video call dropped. Our own interviewer goes on from here.';

type Steer = Extract<Fact, { type: 'call.steered' }>;

interface RoomCallOptions {
  service: CallService | null;
  openCall: OpenCall;
  userName: string;
  wish: (wish: Wish) => void;
  onDevice: (device: 'microphone' | 'camera', on: boolean) => void;
}

/** The vendor's call, when it leads: joined, relayed to our server line by line, steered by it, and left. */
export class RoomCall {
  #store: RoomStore;
  #options: RoomCallOptions;
  #invitation: CallInvitation | null = null;
  #conversationId = '';
  #messages: TavusMessages | null = null;
  #place: HTMLElement | null = null;
  #framedIn: HTMLElement | null = null;
  #call: Call | null = null;
  #steers: Steer[] = [];
  #fullRetries = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #skip: (() => void) | null = null;
  /** Whether a call leads, or could: not once it was lost or given up. */
  #possible = true;

  constructor(store: RoomStore, options: RoomCallOptions) {
    this.#store = store;
    this.#options = options;
  }

  get leads(): boolean {
    return this.#invitation !== null;
  }

  /** Settles who leads. False: no call could be had, and the person has to say how to go on. */
  async ask(choice: 'configured' | 'built-in'): Promise<boolean> {
    const { service } = this.#options;
    const { room } = this.#store.get();
    if (!service || this.leads || !this.#possible || (room.begun && room.ledBy === 'us' && !this.#messages))
      return true;
    if (choice === 'built-in') return this.#goWithout(service);
    let answer: AvatarModel | null;
    let conversationId = '';
    this.#store.call({ problem: null, arranging: true });
    try {
      answer = await Promise.race([
        service.begin(choice),
        new Promise<null>((done) => (this.#skip = () => done(null))),
      ]);
      if (answer?.conversation_url) conversationId = conversationIdOf(answer.conversation_url);
    } catch (error) {
      this.#store.call({ problem: { code: 'avatar_unavailable', message: wordsFor(error) } });
      return false;
    } finally {
      this.#skip = null;
      this.#store.call({ arranging: false });
    }
    if (answer === null) return this.#goWithout(service);
    if (answer.problem) {
      this.#store.call({ problem: answer.problem });
      return false;
    }
    if (answer.kind === 'built-in' || !answer.conversation_url) {
      this.#possible = false;
      return true;
    }
    if (conversationId !== this.#conversationId) this.#messages = new TavusMessages(conversationId);
    this.#conversationId = conversationId;
    this.#invitation = { url: answer.conversation_url, token: answer.join_token ?? null };
    this.#fullRetries = 0;
    this.#store.call({ ...NO_CALL, status: 'joining' });
    this.#open();
    return true;
  }

  /** While a call is being arranged: the person would rather go on with our own interviewer now. */
  skip(): void {
    this.#skip?.();
  }

  /** Our own interviewer needs no arrangement with anybody; what was asked of the vendor is ended, or never made. */
  async #goWithout(service: CallService): Promise<true> {
    this.#possible = false;
    this.#store.call({ problem: null });
    const noted = service.begin('built-in').catch(() => undefined);
    await Promise.race([noted, new Promise((done) => setTimeout(done, NOTED_MS))]);
    return true;
  }

  /** Where the frame is to be; the same element for as long as the call lasts, because a moved frame loads anew. */
  setPlace(place: HTMLElement | null): void {
    this.#place = place;
    if (place === null || place === this.#framedIn) return;
    this.#call?.close();
    this.#call = null;
    this.#open();
  }

  onFact(fact: Fact): void {
    switch (fact.type) {
      case 'interview.welcomed':
        if (this.#store.get().call.status !== 'joined') break;
        if (fact.begun && fact.led_by === 'us') {
          this.leave();
          this.#store.problem('avatar_changed', DROPPED);
        } else {
          this.#options.wish({ type: 'call.joined' });
        }
        break;
      case 'call.steered':
        if (this.leads) this.#steer(fact);
        break;
      case 'avatar.changed':
        if (fact.led_by === 'us') {
          this.#possible = false;
          this.leave();
        }
        break;
      case 'utterance.added': {
        const { captions } = this.#store.get().call;
        const { speaker } = fact.utterance;
        if (captions[speaker] !== undefined) this.#store.call({ captions: { ...captions, [speaker]: undefined } });
        break;
      }
      case 'phase.changed':
        this.followDevices();
        break;
      default:
        break;
    }
  }

  /** What is said while the interview is paused is said to nobody. */
  followDevices(): void {
    const { own, room } = this.#store.get();
    this.#call?.setMicrophone(own.microphone === 'on' && room.phase !== 'paused');
    this.#call?.setCamera(own.camera === 'on');
  }

  /** The person would rather go on with our own interviewer. */
  giveUp(): void {
    if (!this.leads) return;
    this.#possible = false;
    this.leave();
    this.#options.wish({ type: 'avatar.switch' });
  }

  /** Out of the call, without a word to the server. */
  leave(): void {
    clearTimeout(this.#retryTimer);
    this.#call?.close();
    this.#call = null;
    this.#framedIn = null;
    this.#invitation = null;
    this.#steers = [];
    this.#store.call(NO_CALL);
  }

  /** The page goes away: the server ends the call unless the page comes back at once. */
  sayGoodbye(): void {
    if (this.leads) this.#options.service?.leave();
  }

  #open(): void {
    if (!this.#place || !this.#invitation || this.#call) return;
    const { own } = this.#store.get();
    this.#framedIn = this.#place;
    this.#call = this.#options.openCall(
      this.#place,
      this.#invitation,
      {
        title: 'Video call with your interviewer',
        userName: this.#options.userName,
        microphone: own.microphone === 'on',
        camera: own.camera === 'on',
        dark: document.documentElement.dataset['theme'] === 'dark',
      },
      {
        onJoined: () => {
          this.#store.call({ status: 'joined' });
          // Otherwise the next welcome does it: a server that was away has to be told in any case.
          if (this.#store.get().room.connection === 'open') this.#options.wish({ type: 'call.joined' });
          for (const steer of this.#steers.splice(0)) this.#steer(steer);
          this.followDevices();
        },
        onMessage: (data) => {
          for (const event of this.#messages?.read(data) ?? []) this.#relay(event);
        },
        onLost: (reason, full) => this.#lost(reason, full),
        onDevice: this.#options.onDevice,
      },
    );
  }

  #relay(event: CallEvent): void {
    const { wish } = this.#options;
    const { call } = this.#store.get();
    switch (event.kind) {
      case 'said':
        wish({
          type: 'call.said',
          key: event.key,
          order: event.order,
          speaker: event.speaker,
          text: event.text,
          interrupted: event.interrupted,
        });
        // Shown until it comes back as a line of the transcript.
        this.#store.call({ captions: { ...call.captions, [event.speaker]: event.text } });
        break;
      case 'speaking': {
        const other = call.speaking === event.speaker ? null : call.speaking;
        this.#store.call({ speaking: event.speaking ? event.speaker : other });
        wish({ type: 'call.speaking', speaker: event.speaker, speaking: event.speaking });
        break;
      }
      case 'caption':
        this.#store.call({ captions: { ...call.captions, [event.speaker]: event.text } });
        break;
      case 'over':
        this.#lost('left', false);
        break;
    }
  }

  #steer(steer: Steer): void {
    const sent = this.#call?.send(steering(steer, this.#conversationId));
    if (!sent && this.#store.get().call.status === 'joining') {
      this.#steers = [...this.#steers, steer].slice(-WAITING_STEERS);
    }
  }

  #lost(reason: CallLoss, full: boolean): void {
    this.#call?.close();
    this.#call = null;
    if (full && this.#fullRetries < FULL_RETRIES) {
      this.#fullRetries += 1;
      this.#retryTimer = setTimeout(() => this.#open(), FULL_RETRY_MS);
      return;
    }
    this.#possible = false;
    this.leave();
    this.#options.wish({ type: 'call.lost', reason });
  }
}
