import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCall } from '@/lib/call/call-frame';
import { ScriptedDaily } from '@/lib/call/scripted-daily.fixture';
import type { DeviceChoice } from '@/lib/media/device-choice';
import { DeviceError } from '@/lib/media/media-devices';
import type { RecorderOptions } from '@/lib/media/recorder';
import type { SoundStage } from '@/lib/media/sound-stage';
import { answerEnded, phaseChanged, utteranceAdded, welcomed } from '@/lib/realtime/facts.fixture';
import type { Fact } from '@/lib/realtime/messages';
import { ScriptedSocket } from '@/lib/realtime/scripted-socket.fixture';
import { RoomEngine } from './room-engine';
import type { RoomEngineOptions } from './room-parts';
import { partsOf } from './typed-answer';

const EVERYTHING: DeviceChoice = { camera: true, cameraId: null, microphone: true, microphoneId: null };

class FakeTrack extends EventTarget {
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
let recorderLog: string[];
let recorderOptions: RecorderOptions | null;
let recordedTracks: number;
let microphone: FakeTrack;
let camera: FakeTrack;
let sendFrame: (sequence: number, pcm: Int16Array) => void;
let audioState: AudioContextState;
let now: number;
let daily: ScriptedDaily;
let engine: RoomEngine;
const onEnded = vi.fn();
const retryNow = vi.fn();
const finish = vi.fn(() => Promise.resolve());

function build(changes: Partial<RoomEngineOptions> = {}, parts: RoomEngineOptions['parts'] = {}): RoomEngine {
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
            createGain: () => ({ gain: { setTargetAtTime: () => undefined }, connect: () => undefined, disconnect: () => undefined }),
            createBuffer: () => ({ duration: 1, copyToChannel: () => undefined }),
            createBufferSource: () => ({ connect: () => undefined, disconnect: () => undefined, start: () => undefined, stop: () => undefined }),
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

function socket(): ScriptedSocket {
  const last = sockets.at(-1);
  if (!last) throw new Error('no socket was opened');
  return last;
}

function tell(...facts: Fact[]): void {
  socket().tell(...facts);
}

async function enter(choice: DeviceChoice = EVERYTHING, welcome = welcomed()): Promise<void> {
  engine.connect();
  socket().accept();
  tell(welcome);
  await engine.enter(choice);
}

const clock = (running: boolean, clock_ms = 0): Fact => ({ type: 'clock.told', clock_ms, running });

function speechFrame(id: string, text: string, samples = 240): ArrayBuffer {
  const json = new TextEncoder().encode(
    JSON.stringify({ utterance_id: id, index: 0, last: true, text, duration_ms: 10, cues: [] }),
  );
  const frame = new ArrayBuffer(4 + json.length + 2 * samples);
  new DataView(frame).setUint32(0, json.length, true);
  new Uint8Array(frame).set(json, 4);
  return frame;
}

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

describe('entering', () => {
  it('begins only when the person is ready, with what they brought', async () => {
    build();
    engine.connect();
    socket().accept();
    tell(welcomed());
    expect(socket().wishes).toEqual([]);
    await engine.enter(EVERYTHING);
    expect(socket().wishes).toEqual([{ type: 'interview.begin', listen: true, speak: true }]);
    expect(engine.getSnapshot().own).toMatchObject({ presence: 'entered', microphone: 'on', camera: 'on' });
  });

  it('goes on by typing when the microphone is refused, and says so', async () => {
    build({}, { openMicrophone: () => Promise.reject(new DeviceError('denied', 'microphone')) });
    await enter();
    expect(socket().wishesOf('interview.begin')[0]?.listen).toBe(false);
    expect(engine.getSnapshot().own.microphone).toBe('failed');
    expect(engine.getSnapshot().room.problems.map((problem) => problem.code)).toEqual(['microphone_failed']);
    engine.typed('  I would answer this. ');
    expect(socket().wishesOf('answer.type')).toEqual([{ type: 'answer.type', text: 'I would answer this.', done: true }]);
  });

  it('asks for nothing that was not chosen', async () => {
    const openCamera = vi.fn();
    const openMicrophone = vi.fn();
    build({}, { openCamera, openMicrophone });
    await enter({ ...EVERYTHING, camera: false, microphone: false });
    expect(openCamera).not.toHaveBeenCalled();
    expect(openMicrophone).not.toHaveBeenCalled();
  });
});

describe('the recording', () => {
  it('begins with the interview clock and stands still with it', async () => {
    build();
    await enter(EVERYTHING, welcomed({ recording_take: 3 }));
    expect(recorderLog).toEqual([]);
    tell(clock(true));
    tell(clock(false, 5000));
    tell(clock(true, 5000));
    expect(recorderLog).toEqual(['start 3', 'pause', 'resume']);
    expect(engine.getSnapshot().own.recording).toBe('on');
  });

  it('never takes a number that this browser still holds', async () => {
    build({
      uploads: {
        startTake: () => Promise.resolve(),
        addPiece: () => Promise.resolve(),
        endTake: () => Promise.resolve(),
        nextTake: () => Promise.resolve(2),
        retryNow,
      },
    });
    await enter(EVERYTHING, welcomed({ recording_take: 1 }));
    tell(clock(true));
    expect(recorderLog).toEqual(['start 2']);
  });

  it('goes on through a lost connection and is a new take when it is back', async () => {
    build();
    await enter();
    tell(clock(true));
    socket().breakOff();
    expect(recorderLog).toEqual(['start 0']);
    await vi.advanceTimersByTimeAsync(1000);
    socket().accept();
    tell(welcomed({ begun: true, recording_take: 1, phase: 'listening', clock_ms: 9000 }), clock(true, 9000));
    expect(recorderLog).toEqual(['start 0', 'start 1']);
    expect(retryNow).toHaveBeenCalledTimes(2);
    expect(socket().wishesOf('interview.begin')).toHaveLength(1);
    expect(recorderOptions?.clock()).toBe(9000);
  });

  it('is not made without consent', async () => {
    build({ consented: false });
    await enter();
    tell(clock(true));
    expect(recorderOptions).toBeNull();
    expect(engine.getSnapshot().own.recording).toBe('none');
  });

  it('has a picture with a camera and only sound without', async () => {
    build();
    await enter();
    expect(recordedTracks).toBe(2);
    await engine.leave();
    build();
    await enter({ ...EVERYTHING, camera: false });
    expect(recordedTracks).toBe(1);
  });

  it('that breaks off does not end the interview', async () => {
    build();
    await enter();
    tell(clock(true));
    recorderOptions?.onLost();
    tell(clock(true));
    expect(engine.getSnapshot().own.recording).toBe('lost');
    expect(recorderLog).toEqual(['start 0']);
    expect(onEnded).not.toHaveBeenCalled();
  });
});

describe('the microphone', () => {
  it('sends its frames and falls silent everywhere when muted', async () => {
    build();
    await enter();
    sendFrame(0, new Int16Array(640));
    expect(socket().audio).toHaveLength(1);
    await engine.toggleMicrophone();
    expect(microphone.enabled).toBe(false);
    expect(engine.level()).toBe(0);
    await engine.toggleMicrophone();
    expect(microphone.enabled).toBe(true);
    expect(socket().wishesOf('microphone.set').map((wish) => wish.listen)).toEqual([false, true]);
  });

  it('that is unplugged is told to the person and to the server', async () => {
    build();
    await enter();
    microphone.dispatchEvent(new Event('ended'));
    expect(engine.getSnapshot().own.microphone).toBe('failed');
    expect(socket().wishesOf('microphone.set')).toEqual([{ type: 'microphone.set', listen: false }]);
    expect(engine.getSnapshot().room.problems.map((problem) => problem.code)).toEqual(['microphone_lost']);
  });
});

describe('the camera', () => {
  it('is really off when it is off', async () => {
    build();
    await enter();
    await engine.toggleCamera();
    expect(camera.stopped).toBe(true);
    expect(engine.getSnapshot().own).toMatchObject({ camera: 'off', preview: null });
    camera = new FakeTrack('video');
    await engine.toggleCamera();
    expect(engine.getSnapshot().own.camera).toBe('on');
  });
});

describe('speech', () => {
  it('without audio is shown for its time and then told as finished', async () => {
    build();
    await enter();
    tell({ type: 'speech.missing', utterance_id: 'u1', text: 'Tell me about the outage.' });
    expect(engine.getSnapshot().room.speaking).toBe('u1');
    await vi.advanceTimersByTimeAsync(1500);
    expect(engine.getSnapshot().room.speaking).toBeNull();
    expect(socket().wishes.slice(1)).toEqual([
      { type: 'speech.started', utterance_id: 'u1' },
      { type: 'speech.finished', utterance_id: 'u1' },
    ]);
  });

  it('that the browser keeps off is read instead, and the interview goes on', async () => {
    audioState = 'suspended';
    build();
    await enter();
    socket().tellRaw(speechFrame('u1', 'Tell me about it.'));
    await vi.advanceTimersByTimeAsync(1500);
    expect(socket().wishesOf('speech.finished')).toHaveLength(1);
    expect(engine.getSnapshot().room.problems.map((problem) => problem.code)).toEqual(['sound_blocked']);
  });

  it('that is cut is not told as finished', async () => {
    build();
    await enter();
    tell({ type: 'speech.missing', utterance_id: 'u1', text: 'Tell me about the outage.' });
    tell({ type: 'speech.cut', utterance_id: 'u1' });
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.getSnapshot().room.speaking).toBeNull();
    expect(socket().wishesOf('speech.finished')).toEqual([]);
  });

  it('moves the lips and a heard answer makes them nod', async () => {
    const lips = { speak: vi.fn(), speakRoughly: vi.fn(), stop: vi.fn(), nod: vi.fn() };
    build();
    engine.setLips(lips);
    await enter();
    socket().tellRaw(speechFrame('u1', 'Hello.'));
    expect(lips.speak).toHaveBeenCalledWith(expect.objectContaining({ utteranceId: 'u1', text: 'Hello.' }));
    tell({ type: 'speech.cut', utterance_id: 'u1' });
    expect(lips.stop).toHaveBeenCalledOnce();
    tell(utteranceAdded(1, { speaker: 'interviewer' }), utteranceAdded(2));
    expect(lips.nod).toHaveBeenCalledOnce();
  });
});

describe('typing', () => {
  it('holds the floor without flooding the server', async () => {
    build();
    await enter();
    for (now = 10_000; now < 15_000; now += 100) engine.typing();
    expect(socket().wishesOf('answer.typing')).toHaveLength(3);
  });
});

describe('a long typed answer', () => {
  it('goes out in parts the server takes, and only the last ends the answer', async () => {
    build();
    await enter();
    const text = Array.from({ length: 1600 }, (_, i) => `word${i}`).join(' ');
    engine.typed(text);
    const sent = socket().wishesOf('answer.type');
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.map((wish) => wish.text).join(' ')).toBe(text);
    expect(sent.map((wish) => wish.done)).toEqual(sent.map((_, i) => i === sent.length - 1));
  });

  it('without spaces is broken all the same', () => {
    const parts = partsOf('語'.repeat(8000));
    expect(parts.join('')).toBe('語'.repeat(8000));
    expect(parts.every((part) => new TextEncoder().encode(part).length < 16_000)).toBe(true);
    expect(partsOf('')).toEqual([]);
  });
});

