import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCall, type Call, type CallOptions } from './call-frame';
import { ScriptedDaily } from './scripted-daily.fixture';

const INVITATION = { url: 'https://tavus.daily.co/c1', token: 'a-token' };
const OPTIONS: CallOptions = { title: 'Your interviewer', userName: 'Ada', microphone: true, camera: true, dark: true };

let daily: ScriptedDaily;
let place: HTMLElement;
let call: Call;
const listener = { onJoined: vi.fn(), onMessage: vi.fn(), onLost: vi.fn(), onDevice: vi.fn() };

async function open(options: Partial<CallOptions> = {}, load = daily.load): Promise<void> {
  call = openCall(place, INVITATION, { ...OPTIONS, ...options }, listener, load);
  await vi.advanceTimersByTimeAsync(0);
}

async function join(options: Partial<CallOptions> = {}): Promise<void> {
  await open(options);
  daily.frame.tell('loaded');
  daily.frame.tell('joined-meeting');
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetAllMocks();
  daily = new ScriptedDaily();
  place = document.createElement('div');
  document.body.append(place);
});

afterEach(async () => {
  call.close();
  await vi.advanceTimersByTimeAsync(5000);
  place.remove();
  vi.useRealTimers();
});

describe('joining', () => {
  it('is done with the invitation, in a frame with a name and without buttons that our room has', async () => {
    await join();
    expect(daily.frame.joinedWith).toEqual(INVITATION);
    expect(daily.frame.iframe().title).toBe('Your interviewer');
    expect(daily.frame.options).toMatchObject({ showLeaveButton: false, showLocalVideo: false, startAudioOff: false });
    expect(daily.frame.options.theme).toMatchObject({ colors: { background: '#171f21' } });
    expect(listener.onJoined).toHaveBeenCalledOnce();
    expect(listener.onLost).not.toHaveBeenCalled();
  });

  it('brings no microphone and no camera that were not chosen', async () => {
    await join({ microphone: false, camera: false });
    expect(daily.frame.options).toMatchObject({ startAudioOff: true, startVideoOff: true });
  });

  it.each([
    ['exp-token', 'refused', false],
    ['not-allowed', 'refused', false],
    ['no-room', 'refused', false],
    ['meeting-full', 'refused', true],
    ['connection-error', 'network', false],
  ])('that fails with %s is lost as %s', async (type, reason, full) => {
    await open();
    daily.frame.tell('loaded');
    daily.frame.fail(type);
    await vi.advanceTimersByTimeAsync(100);
    expect(listener.onLost.mock.calls).toEqual([[reason, full]]);
    expect(place.children).toHaveLength(0);
  });

  it('is given up when the call does not answer, later when it has answered', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(19_000);
    daily.frame.tell('loaded');
    await vi.advanceTimersByTimeAsync(89_000);
    expect(listener.onLost).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listener.onLost.mock.calls).toEqual([['network', false]]);
  });

  it('is given up when the vendor’s script cannot be loaded, or cannot make a frame', async () => {
    await open({}, () => Promise.reject(new Error('offline')));
    expect(listener.onLost.mock.calls).toEqual([['network', false]]);
    listener.onLost.mockReset();
    daily.broken = true;
    await open();
    expect(listener.onLost.mock.calls).toEqual([['error', false]]);
  });

  it('does nothing any more when the call was closed while it loaded', async () => {
    call = openCall(place, INVITATION, OPTIONS, listener, daily.load);
    call.close();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(daily.frames).toEqual([]);
    expect(listener.onLost).not.toHaveBeenCalled();
  });
});

