import { sequenceOf, type Fact, type Phase, type Scores, type Utterance, type Welcomed } from './messages';

/**
 * connecting: first attempt; open: welcomed and up to date; lost: will be tried again; taken_over: another tab
 * goes on with this interview; full: there is no place just now, and it will be tried again; refused: there is no such
 * interview for this person; signed_out; closed: it is over.
 */
export type ConnectionStatus =
  'connecting' | 'open' | 'lost' | 'taken_over' | 'full' | 'refused' | 'signed_out' | 'closed';

/** What is told at the door when there is no place: for nobody, or for this person, who is in others already. */
export const FULL = ['too_many_live', 'own_rooms_full'];

interface Caption {
  lineId: string;
  text: string;
}

/** One answer as it ended. Scores are null until they have been told; "not scored" is a score with a null value. */
export interface AnswerCard {
  responseId: string;
  questionId: string;
  followUpId: string | null;
  endedBy: string;
  scores: Scores | null;
}

export interface Clock {
  /** Reading of the interview clock, in ms, at the moment `at`. */
  ms: number;
  /** The page's own clock (performance.now()) when the reading came in. */
  at: number;
  running: boolean;
}

interface Problem {
  id: number;
  code: string;
  message: string;
}

export interface RoomState {
  connection: ConnectionStatus;
  /** Null until the first welcome. */
  phase: Phase | null;
  begun: boolean;
  hears: boolean;
  speaks: boolean;
  /** Our own interviewer; null until the first welcome. */
  persona: Welcomed['persona'] | null;
  /** Whose interviewer leads: our own, or a vendor's in a call. */
  ledBy: Welcomed['led_by'];
  position: number;
  planned: number;
  questionId: string | null;
  followUpId: string | null;
  clock: Clock;
  /** In the order of the transcript. */
  utterances: readonly Utterance[];
  /** The candidate's words still in flux, oldest line first. */
  captions: readonly Caption[];
  /** The utterance that is being heard just now. */
  speaking: string | null;
  answers: readonly AnswerCard[];
  ended: 'complete' | 'ended_early' | null;
  problems: readonly Problem[];
  /** Durable facts that are in this state already, so that a replay changes nothing. */
  seen: ReadonlySet<number>;
  /** Lines whose words are final: a caption that arrives late must not bring them back. */
  finishedLines: readonly string[];
  nextProblemId: number;
}

export type RoomEvent =
  | { kind: 'fact'; fact: Fact; at: number }
  | { kind: 'connection'; status: ConnectionStatus }
  | { kind: 'speech'; utteranceId: string; playing: boolean }
  | { kind: 'problem'; code: string; message: string }
  | { kind: 'problem.dismissed'; id: number };

export const initialRoomState: RoomState = {
  connection: 'connecting',
  phase: null,
  begun: false,
  hears: true,
  speaks: true,
  persona: null,
  ledBy: 'us',
  position: 0,
  planned: 0,
  questionId: null,
  followUpId: null,
  clock: { ms: 0, at: 0, running: false },
  utterances: [],
  captions: [],
  speaking: null,
  answers: [],
  ended: null,
  problems: [],
  seen: new Set(),
  finishedLines: [],
  nextProblemId: 1,
};

const REMEMBERED_LINES = 50;
const SHOWN_PROBLEMS = 3;

export function roomReducer(state: RoomState, event: RoomEvent): RoomState {
  switch (event.kind) {
    case 'fact':
      return withFact(state, event.fact, event.at);
    case 'connection':
      return state.connection === event.status ? state : { ...state, connection: event.status };
    case 'speech':
      if (event.playing) return { ...state, speaking: event.utteranceId };
      return state.speaking === event.utteranceId ? { ...state, speaking: null } : state;
    case 'problem':
      return withProblem(state, event.code, event.message);
    case 'problem.dismissed':
      return { ...state, problems: state.problems.filter((problem) => problem.id !== event.id) };
  }
}

