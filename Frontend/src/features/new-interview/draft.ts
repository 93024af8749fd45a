import type { Claim, InterviewKind, InterviewLength, Position, ProfileModel, Seniority } from '@/lib/api/types';
import { LIMITS } from '@/lib/api/limits.gen';

/** What the person has put right in what we understood. */
export interface Corrections {
  headline: string;
  skills: string[];
  experience: Position[];
  claims: Claim[];
}

export interface Draft {
  role: string;
  seniority: Seniority;
  kind: InterviewKind;
  length: InterviewLength;
  skills: string[];
  jobDescription: string;
  /** The resume that was read, or null. */
  profileId: string | null;
  withoutResume: boolean;
  pasting: boolean;
  resumeText: string;
  corrections: Corrections | null;
}

export const EMPTY_DRAFT: Draft = {
  role: '',
  seniority: 'mid',
  kind: 'mixed',
  length: 5,
  skills: [],
  jobDescription: '',
  profileId: null,
  withoutResume: false,
  pasting: false,
  resumeText: '',
  corrections: null,
};

export const STEPS = ['The role', 'Your resume', 'What we understood'] as const;

/** The furthest step that what has been entered allows. */
export function furthestStep(draft: Draft): number {
  if (draft.role.trim().length < LIMITS.minRole) return 0;
  return draft.profileId !== null || draft.withoutResume ? 2 : 1;
}

export function correctionsFrom(profile: ProfileModel): Corrections {
  return {
    headline: profile.headline,
    skills: profile.skills,
    experience: profile.experience,
    claims: profile.claims,
  };
}

/** A claim with new words keeps only those of its numbers that still stand in it. */
export function reworded(claim: Claim, text: string): Claim {
  return { ...claim, text, numbers: (claim.numbers ?? []).filter((number) => text.includes(number)) };
}