describe('the end', () => {
  it('that came from elsewhere is noticed when the connection comes back', async () => {
    build({ renewSignIn: () => Promise.resolve('over') });
    await enter();
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(2000);
    expect(onEnded).toHaveBeenCalledOnce();
  });

  it('puts the recording in safety, lets go of the devices and moves on', async () => {
    build();
    await enter();
    tell(clock(true), answerEnded(1), { type: 'interview.ended', sequence: 2, reason: 'complete' });
    await vi.advanceTimersByTimeAsync(0);
    expect(recorderLog).toEqual(['start 0', 'stop']);
    expect(microphone.stopped).toBe(true);
    expect(camera.stopped).toBe(true);
    expect(onEnded).toHaveBeenCalledOnce();
  });

  it('does not wait for ever for a piece that cannot be stored', async () => {
    build({}, {
      recorder: () => ({
        recording: true,
        start: () => undefined,
        stop: () => new Promise(() => undefined),
        pause: () => undefined,
        resume: () => undefined,
        flush: () => undefined,
      }),
    });
    await enter();
    tell({ type: 'interview.ended', sequence: 1, reason: 'complete' });
    await vi.advanceTimersByTimeAsync(1500);
    expect(onEnded).toHaveBeenCalledOnce();
  });

  it('wished for is a wish to the server, which says when it is', async () => {
    build();
    await enter();
    await engine.end();
    expect(socket().wishesOf('interview.end')).toHaveLength(1);
    expect(onEnded).not.toHaveBeenCalled();
    tell({ type: 'interview.ended', sequence: 1, reason: 'ended_early' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onEnded).toHaveBeenCalledOnce();
    expect(finish).not.toHaveBeenCalled();
  });

  it('wished for while the connection is lost goes over HTTP', async () => {
    build();
    await enter();
    socket().breakOff();
    await engine.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(finish).toHaveBeenCalledOnce();
    expect(onEnded).toHaveBeenCalledOnce();
  });

  it('that cannot be reached at all leaves the room as it was, with words', async () => {
    build({ finish: () => Promise.reject(new Error('down')) });
    await enter();
    socket().breakOff();
    await engine.end();
    expect(engine.getSnapshot().own.ending).toBe(false);
    expect(engine.getSnapshot().room.problems.map((problem) => problem.code)).toContain('not_ended');
    expect(onEnded).not.toHaveBeenCalled();
  });

  it('that came while the page was away is noticed at the welcome', async () => {
    build();
    engine.connect();
    socket().accept();
    tell(welcomed({ phase: 'ended', begun: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(onEnded).toHaveBeenCalledOnce();
  });
});

describe('another tab', () => {
  it('that takes the interview makes this one let go of microphone and recording', async () => {
    build();
    await enter();
    tell(clock(true), phaseChanged());
    socket().breakOff(4409);
    expect(engine.getSnapshot().room.connection).toBe('taken_over');
    expect(recorderLog.at(-1)).toBe('stop');
    expect(microphone.stopped).toBe(true);
  });
});

describe('an interviewer who comes by video call', () => {
  const CALL = {
    kind: 'embedded-call',
    persona: 'maya',
    conversation_url: 'https://tavus.daily.co/c1',
    join_token: 'a-token',
    call_origin: 'https://tavus.daily.co',
    vendor: 'tavus',
    problem: null,
  } as const;
  const BUILT_IN = { ...CALL, kind: 'built-in', conversation_url: null, join_token: null } as const;
  const begin = vi.fn();
  const leave = vi.fn();
  let place: HTMLElement;

  async function enterCall(): Promise<void> {
    build({ callService: { begin, leave } });
    await enter();
    engine.setCallPlace(place);
    await vi.advanceTimersByTimeAsync(0);
    daily.frame.tell('joined-meeting');
  }

  beforeEach(() => {
    begin.mockReset().mockResolvedValue(CALL);
    leave.mockReset();
    place = document.createElement('div');
  });

  it('is asked for when the person is ready, joined once there is a place, and told of', async () => {
    await enterCall();
    expect(begin.mock.calls).toEqual([['configured']]);
    expect(daily.frame.joinedWith).toEqual({ url: 'https://tavus.daily.co/c1', token: 'a-token' });
    expect(socket().wishes.map((wish) => wish.type)).toEqual(['interview.begin', 'call.joined']);
    expect(engine.getSnapshot().call.status).toBe('joined');
  });

  it('who cannot come leaves the choice to the person, and nothing has begun', async () => {
    begin.mockResolvedValueOnce({ ...BUILT_IN, problem: { code: 'avatar_busy', message: 'All are taken.' } });
    build({ callService: { begin, leave } });
    await enter();
    expect(engine.getSnapshot().call.problem?.code).toBe('avatar_busy');
    expect(engine.getSnapshot().own.presence).toBe('waiting');
    expect(socket().wishes).toEqual([]);
    begin.mockResolvedValueOnce(BUILT_IN);
    await engine.enter(EVERYTHING, 'built-in');
    expect(begin.mock.calls).toEqual([['configured'], ['built-in']]);
    expect(engine.getSnapshot()).toMatchObject({ own: { presence: 'entered' }, call: { status: 'none', problem: null } });
    expect(socket().wishesOf('interview.begin')).toHaveLength(1);
  });

  it('does not talk over our own: it is silent while the call leads, and heard again after', async () => {
    await enterCall();
    tell({ type: 'speech.missing', utterance_id: 'u1', text: 'Tell me.' });
    expect(engine.getSnapshot().room.speaking).toBeNull();
    daily.frame.tell('left-meeting');
    expect(socket().wishesOf('call.lost')).toEqual([{ type: 'call.lost', reason: 'left' }]);
    tell({ type: 'avatar.changed', led_by: 'us', reason: 'The video call dropped. Our own interviewer goes on from here.' });
    tell({ type: 'speech.missing', utterance_id: 'u2', text: 'Where were we?' });
    expect(engine.getSnapshot().room.speaking).toBe('u2');
    expect(engine.getSnapshot().room.problems.map((problem) => problem.code)).toEqual(['avatar_changed']);
  });

  it('hears nobody who is muted, whichever button was pressed, nor anybody during a pause', async () => {
    await enterCall();
    await engine.toggleMicrophone();
    expect(daily.frame.switched.at(-1)).toBe('microphone off');
    daily.frame.devices('off');
    daily.frame.devices('playable');
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.getSnapshot().own.microphone).toBe('on');
    expect(socket().wishesOf('microphone.set').map((wish) => wish.listen)).toEqual([false, true]);
    tell(phaseChanged({ phase: 'paused' }));
    expect(daily.frame.switched.at(-1)).toBe('microphone off');
    daily.frame.devices('off');
    tell(phaseChanged({ phase: 'listening' }));
    expect(daily.frame.switched.at(-1)).toBe('microphone on');
    expect(engine.getSnapshot().own.microphone).toBe('on');
  });

  it('is left when the tab goes, but the interview goes on to its end with them', async () => {
    await enterCall();
    engine.goodbye();
    expect(leave).toHaveBeenCalledOnce();
    tell({ type: 'interview.ended', sequence: 1, reason: 'complete' });
    await vi.advanceTimersByTimeAsync(0);
    expect(daily.frame.destroyed).toBe(1);
    expect(onEnded).toHaveBeenCalledOnce();
    expect(socket().wishesOf('call.lost')).toEqual([]);
  });

  it('is not called again into an interview that goes on without them', async () => {
    build({ callService: { begin, leave } });
    await enter(EVERYTHING, welcomed({ begun: true, phase: 'listening', led_by: 'us' }));
    expect(begin).not.toHaveBeenCalled();
    expect(engine.getSnapshot().own.presence).toBe('entered');
  });

  it('is joined again after a reload, in the same call', async () => {
    build({ callService: { begin, leave } });
    await enter(EVERYTHING, welcomed({ begun: true, phase: 'listening', led_by: 'call' }));
    expect(begin.mock.calls).toEqual([['configured']]);
    expect(engine.getSnapshot().call.status).toBe('joining');
  });

  it('is told of again, and what was said meanwhile, when our connection is back', async () => {
    await enterCall();
    const said = (turn: string, speech: string) =>
      daily.frame.say({
        message_type: 'conversation',
        event_type: 'conversation.utterance',
        conversation_id: 'c1',
        inference_id: turn,
        properties: { role: 'user', speech },
      });
    said('t1', 'On the wire.');
    socket().breakOff();
    said('t2', 'Into the void.');
    await vi.advanceTimersByTimeAsync(1000);
    socket().accept();
    tell(welcomed({ begun: true, phase: 'listening', led_by: 'call' }));
    expect(socket().wishes.map((wish) => (wish.type === 'call.said' ? wish.text : wish.type))).toEqual([
      'interview.begin',
      'call.joined',
      'On the wire.',
      'Into the void.',
    ]);
  });

  it('moves with the interview to another tab and back', async () => {
    await enterCall();
    tell(welcomed({ begun: true, led_by: 'call' }));
    socket().breakOff(4409);
    expect(daily.frame.destroyed).toBe(1);
    expect(leave).not.toHaveBeenCalled();
    engine.setCallPlace(null);
    engine.takeBack();
    await vi.advanceTimersByTimeAsync(0);
    engine.setCallPlace(document.createElement('div'));
    await vi.advanceTimersByTimeAsync(0);
    expect(daily.frames).toHaveLength(2);
  });
});
