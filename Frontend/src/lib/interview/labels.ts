import type { InterviewStatus, QuestionKind, Seniority } from '@/lib/api/types';
/** Fits the tones of a pill; what is drawn is not known here. */
type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

export const SENIORITY_WORDS: Record<Seniority, string> = {
  student: 'Student',
  junior: 'Junior',
  mid: 'Mid-level',
  senior: 'Senior',
  lead: 'Lead',
};

export const KIND_WORDS: Record<QuestionKind, string> = {
  project: 'A project',
  decision: 'A decision',
  conflict: 'A conflict',
  gap: 'A gap to explain',
  skill: 'A skill',
  motivation: 'Motivation',
};

export const STATUS_WORDS: Record<InterviewStatus, { word: string; tone: Tone }> = {
  preparing: { word: 'Preparing', tone: 'accent' },
  scheduled: { word: 'Ready', tone: 'accent' },
  in_progress: { word: 'Cut short', tone: 'warn' },
  processing: { word: 'Being reviewed', tone: 'accent' },
  completed: { word: 'Completed', tone: 'good' },
  failed: { word: 'Did not work', tone: 'bad' },
  abandoned: { word: 'Left unfinished', tone: 'warn' },
};
