/** Valid objects of the wire; a test changes the one thing it is about. */
import type {
  VideoPart,
  InterviewDetail,
  InterviewSummary,
  Overall,
  Me,
  ProfileModel,
  QuestionResult,
  ResponseModel,
  Results,
  Score,
  Utterance,
} from '@/lib/api/types';

export function me(change: Partial<Me> = {}): Me {
  return {
    id: 'user-1',
    email: 'asha@example.org',
    name: 'Asha Verma',
    role: 'candidate',
    profile_summary: '',
    created_at: '2026-11-01T10:00:00Z',
    ...change,
  };
}

export function profile(change: Partial<ProfileModel> = {}): ProfileModel {
  return {
    id: 'profile-1',
    source: 'pdf',
    filename: 'asha.pdf',
    headline: 'Ward nurse',
    skills: ['Triage'],
    experience: [{ title: 'Charge nurse', organisation: 'City Hospital', start: '2019', end: 'present', kind: 'job' }],
    claims: [
      {
        text: 'Cut falls by 30% on a ward of 24 beds',
        organisation: 'City Hospital',
        title: 'Charge nurse',
        period: '2019',
        numbers: ['30%', '24'],
        skills: [],
      },
    ],
    years_of_experience: 7,
    language: 'en',
    warnings: [],
    created_at: '2026-11-20T10:00:00Z',
    ...change,
  };
}

export function summary(change: Partial<InterviewSummary> = {}): InterviewSummary {
  return {
    id: 'interview-1',
    role: 'Ward nurse',
    seniority: 'mid',
    kind: 'mixed',
    length: 5,
    status: 'scheduled',
    failure: '',
    overall_score: null,
    scores: {},
    answered: 0,
    planned: 5,
    created_at: '2026-11-20T10:00:00Z',
    started_at: null,
    ended_at: null,
    ...change,
  };
}

export function detail(change: Partial<InterviewDetail> = {}): InterviewDetail {
  return {
    ...summary(),
    skills: [],
    job_description: '',
    profile_id: null,
    consented_at: null,
    recording_url: '',
    transcript_url: '',
    questions: ['first', 'second', 'third'].map((name, position) => ({
      id: name,
      position,
      kind: 'project',
      form: null,
      text: `The ${name} question?`,
      why: '',
      grounding: '',
      key_points: [{ text: `A point of the ${name}`, examples: [] }],
    })),
    requirements: [],
    ...change,
  };
}

/** A text as the server sends what it was made from. */
function message(text: string) {
  return { code: 'verbatim', params: { text } };
}

export function score(change: Partial<Score> = {}): Score {
  const label = change.label ?? 'Relevance';
  return {
    label,
    label_message: message(label),
    meaning: 'What it means.',
    meaning_message: message('What it means.'),
    value: 80,
    reason: '',
    reason_message: null,
    evidence: [],
    parts: [],
    ...change,
  };
}

export function scoreNumber(label: string, value: number | null): QuestionResult['scores'][string] {
  return { label, label_message: message(label), value };
}

/** Scores by kind, each with its number alone. */
export function scoreNumbers(relevance: number | null, confidence: number | null): QuestionResult['scores'] {
  return { relevance: scoreNumber('Relevance', relevance), confidence: scoreNumber('Confidence', confidence) };
}

export function scorePart(label: string, points: number, outOf: number, note: string): Score['parts'][number] {
  return {
    kind: 'part',
    label,
    label_message: message(label),
    points,
    out_of: outOf,
    note,
    note_message: message(note),
  };
}

export function overall(change: Partial<Overall> = {}): Overall {
  return {
    value: 80,
    reason: '',
    reason_message: null,
    scores: scoreNumbers(80, 80),
    parts: [],
    explanation: 'The mean of all.',
    explanation_messages: [message('The mean of all.')],
    ...change,
  };
}

export function utterance(change: Partial<Utterance> = {}): Utterance {
  return {
    id: 'line-1',
    sequence: 1,
    speaker: 'candidate',
    kind: 'answer',
    text: 'I called the team.',
    start_ms: 1000,
    end_ms: 3000,
    video_ms: 1000,
    source: 'voice',
    question_id: 'first',
    follow_up_id: null,
    response_id: 'response-1',
    ...change,
  };
}

export function response(change: Partial<ResponseModel> = {}): ResponseModel {
  return {
    id: 'response-1',
    question_id: 'first',
    follow_up_id: null,
    follow_up_text: null,
    attempt: 1,
    typed: false,
    skipped: false,
    text: 'I called the team.',
    start_ms: 1000,
    end_ms: 3000,
    video_ms: 1000,
    scores: { relevance: score(), confidence: score({ label: 'Confidence' }) },
    measurements: [],
    judged_by: null,
    ...change,
  };
}

export function questionResult(change: Partial<QuestionResult> = {}): QuestionResult {
  return {
    id: 'first',
    position: 0,
    kind: 'project',
    form: null,
    text: 'The first question?',
    why: '',
    key_points: [],
    asked: true,
    video_ms: 500,
    scores: scoreNumbers(80, 80),
    not_scored_reason: '',
    not_scored_message: null,
    responses: [response()],
    went_well: [],
    went_well_messages: [],
    covered: [],
    covered_messages: [],
    missed: [],
    better_answer: '',
    better_answer_messages: [],
    suggestions: [],
    suggestions_messages: [],
    ...change,
  };
}

export function videoPart(change: Partial<VideoPart> = {}): VideoPart {
  return {
    url: '/api/interviews/interview-1/recording/video',
    poster_url: '/api/interviews/interview-1/recording/poster.jpg',
    captions_url: '/api/interviews/interview-1/recording/captions.vtt',
    chapters_url: '/api/interviews/interview-1/recording/chapters.vtt',
    mime_type: 'video/webm',
    has_video: true,
    start_ms: 0,
    duration_ms: 60_000,
    ...change,
  };
}

export function results(change: Partial<Results> = {}): Results {
  return {
    interview_id: 'interview-1',
    role: 'Ward nurse',
    status: 'completed',
    failure: '',
    started_at: '2026-11-20T10:00:00Z',
    ended_at: '2026-11-20T10:10:00Z',
    cut_short: false,
    planned_by: null,
    vendor_names: {},
    written_by: null,
    overall: overall(),
    summary: 'A clear talk.',
    summary_messages: [message('A clear talk.')],
    strengths: ['You named the numbers.'],
    strengths_messages: [message('You named the numbers.')],
    suggestions: [],
    suggestions_messages: [],
    questions: [questionResult()],
    transcript: [utterance()],
    video: {
      status: 'ready',
      parts: [videoPart()],
      duration_ms: 60_000,
      has_video: true,
    },
    ...change,
  };
}
