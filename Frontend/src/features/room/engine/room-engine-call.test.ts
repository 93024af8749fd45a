import { beforeEach, describe, expect, it, vi } from 'vitest';
import { phaseChanged, welcomed } from '../connection/facts.fixture';
import { EVERYTHING, build, daily, engine, enter, onEnded, socket, tell } from './room-engine.fixture';

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
    expect(engine.getSnapshot()).toMatchObject({
      own: { presence: 'entered' },
      call: { status: 'none', problem: null },
    });
    expect(socket().wishesOf('interview.begin')).toHaveLength(1);
  });

  it('who takes long to come need not be waited for, whatever the vendor answers later', async () => {
    let come: (arranged: unknown) => void = () => undefined;
    begin.mockReturnValueOnce(new Promise((done) => (come = done)));
    begin.mockReturnValueOnce(new Promise(() => undefined));
    build({ callService: { begin, leave } });
    void enter();
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.getSnapshot()).toMatchObject({ own: { presence: 'entering' }, call: { arranging: true } });
    engine.skipCall();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(begin.mock.calls).toEqual([['configured'], ['built-in']]);
    expect(engine.getSnapshot()).toMatchObject({
      own: { presence: 'entered' },
      call: { status: 'none', arranging: false, problem: null },
    });
    expect(socket().wishesOf('interview.begin')).toHaveLength(1);
    come(CALL);
    engine.setCallPlace(place);
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.getSnapshot().call.status).toBe('none');
  });

  it('does not talk over our own: it is silent while the call leads, and heard again after', async () => {
    await enterCall();
    tell({ type: 'speech.missing', utterance_id: 'u1', text: 'Tell me.' });
    expect(engine.getSnapshot().room.speaking).toBeNull();
    daily.frame.tell('left-meeting');
    expect(socket().wishesOf('call.lost')).toEqual([{ type: 'call.lost', reason: 'left' }]);
    tell({
      type: 'avatar.changed',
      led_by: 'us',
      reason: 'The video call dropped. Our own interviewer goes on from here.',
    });
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
    expect(
      socket()
        .wishesOf('microphone.set')
        .map((wish) => wish.listen),
    ).toEqual([false, true]);
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
