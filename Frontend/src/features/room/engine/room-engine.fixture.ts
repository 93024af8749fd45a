/** An engine in a world of a test's own: a scripted socket and call, and devices, recorder and clock that do as told. */
import { afterEach, beforeEach, vi } from 'vitest';
import { openCall } from '../call/call-frame';
import { ScriptedDaily } from '../call/scripted-daily.fixture';
import type { DeviceChoice } from '@/lib/media/device-choice';
import type { RecorderOptions } from '../recorder/recorder';
import type { SoundStage } from '@/lib/media/sound-stage';
import { welcomed } from '../connection/facts.fixture';
import type { Fact } from '../connection/messages';
import { ScriptedSocket } from '../connection/scripted-socket.fixture';
import { RoomEngine } from './room-engine';
import type { RoomEngineOptions } from './room-parts';

export const EVERYTHING: DeviceChoice = { camera: true, cameraId: null, microphone: true, microphoneId: null };

export class FakeTrack extends EventTarget {
  enabled = true;
  stopped = false;
  readonly kind: string;
  constructor(kind: string) {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.stopped = true;
  }
}

function fakeStream(...tracks: FakeTrack[]): MediaStream {
  return {
    getTracks: () => tracks,
    getAudioTracks: () => tracks.filter((track) => track.kind === 'audio'),
    getVideoTracks: () => tracks.filter((track) => track.kind === 'video'),
  } as unknown as MediaStream;
}

let sockets: ScriptedSocket[];
export let recorderLog: string[];
export let recorderOptions: RecorderOptions | null;
export let recordedTracks: number;
export let microphone: FakeTrack;
export let camera: FakeTrack;
export let sendFrame: (sequence: number, pcm: Int16Array) => void;
let audioState: AudioContextState;
let now: number;
export let daily: ScriptedDaily;
export let engine: RoomEngine;
export const onEnded = vi.fn();
export const retryNow = vi.fn();
export const finish = vi.fn(() => Promise.resolve());

export function build(changes: Partial<RoomEngineOptions> = {}, parts: RoomEngineOptions['parts'] = {}): RoomEngine {
  let recording = false;
  engine = new RoomEngine({
    interviewId: 'i1',
    userId: 'me',
    userName: 'Ada Lovelace',
    consented: true,
    uploads: {
      startTake: () => Promise.resolve(),
      addPiece: () => Promise.resolve(),
      endTake: () => Promise.resolve(),
      nextTake: () => Promise.resolve(0),
      retryNow,
    },
    renewSignIn: () => Promise.resolve('signed_in'),
    finish,
    callService: null,
    ...changes,
    parts: {
      openSocket: (url) => {
        const socket = new ScriptedSocket(url);
        sockets.push(socket);
        return socket;
      },
      stage: () =>
        ({
          context: {
            get state() {
              return audioState;
            },
            currentTime: 0,
            createGain: () => ({
              gain: { setTargetAtTime: () => undefined },
              connect: () => undefined,
              disconnect: () => undefined,
            }),
            createBuffer: () => ({ duration: 1, copyToChannel: () => undefined }),
            createBufferSource: () => ({
              connect: () => undefined,
              disconnect: () => undefined,
              start: () => undefined,
              stop: () => undefined,
            }),
          },
          voice: {},
          mixedTrack: new FakeTrack('audio'),
          setMicrophone: () => undefined,
          level: () => 0.5,
          resume: () => Promise.resolve(true),
          close: () => Promise.resolve(),
        }) as unknown as SoundStage,
      openCamera: () => Promise.resolve(fakeStream(camera)),
      openMicrophone: () => Promise.resolve(fakeStream(microphone)),
      listen: (_stage, _stream, firstSequence, onFrame) => {
        sendFrame = onFrame;
        return Promise.resolve({ setListening: () => undefined, close: () => undefined, sequence: firstSequence });
      },
      picture: () => ({
        track: new FakeTrack('video') as unknown as MediaStreamTrack,
        setCamera: () => undefined,
        close: () => undefined,
      }),
      stream: (tracks) => {
        recordedTracks = tracks.length;
        return fakeStream();
      },
      recorder: (_stream, options) => {
        recorderOptions = options;
        return {
          get recording() {
            return recording;
          },
          start: (take) => {
            recording = true;
            recorderLog.push(`start ${take}`);
          },
          stop: () => {
            recording = false;
            recorderLog.push('stop');
            return Promise.resolve();
          },
          pause: () => recorderLog.push('pause'),
          resume: () => recorderLog.push('resume'),
          flush: () => recorderLog.push('flush'),
        };
      },
      voice: () => null,
      openCall: (place, invitation, options, listener) => openCall(place, invitation, options, listener, daily.load),
      now: () => now,
      ...parts,
    },
  });
  engine.setOnEnded(onEnded);
  return engine;
}

export function socket(): ScriptedSocket {
  const last = sockets.at(-1);
  if (!last) throw new Error('no socket was opened');
  return last;
}

export function tell(...facts: Fact[]): void {
  socket().tell(...facts);
}

export async function enter(choice: DeviceChoice = EVERYTHING, welcome = welcomed()): Promise<void> {
  engine.connect();
  socket().accept();
  tell(welcome);
  await engine.enter(choice);
}

export const clock = (running: boolean, clock_ms = 0): Fact => ({ type: 'clock.told', clock_ms, running });

export function speechFrame(id: string, text: string, samples = 240): ArrayBuffer {
  const json = new TextEncoder().encode(
    JSON.stringify({ utterance_id: id, index: 0, last: true, text, duration_ms: 10, cues: [] }),
  );
  const frame = new ArrayBuffer(4 + json.length + 2 * samples);
  new DataView(frame).setUint32(0, json.length, true);
  new Uint8Array(frame).set(json, 4);
  return frame;
}

/** What a test changes of the world around the engine. */
export const world = {
  setNow: (ms: number) => (now = ms),
  setAudio: (state: AudioContextState) => (audioState = state),
  setCamera: (track: FakeTrack) => (camera = track),
};

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  recorderLog = [];
  recorderOptions = null;
  recordedTracks = 0;
  microphone = new FakeTrack('audio');
  camera = new FakeTrack('video');
  audioState = 'running';
  now = 0;
  daily = new ScriptedDaily();
  onEnded.mockClear();
  finish.mockClear();
  retryNow.mockClear();
});

afterEach(async () => {
  const left = engine.leave();
  await vi.advanceTimersByTimeAsync(2000);
  await left;
  vi.useRealTimers();
});
