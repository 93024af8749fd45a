import type { Fact, Score, Utterance, Welcomed } from './messages';

type Of<T extends Fact['type']> = Extract<Fact, { type: T }>;

export function welcomed(changes: Partial<Welcomed> = {}): Welcomed {
  return {
    type: 'interview.welcomed',
    phase: 'ready',
    clock_ms: 0,
    question_id: null,
    follow_up_id: null,
    position: 0,
    planned: 5,
    begun: false,
    hears: true,
    speaks: true,
    recording_take: 0,
    persona: { name: 'Maya', face: 'maya' },
    led_by: 'us',
    last_sequence: 0,
    ...changes,
  };
}

export function utterance(changes: Partial<Utterance> = {}): Utterance {
  return {
    id: 'u1',
    sequence: 1,
    speaker: 'candidate',
    kind: 'answer',
    text: 'I led the move to one order service.',
    start_ms: 1000,
    end_ms: 4000,
    video_ms: null,
    source: 'voice',
    question_id: 'q1',
    follow_up_id: null,
    response_id: 'r1',
    ...changes,
  };
}

export function utteranceAdded(sequence: number, changes: Partial<Utterance> = {}): Of<'utterance.added'> {
  return { type: 'utterance.added', sequence, utterance: utterance({ id: `u${sequence}`, sequence, ...changes }) };
}

export function phaseChanged(changes: Partial<Of<'phase.changed'>> = {}): Of<'phase.changed'> {
  return { type: 'phase.changed', phase: 'listening', question_id: 'q1', follow_up_id: null, position: 0, ...changes };
}

export function score(value: number | null, reason = '', label = 'Relevance'): Score {
  const message = (text: string) => ({ code: 'verbatim', params: { text } });
  return {
    label,
    label_message: message(label),
    meaning: '',
    meaning_message: message(''),
    value,
    reason,
    reason_message: reason ? message(reason) : null,
    evidence: [],
    parts: [],
  };
}

export function answerEnded(sequence: number, changes: Partial<Of<'answer.ended'>> = {}): Of<'answer.ended'> {
  return {
    type: 'answer.ended',
    sequence,
    response_id: 'r1',
    question_id: 'q1',
    follow_up_id: null,
    ended_by: 'silence',
    silence_ms: 900,
    ...changes,
  };
}

export function responseAssessed(
  sequence: number,
  changes: Partial<Of<'response.assessed'>> = {},
): Of<'response.assessed'> {
  return {
    type: 'response.assessed',
    sequence,
    response_id: 'r1',
    question_id: 'q1',
    follow_up_id: null,
    scores: { relevance: score(82), confidence: score(74, '', 'Confidence') },
    ...changes,
  };
}
