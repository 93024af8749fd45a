import { readSpeechFrame, writeMicrophoneFrame, type SpeechChunk } from './audio-frames';
import { readFact, sequenceOf, type Fact, type Utterance, type Wish } from './messages';
import { FULL, seenThrough, type ConnectionStatus } from './room-state';

/** What of a WebSocket is used: a test hands in a scripted one. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  send(data: string | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
}

export interface LiveConnectionOptions {
  interviewId: string;
  onFact: (fact: Fact) => void;
  onSpeech: (chunk: SpeechChunk) => void;
  onStatus: (status: ConnectionStatus) => void;
  /**
   * Asked before every attempt but the first: the access cookie is shorter-lived than an interview, and a socket
   * cannot renew it. `gone`: no such interview for this person; `over`: it has been ended elsewhere.
   */
  renewSignIn?: () => Promise<'signed_in' | 'signed_out' | 'gone' | 'over' | 'unreachable'>;
  openSocket?: (url: string) => SocketLike;
  random?: () => number;
}

type TypedAnswer = Extract<Wish, { type: 'answer.type' }>;
type CallLine = Extract<Wish, { type: 'call.said' }>;

const OPEN = 1;
const PING_MS = 10_000;
/** Two missed pongs and a bit: a wire that has gone dead without saying so. */
const SILENT_MS = 25_000;
const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 8_000;
const CONNECT_MS = 10_000;
/** Where the server does not say when to ask for a place again. */
const FULL_RETRY_S = 30;
/** A second of microphone audio. Beyond it the wire is too slow, and late audio helps nobody: facts come first. */
const MAX_AUDIO_BACKLOG_BYTES = 32_000 * 2;
const MAX_WAITING_WISHES = 32;
/** Lines of a call that are sent again: some twenty minutes of talk, and below the burst that the server lets through. */
const MAX_UNCONFIRMED_LINES = 120;

const CLOSE_TRY_LATER = 1013;
const CLOSE_NOT_UNDERSTOOD = 4400;
const CLOSE_SIGNED_OUT = 4401;
const CLOSE_CROSS_ORIGIN = 4403;
const CLOSE_NOT_FOUND = 4404;
const CLOSE_TAKEN_OVER = 4409;
const CLOSE_NOT_OPEN = 4425;

/** Wishes that have lost their sense by the time a broken connection is back. */
const FLEETING: ReadonlySet<Wish['type']> = new Set([
  'ping',
  'answer.typing',
  'speech.started',
  'interview.begin',
  'call.speaking',
]);
/** What ends a call waits for the lines that were said in it. */
const AFTER_THE_LINES: ReadonlySet<Wish['type']> = new Set(['call.lost', 'avatar.switch']);

/**
 * The page's end of a live interview: one WebSocket at a time, opened again when it breaks, with every durable fact
 * delivered exactly once and no typed answer lost on the way.
 */
export class LiveConnection {
  #options: LiveConnectionOptions;
  #socket: SocketLike | null = null;
  #status: ConnectionStatus = 'connecting';
  #attempt = 0;
  #stopped = false;
  #ended = false;
  #typed = false;
  /** Seconds after which a place may be asked for again, told just before the door closes. */
  #fullFor: number | null = null;
  #seen = new Set<number>();
  #replayedThrough = 0;
  #waiting: Wish[] = [];
  /** Typed answers whose line has not come back as a fact. They are sent again after a break. */
  #unconfirmed: TypedAnswer[] = [];
  /** The same for lines of a call. The server knows each by its key, so that one sent twice is one. */
  #unconfirmedLines: CallLine[] = [];
  #resendAfter: number | null = null;
  #begun: Extract<Wish, { type: 'interview.begin' }> | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #lastHeardAt = 0;
  #audioDropped = 0;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Microphone frames that were not sent, because there was no connection or it was too slow. */
  get audioDropped(): number {
    return this.#audioDropped;
  }