describe('the call', () => {
  it('carries messages both ways, but none before it is joined', async () => {
    await open();
    expect(call.send({ a: 1 })).toBe(false);
    daily.frame.tell('joined-meeting');
    expect(call.send({ a: 1 })).toBe(true);
    expect(call.send({ a: 'x'.repeat(5000) })).toBe(false);
    daily.frame.say({ b: 2 });
    expect(daily.frame.sent).toEqual([{ a: 1 }]);
    expect(listener.onMessage).toHaveBeenCalledWith({ b: 2 });
  });

  it.each([
    ['the person leaves it', (d: ScriptedDaily) => d.frame.tell('left-meeting'), 'left'],
    ['the room is closed', (d: ScriptedDaily) => d.frame.fail('exp-room'), 'left'],
    ['we are put out', (d: ScriptedDaily) => d.frame.fail('ejected'), 'left'],
    ['the network fails', (d: ScriptedDaily) => d.frame.fail('connection-error'), 'network'],
    ['it breaks', (d: ScriptedDaily) => d.frame.fail('end-of-life'), 'error'],
    [
      'the microphone cannot be had',
      (d: ScriptedDaily) =>
        d.frame.tell('camera-error', { errorMsg: { errorMsg: 'in use', audioOk: false, videoOk: true } }),
      'error',
    ],
  ])('is lost when %s', async (_, happens, reason) => {
    await join();
    happens(daily);
    await vi.advanceTimersByTimeAsync(100);
    expect(listener.onLost.mock.calls).toEqual([[reason, false]]);
    expect(daily.frame.destroyed).toBe(1);
  });

  it('goes on without a camera, and without a microphone that was not wanted', async () => {
    await join({ microphone: false });
    daily.frame.tell('camera-error', { errorMsg: { errorMsg: 'in use', audioOk: true, videoOk: false } });
    daily.frame.tell('camera-error', { errorMsg: { errorMsg: 'none', audioOk: false, videoOk: false } });
    daily.frame.tell('nonfatal-error', { type: 'input-settings-error', errorMsg: 'no blur' });
    expect(listener.onLost).not.toHaveBeenCalled();
  });

  it('survives a blink of the network, and no more than a blink', async () => {
    await join();
    daily.frame.tell('network-connection', { type: 'sfu', event: 'interrupted' });
    await vi.advanceTimersByTimeAsync(9_000);
    daily.frame.tell('network-connection', { type: 'sfu', event: 'connected' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(listener.onLost).not.toHaveBeenCalled();
    daily.frame.tell('network-connection', { type: 'sfu', event: 'interrupted' });
    await vi.advanceTimersByTimeAsync(5_000);
    daily.frame.tell('network-connection', { type: 'signaling', event: 'interrupted' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(listener.onLost.mock.calls).toEqual([['network', false]]);
  });

  it('is over when nobody else has been in it for some seconds', async () => {
    await join();
    daily.frame.others = [];
    daily.frame.tell('participant-left');
    await vi.advanceTimersByTimeAsync(4_000);
    daily.frame.others = ['the-interviewer'];
    daily.frame.tell('participant-joined');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(listener.onLost).not.toHaveBeenCalled();
    daily.frame.others = [];
    daily.frame.tell('participant-left');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(listener.onLost.mock.calls).toEqual([['left', false]]);
  });
});

describe('the devices', () => {
  it('switched in the call are told, and not what was asked for from outside', async () => {
    await join();
    daily.frame.devices('loading');
    daily.frame.devices('playable');
    daily.frame.devices('off');
    expect(listener.onDevice.mock.calls).toEqual([['microphone', false]]);
    call.setMicrophone(true);
    daily.frame.devices('playable');
    call.setCamera(false);
    daily.frame.devices('playable', 'off');
    expect(daily.frame.switched).toEqual(['microphone on', 'camera off']);
    expect(listener.onDevice).toHaveBeenCalledTimes(1);
  });

  it('switched twice in a breath end as they were wished last', async () => {
    await join();
    call.setMicrophone(false);
    call.setMicrophone(true);
    daily.frame.devices('off');
    daily.frame.devices('playable');
    expect(listener.onDevice).not.toHaveBeenCalled();
  });

  it('switched before the call is joined are so when it is', async () => {
    await open();
    call.setMicrophone(false);
    expect(daily.frame.switched).toEqual([]);
    daily.frame.tell('joined-meeting');
    expect(daily.frame.switched).toEqual(['microphone off']);
  });
});

describe('closing', () => {
  it('takes the frame away even when it never says goodbye', async () => {
    await join();
    daily.frame.saysGoodbye = false;
    call.close();
    expect(place.children).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1500);
    expect(place.children).toHaveLength(0);
    daily.frame.tell('left-meeting');
    expect(listener.onLost).not.toHaveBeenCalled();
  });
});
