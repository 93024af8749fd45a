import { describe, expect, it } from 'vitest';
import { answerEnded, phaseChanged, responseAssessed, score, utteranceAdded, welcomed } from './facts.fixture';
import type { Fact } from './messages';
import { clockNow, initialRoomState, roomReducer, seenThrough, type RoomEvent, type RoomState } from './room-state';

function after(...facts: Fact[]): RoomState {
  return from(initialRoomState, ...facts);
}

function from(state: RoomState, ...facts: Fact[]): RoomState {
  return facts.reduce((room, fact) => roomReducer(room, { kind: 'fact', fact, at: 1000 }), state);
}

function local(state: RoomState, ...events: RoomEvent[]): RoomState {
  return events.reduce(roomReducer, state);
}

describe('welcome', () => {
  it('tells where the interview stands', () => {
    const room = after(welcomed({ phase: 'listening', position: 2, question_id: 'q3', begun: true, clock_ms: 90_000 }));
    expect(room).toMatchObject({ connection: 'open', phase: 'listening', position: 2, questionId: 'q3', begun: true });
    expect(clockNow(room.clock, 5000)).toBe(90_000);
  });

  it('keeps what was said before a break', () => {
    const room = after(welcomed(), utteranceAdded(1), welcomed({ begun: true, last_sequence: 1 }));
    expect(room.utterances).toHaveLength(1);
  });
});

describe('replay', () => {
  const told: Fact[] = [
    utteranceAdded(1, { speaker: 'interviewer', kind: 'question', text: 'Tell me about the outage.' }),
    utteranceAdded(2),
    answerEnded(3),
    responseAssessed(4),
  ];

  it('of everything changes nothing', () => {
    const once = after(welcomed(), ...told);
    const twice = from(once, ...told);
    expect(twice).toEqual(once);
  });

  it('of a part adds only what was missed', () => {
    const room = after(welcomed(), ...told.slice(0, 2), ...told);
    expect(room.utterances.map((line) => line.id)).toEqual(['u1', 'u2']);
    expect(room.answers).toHaveLength(1);
  });

  it('in another order gives the same transcript', () => {
    const inOrder = after(...told);
    const mixed = after(...[3, 1, 0, 2].map((i) => told[i]).filter((fact) => fact !== undefined));
    expect(mixed.utterances).toEqual(inOrder.utterances);
    expect(mixed.answers).toEqual(inOrder.answers);
  });

  it('asks for everything after the last fact without a gap', () => {
    expect(seenThrough(new Set())).toBe(0);
    expect(seenThrough(new Set([1, 2, 4]))).toBe(2);
  });
});

describe('captions', () => {
  it('grow in place while a line is in flux', () => {
    const room = after(
      { type: 'caption.heard', line_id: 'a', text: 'I led' },
      { type: 'caption.heard', line_id: 'b', text: 'and then' },
      { type: 'caption.heard', line_id: 'a', text: 'I led the move' },
    );
    expect(room.captions).toEqual([
      { lineId: 'a', text: 'I led the move' },
      { lineId: 'b', text: 'and then' },
    ]);
  });

  it('give way to the final line with the same id only', () => {
    const room = after(
      { type: 'caption.heard', line_id: 'a', text: 'I led' },
      { type: 'caption.heard', line_id: 'u7', text: 'and then' },
      utteranceAdded(1, { id: 'u7', text: 'And then we moved.' }),
    );
    expect(room.captions).toEqual([{ lineId: 'a', text: 'I led' }]);
    expect(room.utterances.map((line) => line.text)).toEqual(['And then we moved.']);
  });

  it('give way oldest first where a final line has an id of its own', () => {
    const room = after(
      { type: 'caption.heard', line_id: 'a', text: 'I led' },
      { type: 'caption.heard', line_id: 'b', text: 'and then' },
      utteranceAdded(1, { id: 'another' }),
    );
    expect(room.captions).toEqual([{ lineId: 'b', text: 'and then' }]);
  });

  it('do not come back when one arrives after its final line', () => {
    const room = after({ type: 'caption.heard', line_id: 'a', text: 'I led' }, utteranceAdded(1, { id: 'another' }), {
      type: 'caption.heard',
      line_id: 'a',
      text: 'I led the',
    });
    expect(room.captions).toEqual([]);
  });

  it('stay when the interviewer speaks or an answer is typed', () => {
    const room = after(
      { type: 'caption.heard', line_id: 'a', text: 'I led' },
      utteranceAdded(1, { speaker: 'interviewer', kind: 'nudge' }),
      utteranceAdded(2, { source: 'typed' }),
    );
    expect(room.captions).toHaveLength(1);
  });

  it('are gone when the answer has ended', () => {
    const room = after({ type: 'caption.heard', line_id: 'a', text: 'um' }, answerEnded(1));
    expect(room.captions).toEqual([]);
  });
});

