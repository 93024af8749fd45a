import { ArrowLeft } from 'lucide-react';
import { AnimatePresence, LazyMotion, MotionConfig, domAnimation } from 'motion/react';
import * as m from 'motion/react-m';
import { useEffect, useRef } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import type { NewInterview, ProfileModel } from '@/lib/api/types';
import { useMe } from '@/lib/auth/auth-context';
import { useDraft } from '@/lib/drafts';
import { useCreation } from './api';
import { EMPTY_DRAFT, STEPS, furthestStep, type Corrections, type Draft } from './draft';
import { StepResume } from './step-resume';
import { StepRole } from './step-role';
import { StepProfile } from './step-profile';

const LEADS = [
  'The interviewer will ask as if you had applied for it.',
  'The questions start from what you have really done. You can check everything before they are made.',
  'Put right what we got wrong. It only changes what we ask.',
];

/** Rows that were added and left empty are no facts. */
function cleaned(corrections: Corrections): Corrections {
  return {
    headline: corrections.headline.trim(),
    skills: corrections.skills,
    experience: corrections.experience.filter((one) => one.title.trim() || one.organisation?.trim()),
    claims: corrections.claims.filter((one) => one.text.trim()),
  };
}

function wishFrom(draft: Draft): NewInterview {
  return {
    role: draft.role.trim(),
    seniority: draft.seniority,
    kind: draft.kind,
    length: draft.length,
    skills: draft.skills,
    job_description: draft.jobDescription.trim(),
    profile_id: draft.withoutResume ? null : draft.profileId,
  };
}

export function Component() {
  const me = useMe();
  const navigate = useNavigate();
  const { draft, patch, discard } = useDraft(me.id, 'new-interview', EMPTY_DRAFT);
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get('step') ?? '1') - 1;
  const step = Math.max(0, Math.min(Number.isInteger(asked) ? asked : 0, furthestStep(draft)));
  const creation = useCreation();

  const heading = useRef<HTMLHeadingElement>(null);
  const shownStep = useRef(step);
  useEffect(() => {
    if (shownStep.current === step) return;
    shownStep.current = step;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [step]);

  const go = (to: number) => setSearch({ step: String(to + 1) });

  const takeProfile = (profile: ProfileModel) => {
    patch({ profileId: profile.id, withoutResume: false, corrections: null });
    go(2);
  };

  const create = () => {
    const { corrections, profileId, withoutResume } = draft;
    creation.mutate(
      {
        interview: wishFrom(draft),
        correction: corrections && profileId && !withoutResume ? { profileId, profile: cleaned(corrections) } : null,
      },
      {
        onSuccess: ({ id }) => {
          discard();
          void navigate(`/interviews/${id}`, { replace: true });
        },
      },
    );
  };

  return (
    <div className="page-narrow">
      <title>New interview · InterviewDost</title>
      <ol aria-label="Steps" className="mb-8 flex gap-2">
        {STEPS.map((name, index) => (
          <li
            key={name}
            aria-current={index === step ? 'step' : undefined}
            className={classNames(
              'h-1.5 flex-1 rounded-full transition-colors duration-300',
              index <= step ? 'bg-accent' : 'bg-line',
            )}
          >
            <span className="sr-only">{name}</span>
          </li>
        ))}
      </ol>
      <div className="mb-8 flex items-start justify-between gap-4">
        <div>
          <p className="text-label text-accent">Step {step + 1} of 3</p>
          <h1 ref={heading} tabIndex={-1} className="mt-1 text-title outline-none">
            {STEPS[step]}
          </h1>
          <p className="mt-1.5 text-ink-soft">{LEADS[step]}</p>
        </div>
        {step > 0 && (
          <Button variant="ghost" size="small" onClick={() => go(step - 1)}>
            <ArrowLeft aria-hidden /> Back
          </Button>
        )}
      </div>
      <LazyMotion features={domAnimation} strict>
        <MotionConfig reducedMotion="user">
          <AnimatePresence mode="wait" initial={false}>
            <m.div
              key={step}
              initial={{ opacity: 0, x: 16 }}
              animate={{ opacity: 1, x: 0 }}
              exit={{ opacity: 0, x: -16 }}
              transition={{ duration: 0.18 }}
            >
              {step === 0 && <StepRole draft={draft} patch={patch} onNext={() => go(1)} />}
              {step === 1 && (
                <StepResume
                  draft={draft}
                  patch={patch}
                  onRead={takeProfile}
                  onNext={() => {
                    patch({ withoutResume: false });
                    go(2);
                  }}
                  onWithout={() => {
                    patch({ withoutResume: true });
                    go(2);
                  }}
                />
              )}
              {step === 2 && (
                <StepProfile
                  draft={draft.withoutResume ? { ...draft, profileId: null } : draft}
                  patch={patch}
                  // From the answer until the questions' page is there, one press is enough.
                  busy={creation.isPending || creation.isSuccess}
                  problem={creation.error}
                  onCreate={create}
                />
              )}
            </m.div>
          </AnimatePresence>
        </MotionConfig>
      </LazyMotion>
    </div>
  );
}