function withFact(before: RoomState, fact: Fact, at: number): RoomState {
  const sequence = sequenceOf(fact);
  if (sequence !== null && before.seen.has(sequence)) return before;
  const state = sequence === null ? before : { ...before, seen: new Set(before.seen).add(sequence) };

  switch (fact.type) {
    case 'interview.welcomed':
      return {
        ...state,
        connection: 'open',
        phase: fact.phase,
        begun: fact.begun,
        hears: fact.hears,
        speaks: fact.speaks,
        persona: fact.persona,
        ledBy: fact.led_by,
        position: fact.position,
        planned: fact.planned,
        questionId: fact.question_id,
        followUpId: fact.follow_up_id,
        clock: { ms: fact.clock_ms, at, running: false },
        captions: [],
        problems: state.problems.filter((problem) => !FULL.includes(problem.code)),
      };
    case 'clock.told':
      return {
        ...state,
        begun: state.begun || fact.running,
        clock: { ms: fact.clock_ms, at, running: fact.running },
      };
    case 'pong':
      return { ...state, clock: { ...state.clock, ms: fact.clock_ms, at } };
    case 'phase.changed':
      return {
        ...state,
        phase: fact.phase,
        begun: state.begun || fact.phase !== 'ready',
        questionId: fact.question_id,
        followUpId: fact.follow_up_id,
        position: fact.position,
      };
    case 'utterance.added':
      return withUtterance(state, fact.utterance);
    case 'caption.heard':
      return withCaption(state, { lineId: fact.line_id, text: fact.text });
    case 'speech.cut':
      return state.speaking === fact.utterance_id ? { ...state, speaking: null } : state;
    case 'speech.missing':
      return state;
    case 'answer.ended':
      return {
        ...state,
        captions: [],
        answers: withAnswer(state.answers, fact.response_id, {
          questionId: fact.question_id,
          followUpId: fact.follow_up_id,
          endedBy: fact.ended_by,
        }),
      };
    case 'response.assessed':
      return {
        ...state,
        answers: withAnswer(state.answers, fact.response_id, {
          questionId: fact.question_id,
          followUpId: fact.follow_up_id,
          scores: fact.scores,
        }),
      };
    case 'interview.ended':
      return {
        ...state,
        phase: 'ended',
        ended: fact.reason,
        captions: [],
        clock: { ...state.clock, ms: clockNow(state.clock, at), at, running: false },
      };
    case 'avatar.changed': {
      const changed = { ...state, ledBy: fact.led_by };
      return fact.reason === '' ? changed : withProblem(changed, 'avatar_changed', fact.reason);
    }
    case 'call.steered':
      return state;
    case 'problem.told':
      // The close that follows leads to a renewal, and only if that fails is there something to tell.
      if (fact.code === 'not_signed_in') return state;
      return withProblem(state, fact.code, fact.message);
  }
}

function withUtterance(state: RoomState, utterance: Utterance): RoomState {
  const others = state.utterances.filter((known) => known.id !== utterance.id);
  const after = others.findLastIndex((known) => known.sequence <= utterance.sequence) + 1;
  const utterances = [...others.slice(0, after), utterance, ...others.slice(after)];
  if (utterance.speaker !== 'candidate' || utterance.source !== 'voice') return { ...state, utterances };

  // A line normally keeps its id when it becomes final. Where the ids differ, lines still end in the order they began.
  const byId = state.captions.findIndex((caption) => caption.lineId === utterance.id);
  const ending = state.captions[byId === -1 ? 0 : byId];
  const finished = [utterance.id, ...(ending ? [ending.lineId] : []), ...state.finishedLines];
  return {
    ...state,
    utterances,
    captions: state.captions.filter((caption) => caption !== ending),
    finishedLines: finished.slice(0, REMEMBERED_LINES),
  };
}

function withCaption(state: RoomState, caption: Caption): RoomState {
  if (state.finishedLines.includes(caption.lineId)) return state;
  const known = state.captions.some((line) => line.lineId === caption.lineId);
  const captions = known
    ? state.captions.map((line) => (line.lineId === caption.lineId ? caption : line))
    : [...state.captions, caption];
  return {
    ...state,
    captions: captions.filter((line) => line.text.trim() !== ''),
    // Words have come: what was said about missing sound is no longer true.
    problems: state.problems.filter((problem) => problem.code !== 'no_sound'),
  };
}

function withAnswer(
  answers: readonly AnswerCard[],
  responseId: string,
  told: Partial<Omit<AnswerCard, 'responseId'>> & Pick<AnswerCard, 'questionId' | 'followUpId'>,
): readonly AnswerCard[] {
  if (answers.some((answer) => answer.responseId === responseId)) {
    return answers.map((answer) => (answer.responseId === responseId ? { ...answer, ...told } : answer));
  }
  return [...answers, { responseId, endedBy: '', scores: null, ...told }];
}

function withProblem(state: RoomState, code: string, message: string): RoomState {
  const others = state.problems.filter((problem) => problem.code !== code);
  return {
    ...state,
    problems: [...others, { id: state.nextProblemId, code, message }].slice(-SHOWN_PROBLEMS),
    nextProblemId: state.nextProblemId + 1,
  };
}

/** The interview clock's reading, in ms, at the page's time `at` (performance.now()). */
export function clockNow(clock: Clock, at: number): number {
  return clock.running ? clock.ms + Math.max(0, at - clock.at) : clock.ms;
}

/** The number to come back with: every durable fact up to it is in this state. Facts told twice change nothing. */
export function seenThrough(seen: ReadonlySet<number>): number {
  let through = 0;
  while (seen.has(through + 1)) through += 1;
  return through;
}
