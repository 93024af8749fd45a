/** A vendor's call in a frame of our page, by way of daily-js; loaded only when there is a call. */
import type {
  DailyCall,
  DailyCallFactory,
  DailyEventObjectFatalError,
  DailyTheme,
  DailyTrackState,
} from '@daily-co/daily-js';

/** left: it ended or nobody is in it but us; refused: we were not let in; network: it could not be reached any more. */
export type CallLoss = 'left' | 'error' | 'refused' | 'network';

export interface CallInvitation {
  url: string;
  token: string | null;
}

export interface CallOptions {
  /** What the frame is called by a screen reader. */
  title: string;
  userName: string;
  microphone: boolean;
  camera: boolean;
  dark: boolean;
}

export interface CallListener {
  onJoined: () => void;
  onMessage: (data: unknown) => void;
  /** Told once; the frame is gone by then. `full`: the room still counts somebody who has gone, perhaps ourselves. */
  onLost: (reason: CallLoss, full: boolean) => void;
  /** The person has switched a device with the buttons in the call. */
  onDevice: (device: 'microphone' | 'camera', on: boolean) => void;
}

export interface Call {
  /** False when the call cannot carry it now. */
  send(message: object): boolean;
  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  /** Leaves and takes the frame away. Nothing is told from here on. */
  close(): void;
}

export type OpenCall = (
  place: HTMLElement,
  invitation: CallInvitation,
  options: CallOptions,
  listener: CallListener,
) => Call;
type LoadDaily = () => Promise<Pick<DailyCallFactory, 'createFrame'>>;

/** The call's own page has this long to answer at all … */
const LOADED_MS = 20_000;
/** … and then this long until we are in: it may ask the person for devices, or to press a button of its own. */
const JOINED_MS = 90_000;
/** A network that is back within this time was a blink; so was an interviewer who is. */
const BROKEN_MS = 10_000;
const ALONE_MS = 5_000;
/** daily-js waits for the frame's goodbye without end, and a frame that has died never says it. */
const GOODBYE_MS = 1500;

/** The page's colours (index.css) as Daily takes them, in hex. */
const THEMES: Record<'light' | 'dark', DailyTheme> = {
  light: {
    colors: {
      accent: '#00736a',
      accentText: '#ffffff',
      background: '#ffffff',
      backgroundAccent: '#f3f2ef',
      baseText: '#162022',
      border: '#e1e0da',
      mainAreaBg: '#f3f2ef',
      mainAreaBgAccent: '#e1e0da',
      mainAreaText: '#162022',
      supportiveText: '#4a5557',
    },
  },
  dark: {
    colors: {
      accent: '#57c7b6',
      accentText: '#021819',
      background: '#171f21',
      backgroundAccent: '#20292b',
      baseText: '#e9eeee',
      border: '#2c3639',
      mainAreaBg: '#20292b',
      mainAreaBgAccent: '#2c3639',
      mainAreaText: '#e9eeee',
      supportiveText: '#b1bbbc',
    },
  },
};

export function openCall(
  place: HTMLElement,
  invitation: CallInvitation,
  options: CallOptions,
  listener: CallListener,
  load: LoadDaily = async () => (await import('@daily-co/daily-js')).default,
): Call {
  return new CallFrame(place, invitation, options, listener, load);
}

class CallFrame implements Call {
  #listener: CallListener;
  #frame: DailyCall | null = null;
  #joined = false;
  #closed = false;
  #timers = new Map<'start' | 'broken' | 'alone', ReturnType<typeof setTimeout>>();
  /** On or off as last seen, and as last asked for and not yet seen. */
  #devices: Record<'microphone' | 'camera', { on: boolean; asked: boolean | null }>;

