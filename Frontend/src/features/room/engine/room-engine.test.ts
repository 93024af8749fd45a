import { describe, expect, it, vi } from 'vitest';
import { DeviceError } from '@/lib/media/media-devices';
import { answerEnded, phaseChanged, utteranceAdded, welcomed } from '../connection/facts.fixture';
import {
  EVERYTHING,
  FakeTrack,
  build,
  camera,
  clock,
  engine,
  enter,
  finish,
  microphone,
  onEnded,
  recordedTracks,
  recorderLog,
  recorderOptions,
  retryNow,
  sendFrame,
  socket,
  speechFrame,
  tell,
  world,
} from './room-engine.fixture';
import { partsOf } from './typed-answer';

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
    expect(socket().wishesOf('answer.type')).toEqual([
      { type: 'answer.type', text: 'I would answer this.', done: true },
    ]);
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
    expect(
      socket()
        .wishesOf('microphone.set')
        .map((wish) => wish.listen),
    ).toEqual([false, true]);
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
    world.setCamera(new FakeTrack('video'));
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
    world.setAudio('suspended');
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
    for (let ms = 10_000; ms < 15_000; ms += 100) {
      world.setNow(ms);
      engine.typing();
    }
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
    build(
      {},
      {
        recorder: () => ({
          recording: true,
          start: () => undefined,
          stop: () => new Promise(() => undefined),
          pause: () => undefined,
          resume: () => undefined,
          flush: () => undefined,
        }),
      },
    );
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
