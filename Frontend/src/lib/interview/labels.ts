import type {
  InterviewKind,
  InterviewLength,
  InterviewStatus,
  QuestionForm,
  QuestionKind,
  Seniority,
} from '@/lib/api/types';
import { m } from '@/lib/messages';
/** Fits the tones of a pill; what is drawn is not known here. */
type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

export const SENIORITY_WORDS: Record<Seniority, () => string> = {
  student: m.lib_seniority_student,
  junior: m.lib_seniority_junior,
  mid: m.lib_seniority_mid,
  senior: m.lib_seniority_senior,
  lead: m.lib_seniority_lead,
};

const KIND_WORDS: Record<QuestionKind, () => string> = {
  project: m.lib_kind_project,
  decision: m.lib_kind_decision,
  conflict: m.lib_kind_conflict,
  gap: m.lib_kind_gap,
  skill: m.lib_kind_skill,
  motivation: m.lib_kind_motivation,
};

const FORM_WORDS: Record<QuestionForm, () => string> = {
  opener: m.lib_form_opener,
  knowledge: m.lib_form_knowledge,
  story: m.lib_form_story,
  situation: m.lib_form_situation,
  closing: m.lib_form_closing,
};

export const INTERVIEW_KIND_WORDS: Record<InterviewKind, () => string> = {
  mixed: m.lib_interview_kind_mixed,
  behavioural: m.lib_interview_kind_behavioural,
  technical: m.lib_interview_kind_technical,
  screening: m.lib_interview_kind_screening,
  case: m.lib_interview_kind_case,
};

export const INTERVIEW_LENGTH_WORDS: Record<InterviewLength, () => string> = {
  3: m.lib_interview_length_3,
  5: m.lib_interview_length_5,
  8: m.lib_interview_length_8,
};

/** What a question is for: by its place in the interview, or by its kind where it has none. */
export const questionWord = (form: QuestionForm | null, kind: QuestionKind): string =>
  form ? FORM_WORDS[form]() : KIND_WORDS[kind]();

export const STATUS_WORDS: Record<InterviewStatus, { word: () => string; tone: Tone }> = {
  preparing: { word: m.lib_status_preparing, tone: 'accent' },
  scheduled: { word: m.lib_status_scheduled, tone: 'accent' },
  in_progress: { word: m.lib_status_in_progress, tone: 'warn' },
  processing: { word: m.lib_status_processing, tone: 'accent' },
  completed: { word: m.lib_status_completed, tone: 'good' },
  failed: { word: m.lib_status_failed, tone: 'bad' },
  abandoned: { word: m.lib_status_abandoned, tone: 'warn' },
};
