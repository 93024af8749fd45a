import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCall } from '../call/call-frame';
import { ScriptedDaily } from '../call/scripted-daily.fixture';
import { ProblemError } from '@/lib/api/problem';
import { utteranceAdded, welcomed } from '../connection/facts.fixture';
import type { Fact, Wish } from '../connection/messages';
import { RoomCall } from './room-call';
import { RoomStore } from './room-store';

const ANSWER = {
  kind: 'embedded-call',
  persona: 'maya',
  conversation_url: 'https://tavus.daily.co/c1',
  join_token: 'a-token',
  call_origin: 'https://tavus.daily.co',
  vendor: 'tavus',
  problem: null,
} as const;

let daily: ScriptedDaily;
let store: RoomStore;
let call: RoomCall;
let wishes: Wish[];
const begin = vi.fn();

async function join(): Promise<void> {
  await call.ask('configured');
  call.setPlace(document.createElement('div'));
  await vi.advanceTimersByTimeAsync(0);
  daily.frame.tell('joined-meeting');
}

const types = () => wishes.map((wish) => wish.type);
const utterance = (turn: string, seq: number, role: string, speech: string, more: object = {}) => ({
  message_type: 'conversation',
  event_type: 'conversation.utterance',
  seq,
  conversation_id: 'c1',
  inference_id: turn,
  properties: { role, speech, ...more },
});
const streaming = (turn: string, seq: number, role: string, speech: string) => ({
  ...utterance(turn, seq, role, speech),
  event_type: 'conversation.utterance.streaming',
});
const steered = (action: 'say' | 'interrupt', text = ''): Fact => ({ type: 'call.steered', action, text, level: '' });

beforeEach(() => {
  vi.useFakeTimers();
  daily = new ScriptedDaily();
  store = new RoomStore();
  store.tell({ kind: 'connection', status: 'open' });
  wishes = [];
  begin.mockReset().mockResolvedValue(ANSWER);
  call = new RoomCall(store, {
    service: { begin, leave: () => undefined },
    openCall: (place, invitation, options, listener) => openCall(place, invitation, options, listener, daily.load),
    userName: 'Ada',
    wish: (wish) => wishes.push(wish),
    onDevice: () => undefined,
  });
});

afterEach(() => {
  call.leave();
  vi.useRealTimers();
});

describe('what is said in the call', () => {
  it('is relayed once and in words of ours, and shown until it is a line of the transcript', async () => {
    await join();
    daily.frame.say(streaming('t1', 1, 'replica', 'Tell me'));
    expect(store.get().call.captions).toEqual({ interviewer: 'Tell me' });
    daily.frame.say(utterance('t1', 2, 'replica', 'Tell me about it.'));
    daily.frame.say(JSON.stringify(utterance('t1', 2, 'pal', 'Tell me about it.')));
    daily.frame.say(utterance('t2', 3, 'user', 'I would like to.'));
    expect(wishes.filter((wish) => wish.type === 'call.said')).toEqual([
      {
        type: 'call.said',
        key: 't1:interviewer',
        order: 2,
        speaker: 'interviewer',
        text: 'Tell me about it.',
        interrupted: false,
      },
      {
        type: 'call.said',
        key: 't2:candidate',
        order: 3,
        speaker: 'candidate',
        text: 'I would like to.',
        interrupted: false,
      },
    ]);
    call.onFact(utteranceAdded(1, { speaker: 'interviewer', text: 'Tell me about it.' }));
    expect(store.get().call.captions).toEqual({ candidate: 'I would like to.' });
  });

  it('shows and tells who is speaking', async () => {
    await join();
    const turn = (event: string, seq: number) => ({
      message_type: 'conversation',
      event_type: `conversation.${event}`,
      seq,
      conversation_id: 'c1',
    });
    daily.frame.say(turn('replica.started_speaking', 1));
    expect(store.get().call.speaking).toBe('interviewer');
    daily.frame.say(turn('user.started_speaking', 2));
    daily.frame.say(turn('replica.stopped_speaking', 3));
    expect(store.get().call.speaking).toBe('candidate');
    daily.frame.say(turn('user.stopped_speaking', 4));
    expect(store.get().call.speaking).toBeNull();
    expect(types().filter((type) => type === 'call.speaking')).toHaveLength(4);
  });
});

