import { describe, expect, it } from 'vitest';
import { conversationIdOf, steering, TavusMessages, type CallEvent } from './tavus-messages';

/** Messages as the vendor's documents show them. */
const UTTERANCE = {
  message_type: 'conversation',
  event_type: 'conversation.utterance',
  seq: 600,
  turn_idx: 8,
  timestamp: 1746000000.1,
  conversation_id: 'c1',
  inference_id: 'turn-8',
  properties: { role: 'replica', speech: 'Tell me about a hard day at work.' },
};
const STREAMING = {
  message_type: 'conversation',
  event_type: 'conversation.utterance.streaming',
  seq: 500,
  turn_idx: 7,
  conversation_id: 'c1',
  inference_id: 'turn-8',
  properties: { role: 'replica', speech: 'Tell me about', content_index: 3, final: false, is_interrupted: false },
};
const turn = (event: string, seq: number, properties: object = {}) => ({
  message_type: 'conversation',
  event_type: `conversation.${event}`,
  seq,
  conversation_id: 'c1',
  inference_id: 'turn-6',
  properties,
});

function read(...messages: unknown[]): CallEvent[] {
  const reader = new TavusMessages('c1');
  return messages.flatMap((message) => reader.read(message));
}

describe('a finished line', () => {
  it('is read once, whatever it is called and however often it comes', () => {
    const pal = { ...UTTERANCE, seq: 601, properties: { ...UTTERANCE.properties, role: 'pal' } };
    expect(read(UTTERANCE, UTTERANCE, JSON.stringify(UTTERANCE), pal)).toEqual([
      {
        kind: 'said',
        key: 'turn-8:interviewer',
        order: 600,
        speaker: 'interviewer',
        text: 'Tell me about a hard day at work.',
        interrupted: false,
      },
    ]);
  });

  it('of the candidate and of the interviewer in the same turn are two', () => {
    const user = { ...UTTERANCE, seq: 590, properties: { role: 'user', speech: 'Gladly.' } };
    expect(read(user, UTTERANCE).map((event) => event.kind === 'said' && event.speaker)).toEqual([
      'candidate',
      'interviewer',
    ]);
  });

  it('that was interrupted carries what was spoken, not what was meant', () => {
    const streamed = {
      ...STREAMING,
      seq: 599,
      properties: { ...STREAMING.properties, speech: 'Tell me about a', final: true, is_interrupted: true },
    };
    const events = read(STREAMING, streamed, {
      ...UTTERANCE,
      properties: { ...UTTERANCE.properties, interrupted: true },
    });
    expect(events.at(-1)).toMatchObject({ kind: 'said', text: 'Tell me about a', interrupted: true });
  });

  it('that was interrupted without a stream is told as it came', () => {
    const events = read({ ...UTTERANCE, properties: { ...UTTERANCE.properties, interrupted: true } });
    expect(events).toMatchObject([{ text: 'Tell me about a hard day at work.', interrupted: true }]);
  });

  it('without a turn of its own still has a key and an order', () => {
    const bare = (seq: number | undefined, speech: string, timestamp: number) => ({
      ...UTTERANCE,
      seq,
      timestamp,
      inference_id: undefined,
      properties: { role: 'user', speech },
    });
    const events = read(bare(7, 'One.', 1), bare(7, 'One.', 1), bare(undefined, 'Two.', 2), bare(undefined, 'Two.', 2));
    expect(events).toMatchObject([
      { key: 'seq-7:candidate', order: 7 },
      { key: 'at-2:candidate', order: 8 },
    ]);
  });

  it('fits into one message to our server, in any script', () => {
    const [said] = read({ ...UTTERANCE, properties: { role: 'user', speech: '語'.repeat(9000) } });
    if (said?.kind !== 'said') throw new Error('nothing was said');
    expect(new TextEncoder().encode(JSON.stringify(said)).length).toBeLessThan(16_384);
    expect(said.text.length).toBeGreaterThan(4000);
  });
});

describe('a line in flux', () => {
  it('replaces itself and never goes back', () => {
    const more = { ...STREAMING, seq: 510, properties: { ...STREAMING.properties, speech: 'Tell me about a hard' } };
    expect(read(STREAMING, more, STREAMING)).toEqual([
      { kind: 'caption', speaker: 'interviewer', text: 'Tell me about' },
      { kind: 'caption', speaker: 'interviewer', text: 'Tell me about a hard' },
    ]);
  });

  it('that comes after its end is nothing', () => {
    expect(read(UTTERANCE, { ...STREAMING, seq: 700 }).map((event) => event.kind)).toEqual(['said']);
  });
});

