import type { DailyCall, DailyCallFactory, DailyFactoryOptions } from '@daily-co/daily-js';

type Handler = (event: Record<string, unknown>) => void;

/** daily-js as a test wants it: says what it is told to, and remembers what it was told. */
export class ScriptedDaily {
  readonly frames: ScriptedFrame[] = [];
  /** The next frame cannot be made. */
  broken = false;

  load = (): Promise<Pick<DailyCallFactory, 'createFrame'>> =>
    Promise.resolve({
      createFrame: (place: HTMLElement | DailyFactoryOptions | undefined, options?: DailyFactoryOptions) => {
        if (this.broken) throw new Error('no frames in this browser');
        const frame = new ScriptedFrame(place as HTMLElement, options ?? {});
        this.frames.push(frame);
        return frame as unknown as DailyCall;
      },
    });

  get frame(): ScriptedFrame {
    const last = this.frames.at(-1);
    if (!last) throw new Error('no frame was made');
    return last;
  }
}

export class ScriptedFrame {
  readonly options: DailyFactoryOptions;
  readonly sent: unknown[] = [];
  readonly switched: string[] = [];
  joinedWith: { url?: string; token?: string } | null = null;
  destroyed = 0;
  /** Whether `destroy` ever ends. */
  saysGoodbye = true;
  others: string[] = ['the-interviewer'];
  #element: HTMLIFrameElement;
  #handlers = new Map<string, Handler[]>();
  #refuse: (error: unknown) => void = () => undefined;

  constructor(place: HTMLElement, options: DailyFactoryOptions) {
    this.options = options;
    this.#element = document.createElement('iframe');
    place.append(this.#element);
  }

  iframe(): HTMLIFrameElement {
    return this.#element;
  }

  on(event: string, handler: Handler): this {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
    return this;
  }

  join(wish: { url?: string; token?: string }): Promise<void> {
    this.joinedWith = wish;
    return new Promise((_, fail) => (this.#refuse = fail));
  }

  destroy(): Promise<void> {
    this.destroyed += 1;
    if (!this.saysGoodbye) return new Promise(() => undefined);
    this.#element.remove();
    return Promise.resolve();
  }

  participants(): Record<string, unknown> {
    return Object.fromEntries(['local', ...this.others].map((id) => [id, { session_id: id }]));
  }

  sendAppMessage(message: unknown): this {
    if (JSON.stringify(message).length > 4096) throw new Error('Message data too large. Max size is 4096');
    this.sent.push(message);
    return this;
  }

  setLocalAudio(on: boolean): this {
    this.switched.push(`microphone ${on ? 'on' : 'off'}`);
    return this;
  }

  setLocalVideo(on: boolean): this {
    this.switched.push(`camera ${on ? 'on' : 'off'}`);
    return this;
  }

  tell(action: string, event: Record<string, unknown> = {}): void {
    for (const handler of this.#handlers.get(action) ?? []) handler({ action, ...event });
  }

  say(data: unknown): void {
    this.tell('app-message', { data, fromId: 'the-interviewer' });
  }

  /** As daily-js does it: the event, and `join` rejects with the same. */
  fail(type: string): void {
    const event = { errorMsg: 'told by the room', error: { type, msg: 'told by the room' } };
    this.#refuse({ action: 'error', ...event });
    this.tell('error', event);
  }

  devices(microphone: string, camera = 'playable'): void {
    const track = (state: string) => ({ state, ...(state === 'off' && { off: { byUser: true } }) });
    this.tell('participant-updated', {
      participant: { local: true, tracks: { audio: track(microphone), video: track(camera) } },
    });
  }
}