describe('steering', () => {
  it('from before the call was joined is done once it is, in order', async () => {
    await call.ask('configured');
    call.setPlace(document.createElement('div'));
    await vi.advanceTimersByTimeAsync(0);
    call.onFact(steered('interrupt'));
    call.onFact(steered('say', 'What did you learn?'));
    expect(daily.frame.sent).toEqual([]);
    daily.frame.tell('joined-meeting');
    expect(daily.frame.sent).toMatchObject([
      { event_type: 'conversation.interrupt', conversation_id: 'c1' },
      { event_type: 'conversation.echo', properties: { text: 'What did you learn?' } },
    ]);
  });
});

describe('a call that is lost', () => {
  it.each([
    [
      'the interviewer leaves',
      () => daily.frame.say({ message_type: 'system', event_type: 'system.shutdown', conversation_id: 'c1' }),
      'left',
    ],
    ['the network fails', () => daily.frame.fail('connection-error'), 'network'],
  ])('because %s is told once, and nothing said in it is lost', async (_, happens, reason) => {
    await join();
    daily.frame.say(utterance('t1', 1, 'user', 'I began to say'));
    happens();
    await vi.advanceTimersByTimeAsync(10);
    expect(types()).toEqual(['call.joined', 'call.said', 'call.lost']);
    expect(wishes.at(-1)).toEqual({ type: 'call.lost', reason });
    expect(store.get().call.status).toBe('none');
    expect(daily.frame.destroyed).toBe(1);
  });

  it('is not asked for again', async () => {
    await join();
    daily.frame.tell('left-meeting');
    expect(await call.ask('configured')).toBe(true);
    expect(begin).toHaveBeenCalledOnce();
  });

  it('while we were away is given up when we hear of it', async () => {
    await join();
    call.onFact(welcomed({ begun: true, led_by: 'us' }));
    expect(store.get().call.status).toBe('none');
    expect(store.get().room.problems.map((problem) => problem.code)).toEqual(['avatar_changed']);
    expect(types()).not.toContain('call.lost');
  });

  it('to us alone is told again as joined when our connection is back', async () => {
    await join();
    call.onFact(welcomed({ begun: true, led_by: 'call' }));
    expect(types()).toEqual(['call.joined', 'call.joined']);
    expect(store.get().call.status).toBe('joined');
  });
});

it('a room that still counts the page of before is tried again, and not for ever', async () => {
  await call.ask('configured');
  call.setPlace(document.createElement('div'));
  for (let i = 0; i < 7; i += 1) {
    await vi.advanceTimersByTimeAsync(3000);
    daily.frame.fail('meeting-full');
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(daily.frames).toHaveLength(7);
  expect(wishes).toEqual([{ type: 'call.lost', reason: 'refused' }]);
});

it('the person may give the call up', async () => {
  await join();
  call.giveUp();
  expect(types()).toEqual(['call.joined', 'avatar.switch']);
  expect(daily.frame.destroyed).toBe(1);
});

it('the server may take it from us', async () => {
  await join();
  call.onFact({ type: 'avatar.changed', led_by: 'us', reason: 'It went silent.' });
  expect(store.get().call.status).toBe('none');
  expect(types()).toEqual(['call.joined']);
});

describe('no call', () => {
  it('because the server cannot be reached is said in plain words', async () => {
    begin.mockRejectedValueOnce(new ProblemError('offline', 'We cannot reach the server.'));
    expect(await call.ask('configured')).toBe(false);
    expect(store.get().call.problem).toEqual({ code: 'avatar_unavailable', message: 'We cannot reach the server.' });
  });

  it('can be made of an address that is none', async () => {
    begin.mockResolvedValueOnce({ ...ANSWER, conversation_url: 'nowhere' });
    expect(await call.ask('configured')).toBe(false);
    expect(store.get().call.problem?.code).toBe('avatar_unavailable');
  });

  it('is needed for our own interviewer, whatever the server answers', async () => {
    begin.mockRejectedValueOnce(new ProblemError('offline', 'We cannot reach the server.'));
    expect(await call.ask('built-in')).toBe(true);
    expect(store.get().call.problem).toBeNull();
    expect(call.leads).toBe(false);
  });
});