describe('answers', () => {
  it('have a card at once and their scores when they are told', () => {
    const waiting = after(answerEnded(1));
    expect(waiting.answers[0]).toMatchObject({ responseId: 'r1', scores: null });
    const scored = from(waiting, responseAssessed(2));
    expect(scored.answers).toHaveLength(1);
    expect(scored.answers[0]).toMatchObject({
      endedBy: 'silence',
      scores: { relevance: { value: 82 }, confidence: { value: 74 } },
    });
  });

  it('that were not scored keep the reason and get no number', () => {
    const reason = 'Nothing was said.';
    const room = after(
      answerEnded(1),
      responseAssessed(2, { scores: { relevance: score(null, reason), confidence: score(null, reason) } }),
    );
    expect(room.answers[0]?.scores?.relevance).toEqual(score(null, reason));
  });

  it('stay with the question that was asked, follow-ups with theirs', () => {
    const room = after(
      answerEnded(1),
      answerEnded(2, { response_id: 'r2', follow_up_id: 'f1' }),
      responseAssessed(3, { response_id: 'r2', follow_up_id: 'f1' }),
      responseAssessed(4),
    );
    expect(room.answers.map((answer) => [answer.responseId, answer.questionId, answer.followUpId])).toEqual([
      ['r1', 'q1', null],
      ['r2', 'q1', 'f1'],
    ]);
  });
});

describe('phase and clock', () => {
  it('follow the server', () => {
    const room = after(welcomed(), phaseChanged({ phase: 'asking', position: 1, question_id: 'q2' }));
    expect(room).toMatchObject({ phase: 'asking', position: 1, questionId: 'q2', begun: true });
  });

  it('stand still while paused and run otherwise', () => {
    const running = after({ type: 'clock.told', clock_ms: 5000, running: true });
    expect(clockNow(running.clock, 3500)).toBe(7500);
    const paused = from(running, { type: 'clock.told', clock_ms: 8000, running: false });
    expect(clockNow(paused.clock, 90_000)).toBe(8000);
  });

  it('are corrected by a pong without starting a clock that stands', () => {
    const room = after({ type: 'clock.told', clock_ms: 5000, running: false }, { type: 'pong', clock_ms: 5100 });
    expect(room.clock).toEqual({ ms: 5100, at: 1000, running: false });
  });

  it('end with the interview', () => {
    const room = after(
      { type: 'clock.told', clock_ms: 5000, running: true },
      { type: 'interview.ended', sequence: 9, reason: 'ended_early' },
    );
    expect(room).toMatchObject({ phase: 'ended', ended: 'ended_early', clock: { running: false } });
  });
});

describe('what is heard', () => {
  it('is the utterance that is playing', () => {
    const playing = local(initialRoomState, { kind: 'speech', utteranceId: 'u1', playing: true });
    expect(playing.speaking).toBe('u1');
    expect(local(playing, { kind: 'speech', utteranceId: 'older', playing: false }).speaking).toBe('u1');
    expect(local(playing, { kind: 'speech', utteranceId: 'u1', playing: false }).speaking).toBeNull();
  });

  it('stops at once when it is cut', () => {
    const playing = local(initialRoomState, { kind: 'speech', utteranceId: 'u1', playing: true });
    expect(from(playing, { type: 'speech.cut', utterance_id: 'u1' }).speaking).toBeNull();
    expect(from(playing, { type: 'speech.missing', utterance_id: 'u2', text: 'Hello' }).speaking).toBe('u1');
  });
});

describe('problems', () => {
  it('are shown once for each kind, the newest three, and can be put away', () => {
    const problem = (code: string): Fact => ({
      type: 'problem.told',
      code,
      message: `About ${code}`,
      retry_after_s: null,
    });
    const room = after(problem('a'), problem('b'), problem('a'), problem('c'), problem('d'));
    expect(room.problems.map((shown) => shown.code)).toEqual(['a', 'c', 'd']);
    const dismissed = local(room, { kind: 'problem.dismissed', id: room.problems[0]?.id ?? -1 });
    expect(dismissed.problems.map((shown) => shown.code)).toEqual(['c', 'd']);
  });

  it('a sign-in that is being renewed is no problem to tell', () => {
    const room = after(phaseChanged(), {
      type: 'problem.told',
      code: 'not_signed_in',
      message: 'Please sign in.',
      retry_after_s: null,
    });
    expect(room.problems).toEqual([]);
  });

  it('stop saying that no sound arrives once words have come', () => {
    const told: Fact = {
      type: 'problem.told',
      code: 'no_sound',
      message: 'No sound is reaching us.',
      retry_after_s: null,
    };
    expect(after(told).problems).toHaveLength(1);
    expect(after(told, { type: 'caption.heard', line_id: 'a', text: 'Hello' }).problems).toEqual([]);
  });

  it('do not change the phase: an error never ends an interview', () => {
    const room = after(phaseChanged(), {
      type: 'problem.told',
      code: 'voice_lost',
      message: 'Read along.',
      retry_after_s: null,
    });
    expect(room.phase).toBe('listening');
  });
});

describe('connection', () => {
  it('lost keeps everything that was said on the screen', () => {
    const before = after(welcomed(), phaseChanged(), utteranceAdded(1));
    const lost = local(before, { kind: 'connection', status: 'lost' });
    expect(lost).toEqual({ ...before, connection: 'lost' });
  });
});