describe('speaking', () => {
  it('told under the older and the newer name is told once', () => {
    const events = read(
      turn('user.started_speaking', 400),
      turn('started_speaking', 401, { role: 'user' }),
      turn('user.stopped_speaking', 410),
      turn('stopped_speaking', 411, { role: 'user', duration: 2.341 }),
    );
    expect(events).toEqual([
      { kind: 'speaking', speaker: 'candidate', speaking: true },
      { kind: 'speaking', speaker: 'candidate', speaking: false },
    ]);
  });

  it('of replica and pal is the interviewer', () => {
    const events = read(
      turn('replica.started_speaking', 10),
      turn('pal.started_speaking', 11),
      turn('pal.stopped_speaking', 12),
    );
    expect(events).toEqual([
      { kind: 'speaking', speaker: 'interviewer', speaking: true },
      { kind: 'speaking', speaker: 'interviewer', speaking: false },
    ]);
  });

  it('that began before it ended, but arrives after, changes nothing', () => {
    const events = read(
      turn('replica.started_speaking', 200),
      turn('replica.stopped_speaking', 201),
      turn('started_speaking', 199, { role: 'replica' }),
    );
    expect(events.map((event) => event.kind === 'speaking' && event.speaking)).toEqual([true, false]);
  });
});

describe('what is not ours', () => {
  it('is passed over: other conversations, unknown events, other roles, no JSON', () => {
    expect(
      read(
        { ...UTTERANCE, conversation_id: 'c2' },
        { ...UTTERANCE, properties: { role: 'system', speech: 'You are an interviewer.' } },
        { ...UTTERANCE, properties: { role: 'constructor', speech: 'Hm.' } },
        { ...UTTERANCE, properties: { role: 'user', speech: '  ' } },
        { ...UTTERANCE, event_type: 'conversation.tool_call', properties: { name: 'f', arguments: '{}' } },
        { ...UTTERANCE, event_type: 'conversation.perception_analysis', properties: { analysis: 'young' } },
        { greeting: 'hello' },
        'not json',
        '[1]',
        null,
        7,
      ),
    ).toEqual([]);
  });

  it('is let in when it names no conversation at all', () => {
    expect(read({ ...UTTERANCE, conversation_id: undefined })).toHaveLength(1);
  });
});

it('the interviewer leaving for good is the end of the call', () => {
  expect(read({ message_type: 'system', event_type: 'system.shutdown', conversation_id: 'c1' })).toEqual([
    { kind: 'over' },
  ]);
});

describe('steering', () => {
  const envelope = { message_type: 'conversation', conversation_id: 'c1' };
  const steer = (
    action: 'say' | 'interrupt' | 'patience' | 'context',
    text = '',
    level: 'low' | 'medium' | 'high' | '' = '',
  ) => steering({ type: 'call.steered', action, text, level }, 'c1');

  it('is said in the words of the vendor', () => {
    expect(steer('say', 'What did you learn?')).toEqual({
      ...envelope,
      event_type: 'conversation.echo',
      properties: { modality: 'text', text: 'What did you learn?', done: true },
    });
    expect(steer('interrupt')).toEqual({ ...envelope, event_type: 'conversation.interrupt' });
    expect(steer('patience', '', 'low')).toEqual({
      ...envelope,
      event_type: 'conversation.sensitivity',
      properties: { participant_pause_sensitivity: 'low' },
    });
    expect(steer('context', 'The candidate typed: I counted.')).toEqual({
      ...envelope,
      event_type: 'conversation.append_llm_context',
      properties: { context: 'The candidate typed: I counted.' },
    });
  });

  it('is never longer than the call can carry', () => {
    expect(new TextEncoder().encode(JSON.stringify(steer('context', '語'.repeat(8000)))).length).toBeLessThan(4096);
  });
});

it('the conversation is known by the room it is held in', () => {
  expect(conversationIdOf('https://tavus.daily.co/c123456')).toBe('c123456');
  expect(conversationIdOf('http://127.0.0.1:8340/c123456/?x=1')).toBe('c123456');
});