  open(): void {
    if (this.#socket || this.#stopped) return;
    globalThis.addEventListener?.('online', this.#retryNow);
    this.#connect();
  }

  /** Sends now, or as soon as the connection is back. */
  send(wish: Wish): void {
    if (wish.type === 'interview.begin') this.#begun = wish;
    if (wish.type === 'microphone.set' && this.#begun) this.#begun = { ...this.#begun, listen: wish.listen };
    if (wish.type === 'answer.type') {
      this.#unconfirmed.push(wish);
      if (this.#resendAfter !== null) return; // goes out with the others when the replay is complete
    }
    if (wish.type === 'call.said') {
      this.#unconfirmedLines = [...this.#unconfirmedLines, wish].slice(-MAX_UNCONFIRMED_LINES);
      if (this.#resendAfter !== null) return;
    }
    if (AFTER_THE_LINES.has(wish.type) && this.#resendAfter !== null) {
      this.#waiting.push(wish);
      return;
    }
    if (this.#status === 'open' && this.#socket?.readyState === OPEN) {
      this.#socket.send(JSON.stringify(wish));
    } else if (!FLEETING.has(wish.type) && wish.type !== 'answer.type' && wish.type !== 'call.said') {
      this.#waiting = [...this.#waiting, wish].slice(-MAX_WAITING_WISHES);
    }
  }

  /** False when the frame was dropped; its sequence number then shows the gap to the server. */
  sendAudio(sequence: number, pcm: Int16Array): boolean {
    const socket = this.#socket;
    if (this.#status !== 'open' || socket?.readyState !== OPEN || socket.bufferedAmount > MAX_AUDIO_BACKLOG_BYTES) {
      this.#audioDropped += 1;
      return false;
    }
    socket.send(writeMicrophoneFrame(sequence, pcm));
    return true;
  }

  /** Takes the interview back from the other tab, or tries again after signing in. */
  reopen(): void {
    if (this.#stopped || this.#status === 'open') return;
    this.#attempt = 0;
    this.#retryNow();
  }

  /** From now on nobody listens: what is typed needs a place that is nearly always to be had. */
  typeOnly(): void {
    this.#typed = true;
    this.reopen();
  }

  close(): void {
    this.#stopped = true;
    globalThis.removeEventListener?.('online', this.#retryNow);
    this.#clearTimers();
    const socket = this.#drop();
    socket?.close(1000);
    this.#setStatus('closed');
  }

  #retryNow = (): void => {
    if (this.#stopped || this.#ended || this.#socket) return;
    clearTimeout(this.#retryTimer);
    void this.#connectSignedIn();
  };

  async #connectSignedIn(): Promise<void> {
    const sign = (await this.#options.renewSignIn?.().catch(() => 'unreachable' as const)) ?? 'signed_in';
    if (this.#stopped || this.#socket) return;
    if (sign === 'signed_out' || sign === 'gone') {
      this.#setStatus(sign === 'gone' ? 'refused' : 'signed_out');
    } else if (sign === 'over') {
      this.#ended = true;
      this.#setStatus('closed');
    } else if (sign === 'unreachable') {
      this.#retryLater();
    } else {
      this.#connect();
    }
  }

  #connect(): void {
    const after = seenThrough(this.#seen);
    const scheme = globalThis.location?.protocol === 'https:' ? 'wss' : 'ws';
    const host = globalThis.location?.host ?? 'localhost';
    const url = `${scheme}://${host}/api/interviews/${encodeURIComponent(this.#options.interviewId)}/live?after=${after}${this.#typed ? '&typed=true' : ''}`;
    const socket = (this.#options.openSocket ?? openWebSocket)(url);
    this.#socket = socket;
    this.#fullFor = null;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event) => {
      this.#receive(event.data);
    };
    socket.onclose = (event) => {
      this.#onClosed(event.code);
    };
    // A failed attempt always ends in `close`, with the little the browser wants to tell.
    socket.onerror = null;
    socket.onopen = () => {
      this.#lastHeardAt = performance.now();
      this.#pingTimer = setInterval(() => {
        this.#beat();
      }, PING_MS);
    };
    this.#connectTimer = setTimeout(() => {
      if (this.#status !== 'open') this.#onDead();
    }, CONNECT_MS);
  }

  #beat(): void {
    if (performance.now() - this.#lastHeardAt > SILENT_MS) {
      this.#onDead();
    } else if (this.#socket?.readyState === OPEN) {
      this.#socket.send(JSON.stringify({ type: 'ping' } satisfies Wish));
    }
  }

  #receive(data: unknown): void {
    this.#lastHeardAt = performance.now();
    if (data instanceof ArrayBuffer) {
      const chunk = readSpeechFrame(data);
      if (chunk) this.#options.onSpeech(chunk);
      return;
    }
    const fact = typeof data === 'string' ? readFact(data) : null;
    if (!fact) return;
    const sequence = sequenceOf(fact);
    if (sequence !== null) {
      if (this.#seen.has(sequence)) return;
      this.#seen.add(sequence);
      this.#replayedThrough = Math.max(this.#replayedThrough, sequence);
    }
    if (
      fact.type === 'utterance.added' &&
      fact.utterance.speaker === 'candidate' &&
      fact.utterance.source === 'typed'
    ) {
      this.#confirm(fact.utterance.text);
    }
    if (fact.type === 'utterance.added') this.#confirmLine(fact.utterance);
    if (fact.type === 'interview.ended') this.#ended = true;
    if (fact.type === 'problem.told' && FULL.includes(fact.code)) this.#fullFor = fact.retry_after_s ?? FULL_RETRY_S;
    this.#options.onFact(fact);
    if (fact.type === 'interview.welcomed') this.#onWelcomed(fact.last_sequence);
    if (this.#resendAfter !== null && this.#replayedThrough >= this.#resendAfter) this.#resend();
  }

  #onWelcomed(lastSequence: number): void {
    clearTimeout(this.#connectTimer);
    this.#attempt = 0;
    this.#setStatus('open');
    if (this.#begun) this.#socket?.send(JSON.stringify(this.#begun));
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((wish) => AFTER_THE_LINES.has(wish.type));
    for (const wish of waiting) if (!AFTER_THE_LINES.has(wish.type)) this.#socket?.send(JSON.stringify(wish));
    // Only after the replay is it known which typed answers the server has got already.
    this.#resendAfter = lastSequence;
  }

  #resend(): void {
    this.#resendAfter = null;
    const wishes = [...this.#unconfirmed, ...this.#unconfirmedLines, ...this.#waiting];
    this.#waiting = [];
    for (const wish of wishes) this.#socket?.send(JSON.stringify(wish));
  }

  #confirm(text: string): void {
    const same = this.#unconfirmed.findIndex((sent) => sent.text.trim() === text.trim());
    // The server may tidy the words; it books typed answers in the order in which they were sent.
    this.#unconfirmed.splice(same === -1 ? 0 : same, 1);
  }

  #confirmLine({ speaker, text }: Utterance): void {
    const same = this.#unconfirmedLines.findIndex(
      (line) => line.speaker === speaker && line.text.trim() === text.trim(),
    );
    if (same !== -1) this.#unconfirmedLines.splice(same, 1);
  }

  #onDead(): void {
    this.#drop()?.close(4000);
    this.#retryLater();
  }

  #onClosed(code: number): void {
    this.#drop();
    if (this.#ended) this.#setStatus('closed');
    else if (code === CLOSE_TAKEN_OVER) this.#setStatus('taken_over');
    else if (code === CLOSE_TRY_LATER && this.#fullFor !== null) this.#askAgainLater(this.#fullFor);
    else if (code === CLOSE_NOT_FOUND || code === CLOSE_CROSS_ORIGIN) this.#setStatus('refused');
    else if (code === CLOSE_NOT_OPEN && !this.#options.renewSignIn) this.#setStatus('refused');
    else if (code === CLOSE_SIGNED_OUT && !this.#options.renewSignIn) this.#setStatus('signed_out');
    else {
      if (code === CLOSE_NOT_UNDERSTOOD) {
        // Whatever it was, saying it again would end this way again.
        this.#waiting = [];
        this.#unconfirmed = [];
        this.#unconfirmedLines = [];
      }
      this.#retryLater();
    }
  }

  #retryLater(): void {
    if (this.#stopped || this.#ended) return;
    this.#setStatus('lost');
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    const random = this.#options.random ?? Math.random;
    // Half fixed, half random: a restarted server is not met by all its pages in the same instant.
    this.#retryTimer = setTimeout(this.#retryNow, longest / 2 + (random() * longest) / 2);
  }

  #askAgainLater(seconds: number): void {
    this.#setStatus('full');
    const random = this.#options.random ?? Math.random;
    // Never earlier than told, and not all of those who wait in the same instant.
    this.#retryTimer = setTimeout(this.#retryNow, seconds * (1 + random() / 2) * 1000);
  }

  /** Lets go of the present socket: nothing it still says is listened to. */
  #drop(): SocketLike | null {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#connectTimer);
    clearInterval(this.#pingTimer);
    if (socket) socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    return socket;
  }

  #clearTimers(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#connectTimer);
    clearInterval(this.#pingTimer);
  }

  #setStatus(status: ConnectionStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#options.onStatus(status);
  }
}

function openWebSocket(url: string): SocketLike {
  return new WebSocket(url) as SocketLike;
}
