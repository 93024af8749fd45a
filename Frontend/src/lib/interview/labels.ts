import type { InterviewStatus, QuestionKind, Seniority } from '@/lib/api/types';
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

export const KIND_WORDS: Record<QuestionKind, () => string> = {
  project: m.lib_kind_project,
  decision: m.lib_kind_decision,
  conflict: m.lib_kind_conflict,
  gap: m.lib_kind_gap,
  skill: m.lib_kind_skill,
  motivation: m.lib_kind_motivation,
};

export const STATUS_WORDS: Record<InterviewStatus, { word: () => string; tone: Tone }> = {
  preparing: { word: m.lib_status_preparing, tone: 'accent' },
  scheduled: { word: m.lib_status_scheduled, tone: 'accent' },
  in_progress: { word: m.lib_status_in_progress, tone: 'warn' },
  processing: { word: m.lib_status_processing, tone: 'accent' },
  completed: { word: m.lib_status_completed, tone: 'good' },
  failed: { word: m.lib_status_failed, tone: 'bad' },
  abandoned: { word: m.lib_status_abandoned, tone: 'warn' },
};
