/**
 * What Tavus' interviewer and our page say to each other through the call (Daily app-messages), in our words.
 *
 * The vendor renamed its things in 2026 and sends both names, each event of speaking also under a newer and an older
 * name, and sometimes everything twice: here each thing is read once.
 */
import { LIMITS } from '@/lib/api/limits.gen';
import type { Fact } from '../connection/messages';

export type CallSpeaker = 'interviewer' | 'candidate';

export type CallEvent =
  /** A finished line. `key` is the same however often the line is told; `order` is the call's own numbering. */
  | { kind: 'said'; key: string; order: number; speaker: CallSpeaker; text: string; interrupted: boolean }
  | { kind: 'speaking'; speaker: CallSpeaker; speaking: boolean }
  /** A line in flux: the whole text so far, replacing the text before. */
  | { kind: 'caption'; speaker: CallSpeaker; text: string }
  /** The interviewer has left the room for good. */
  | { kind: 'over' };

/** What our API takes of one whole message, with room for its other fields. */
const LONGEST_TEXT_BYTES = 15_000;
/** Daily takes 4096 bytes of JSON in one app-message; an envelope of Tavus' takes some 200 of them. */
const LONGEST_STEER_BYTES = 3600;
const REMEMBERED_LINES = 2000;
const REMEMBERED_STREAMS = 50;

const SPEAKERS: Readonly<Record<string, CallSpeaker>> = {
  user: 'candidate',
  replica: 'interviewer',
  pal: 'interviewer',
  assistant: 'interviewer',
};

/** Reads one conversation's messages. Order and repetition are the network's; nothing read here throws. */
export class TavusMessages {
  #conversationId: string;
  #said = new Set<string>();
  /** Text so far, by the vendor's id of the turn: what has really been spoken when a line was interrupted. */
  #streams = new Map<string, { text: string; order: number }>();
  #speaking = new Map<CallSpeaker, { speaking: boolean; order: number }>();
  #lastOrder = 0;

  constructor(conversationId: string) {
    this.#conversationId = conversationId;
  }

  read(data: unknown): CallEvent[] {
    const message = objectOf(data);
    const type = message && textOf(message['event_type']);
    if (!message || !type) return [];
    const id = textOf(message['conversation_id']);
    if (id !== null && id !== this.#conversationId) return [];
    if (type === 'system.shutdown') return [{ kind: 'over' }];
    const properties = objectOf(message['properties']) ?? {};
    if (type === 'conversation.utterance') return this.#utterance(message, properties);
    if (type === 'conversation.utterance.streaming') return this.#streaming(message, properties);
    return this.#turn(type, message, properties);
  }

  #utterance(message: Json, properties: Json): CallEvent[] {
    const speaker = speakerOf(properties['role']);
    const written = textOf(properties['speech'])?.trim();
    if (!speaker || !written) return [];
    const turn = textOf(message['inference_id']);
    const sequence = numberOf(message['seq']);
    const name = turn ?? (sequence === null ? `at-${String(message['timestamp'])}` : `seq-${sequence}`);
    const key = `${name.slice(0, 100)}:${speaker}`;
    if (this.#said.has(key)) return [];
    remember(this.#said, key);
    const order = sequence ?? this.#lastOrder + 1;
    this.#lastOrder = Math.max(this.#lastOrder, order);
    const interrupted = properties['interrupted'] === true;
    // An interrupted line is told as it was meant; only the stream has what was spoken of it.
    const spoken = interrupted ? this.#streams.get(key)?.text.trim() : undefined;
    return [{ kind: 'said', key, order, speaker, text: fitting(spoken || written), interrupted }];
  }

  #streaming(message: Json, properties: Json): CallEvent[] {
    const speaker = speakerOf(properties['role']);
    const text = textOf(properties['speech']);
    if (!speaker || text === null) return [];
    const key = `${textOf(message['inference_id']) ?? ''}:${speaker}`;
    if (this.#said.has(key)) return [];
    const order = numberOf(message['seq']) ?? numberOf(properties['content_index']) ?? 0;
    const before = this.#streams.get(key);
    if (before && before.order > order) return [];
    this.#streams.delete(key);
    this.#streams.set(key, { text, order });
    if (this.#streams.size > REMEMBERED_STREAMS) forgetOldest(this.#streams);
    return [{ kind: 'caption', speaker, text: fitting(text) }];
  }

  /** `conversation.started_speaking` with a role, or `conversation.user.started_speaking` and its like. */
  #turn(type: string, message: Json, properties: Json): CallEvent[] {
    const [, who, act] = /^conversation\.(?:(\w+)\.)?(started|stopped)_speaking$/.exec(type) ?? [];
    const speaker = speakerOf(who ?? properties['role']);
    if (!act || !speaker) return [];
    const speaking = act === 'started';
    const order = numberOf(message['seq']) ?? 0;
    const before = this.#speaking.get(speaker);
    if (before && order > 0 && order < before.order) return [];
    this.#speaking.set(speaker, { speaking, order: Math.max(order, before?.order ?? 0) });
    return before?.speaking === speaking || (!before && !speaking) ? [] : [{ kind: 'speaking', speaker, speaking }];
  }
}

/** The message that does in the call what our server asks for. */
export function steering(fact: Extract<Fact, { type: 'call.steered' }>, conversationId: string): object {
  const message = (event: string, properties?: object) => ({
    message_type: 'conversation',
    event_type: `conversation.${event}`,
    conversation_id: conversationId,
    ...(properties && { properties }),
  });
  const text = fitting(fact.text, LONGEST_STEER_BYTES);
  switch (fact.action) {
    case 'say':
      return message('echo', { modality: 'text', text, done: true });
    case 'interrupt':
      return message('interrupt');
    case 'patience':
      return message('sensitivity', { participant_pause_sensitivity: fact.level || 'medium' });
    case 'context':
      return message('append_llm_context', { context: text });
  }
}

/** A Tavus room is named after its conversation: the last part of its address. */
export function conversationIdOf(conversationUrl: string): string {
  return new URL(conversationUrl).pathname.split('/').findLast((part) => part !== '') ?? '';
}

type Json = Readonly<Record<string, unknown>>;

/** Some of Daily's transports hand on strings. */
function objectOf(value: unknown): Json | null {
  let read = value;
  if (typeof value === 'string') {
    try {
      read = JSON.parse(value);
    } catch {
      return null;
    }
  }
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Json) : null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

const speakerOf = (role: unknown): CallSpeaker | null =>
  typeof role === 'string' && Object.hasOwn(SPEAKERS, role) ? (SPEAKERS[role] ?? null) : null;

function fitting(text: string, bytes = LONGEST_TEXT_BYTES): string {
  let short = text.slice(0, LIMITS.maxAnswer);
  while (new TextEncoder().encode(JSON.stringify(short)).length > bytes) {
    short = short.slice(0, Math.floor(short.length * 0.9));
  }
  return short;
}

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size > REMEMBERED_LINES) forgetOldest(keys);
}

function forgetOldest(kept: Set<string> | Map<string, unknown>): void {
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