  constructor(
    place: HTMLElement,
    invitation: CallInvitation,
    options: CallOptions,
    listener: CallListener,
    load: LoadDaily,
  ) {
    this.#listener = listener;
    this.#devices = {
      microphone: { on: options.microphone, asked: null },
      camera: { on: options.camera, asked: null },
    };
    void this.#open(place, invitation, options, load);
  }

  send(message: object): boolean {
    if (!this.#frame || !this.#joined) return false;
    try {
      this.#frame.sendAppMessage(message, '*');
      return true;
    } catch {
      return false;
    }
  }

  setMicrophone(on: boolean): void {
    this.#switch('microphone', on);
  }

  setCamera(on: boolean): void {
    this.#switch('camera', on);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    const frame = this.#frame;
    if (!frame) return;
    const element = frame.iframe();
    const gone = setTimeout(() => element?.remove(), GOODBYE_MS);
    void frame
      .destroy()
      .catch(() => element?.remove())
      .finally(() => clearTimeout(gone));
  }

  async #open(
    place: HTMLElement,
    { url, token }: CallInvitation,
    options: CallOptions,
    load: LoadDaily,
  ): Promise<void> {
    this.#wait('start', LOADED_MS, 'network');
    let daily: Awaited<ReturnType<LoadDaily>>;
    try {
      daily = await load();
    } catch {
      this.#lose('network');
      return;
    }
    if (this.#closed) return;
    try {
      const frame = daily.createFrame(place, {
        // A frame of before that never said goodbye must not forbid this one.
        allowMultipleCallInstances: true,
        // What ends, mirrors and names is in our own room already.
        showLeaveButton: false,
        showFullscreenButton: false,
        showLocalVideo: false,
        showParticipantsBar: false,
        showUserNameChangeUI: false,
        activeSpeakerMode: true,
        lang: 'en',
        theme: THEMES[options.dark ? 'dark' : 'light'],
        userName: options.userName,
        startAudioOff: !options.microphone,
        startVideoOff: !options.camera,
        iframeStyle: { width: '100%', height: '100%', border: '0' },
      });
      this.#frame = frame;
      const element = frame.iframe();
      if (element) element.title = options.title;
      this.#listen(frame);
      frame.join({ url, ...(token !== null && { token }) }).catch((error: unknown) => {
        // A refusal is told by the event `error`, too, and better; this is for what never became a call.
        setTimeout(() => this.#lose(lossOf(error, false).reason), 0);
      });
    } catch {
      this.#lose('error');
    }
  }

  #listen(frame: DailyCall): void {
    frame.on('loaded', () => {
      if (!this.#joined) this.#wait('start', JOINED_MS, 'network');
    });
    frame.on('joined-meeting', () => {
      this.#clear('start');
      if (this.#joined || this.#closed) return;
      this.#joined = true;
      for (const device of ['microphone', 'camera'] as const) {
        const { asked } = this.#devices[device];
        if (asked !== null) this.#ask(device, asked);
      }
      this.#listener.onJoined();
    });
    frame.on('app-message', ({ data }) => {
      if (!this.#closed) this.#listener.onMessage(data);
    });
    frame.on('participant-joined', () => this.#clear('alone'));
    frame.on('participant-left', () => {
      const others = Object.keys(frame.participants()).filter((id) => id !== 'local');
      if (others.length === 0) this.#wait('alone', ALONE_MS, 'left');
    });
    frame.on('participant-updated', ({ participant }) => {
      if (!participant.local) return;
      this.#seen('microphone', isOn(participant.tracks?.audio));
      this.#seen('camera', isOn(participant.tracks?.video));
    });
    frame.on('network-connection', ({ event }) => {
      if (event === 'interrupted') this.#wait('broken', BROKEN_MS, 'network');
      if (event === 'connected') this.#clear('broken');
    });
    frame.on('camera-error', ({ errorMsg }) => {
      // Without a picture the interviewer still hears; without sound there is nobody to talk to.
      if (errorMsg.audioOk === false && this.#devices.microphone.on) this.#lose('error');
    });
    frame.on('left-meeting', () => this.#lose('left'));
    frame.on('error', (event) => {
      const { reason, full } = lossOf(event, this.#joined);
      this.#lose(reason, full);
    });
  }

  #switch(device: 'microphone' | 'camera', on: boolean): void {
    const state = this.#devices[device];
    if (on === (state.asked ?? state.on)) return;
    state.asked = on;
    if (this.#joined) this.#ask(device, on);
  }

  #ask(device: 'microphone' | 'camera', on: boolean): void {
    if (device === 'microphone') this.#frame?.setLocalAudio(on);
    else this.#frame?.setLocalVideo(on);
  }

  #seen(device: 'microphone' | 'camera', on: boolean | null): void {
    if (on === null) return;
    const state = this.#devices[device];
    if (state.asked !== null) {
      // Something asked for before this: what was asked for last is still to come.
      if (on === state.asked) Object.assign(state, { on, asked: null });
    } else if (on !== state.on && this.#joined) {
      state.on = on;
      this.#listener.onDevice(device, on);
    }
  }

  #wait(what: 'start' | 'broken' | 'alone', ms: number, reason: CallLoss): void {
    if (this.#closed || (what !== 'start' && this.#timers.has(what))) return;
    this.#clear(what);
    this.#timers.set(
      what,
      setTimeout(() => this.#lose(reason), ms),
    );
  }

  #clear(what: 'start' | 'broken' | 'alone'): void {
    clearTimeout(this.#timers.get(what));
    this.#timers.delete(what);
  }

  #lose(reason: CallLoss, full = false): void {
    if (this.#closed) return;
    this.close();
    this.#listener.onLost(reason, full);
  }
}

/** Null while it is neither: being fetched, refused by the browser, or gone for a moment. */
function isOn(track: DailyTrackState | undefined): boolean | null {
  const { state, off } = track ?? {};
  if (state === 'playable' || state === 'sendable') return true;
  return state === 'off' && (!off || off.byUser) ? false : null;
}

/** What daily-js says of a call that could not begin or go on, in our words. */
function lossOf(event: unknown, joined: boolean): { reason: CallLoss; full: boolean } {
  const type = (event as Partial<DailyEventObjectFatalError> | null)?.error?.type;
  switch (type) {
    case 'connection-error':
      return { reason: 'network', full: false };
    case 'meeting-full':
      return { reason: 'refused', full: true };
    case 'ejected':
    case 'exp-room':
    case 'no-room':
      return { reason: joined ? 'left' : 'refused', full: false };
    default:
      return { reason: joined ? 'error' : 'refused', full: false };
  }
}
