import type { components } from '@/lib/api/schema.gen';

type Schemas = components['schemas'];

export type Phase = Schemas['PhaseChanged']['phase'];
export type Utterance = Schemas['UtteranceModel'];
export type Score = Schemas['ScoreModel'];
/** By kind, in the order in which they are shown. */
export type Scores = Readonly<Record<string, Score>>;
export type Evidence = Schemas['EvidenceModel'];
export type Welcomed = Schemas['Welcomed'];
export type SpeechHeader = Schemas['SpeechHeader'];
export type VisemeCue = Schemas['CueModel'];

/** What the page asks for, in the imperative. */
export type Wish =
  | Schemas['Begin']
  | Schemas['AnswerType']
  | Schemas['AnswerTyping']
  | Schemas['AnswerDone']
  | Schemas['ThinkingHold']
  | Schemas['QuestionRepeat']
  | Schemas['QuestionSkip']
  | Schemas['Pause']
  | Schemas['Resume']
  | Schemas['End']
  | Schemas['MicrophoneSet']
  | Schemas['SpeechStarted']
  | Schemas['SpeechFinished']
  | Schemas['CallJoined']
  | Schemas['CallSaid']
  | Schemas['CallSpeaking']
  | Schemas['CallLost']
  | Schemas['AvatarSwitch']
  | Schemas['Ping'];

/** What has happened, in the past tense. */
export type Fact =
  | Welcomed
  | Schemas['ClockTold']
  | Schemas['PhaseChanged']
  | Schemas['UtteranceAdded']
  | Schemas['CaptionHeard']
  | Schemas['SpeechCut']
  | Schemas['SpeechMissing']
  | Schemas['AnswerEnded']
  | Schemas['ResponseAssessed']
  | Schemas['InterviewEnded']
  | Schemas['CallSteered']
  | Schemas['AvatarChanged']
  | Schemas['ProblemTold']
  | Schemas['Pong'];

type FactType = Fact['type'];

const FACT_TYPES: Record<FactType, true> = {
  'interview.welcomed': true,
  'clock.told': true,
  'phase.changed': true,
  'utterance.added': true,
  'caption.heard': true,
  'speech.cut': true,
  'speech.missing': true,
  'answer.ended': true,
  'response.assessed': true,
  'interview.ended': true,
  'call.steered': true,
  'avatar.changed': true,
  'problem.told': true,
  pong: true,
};

/**
 * The fact in a text frame, or null when the frame is no fact this page knows: a newer server may tell more
 * than an older, still open page understands, and that must not end the interview.
 */
export function readFact(frame: string): Fact | null {
  let message: unknown;
  try {
    message = JSON.parse(frame);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  const { type } = message;
  return typeof type === 'string' && Object.hasOwn(FACT_TYPES, type) ? (message as Fact) : null;
}

/** The number of a durable fact, null for a passing one. */
export function sequenceOf(fact: Fact): number | null {
  return 'sequence' in fact ? fact.sequence : null;
}
