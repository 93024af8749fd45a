import { useQuery } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import { Button } from '@/ui/button';
import { ChipsInput } from '@/ui/chips-input';
import { TextField } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorState, Loading, Skeleton } from '@/ui/states';
import { wordsFor } from '@/lib/api/problem';
import type { ProfileModel } from '@/lib/api/types';
import { plural } from '@/lib/format';
import { LIMITS } from '@/lib/api/limits.gen';
import { profileQuery } from './api';
import { Claims } from './claims';
import { correctionsFrom, type Corrections, type Draft } from './draft';
import { Experience } from './experience';

interface UnderstoodProps {
  profile: ProfileModel;
  corrections: Corrections;
  onChange: (corrections: Corrections) => void;
}

function Understood({ profile, corrections, onChange }: UnderstoodProps) {
  const change = (part: Partial<Corrections>) => onChange({ ...corrections, ...part });
  return (
    <div className="grid gap-8">
      {profile.warnings.map((warning) => (
        <Notice key={warning.code} tone="warn">
          {warning.message}
        </Notice>
      ))}
      <TextField
        label="In one line"
        maxLength={LIMITS.maxHeadline}
        value={corrections.headline}
        hint={
          profile.years_of_experience === null
            ? undefined
            : `About ${plural(profile.years_of_experience, 'year')} of experience, by the dates we found.`
        }
        onChange={(event) => change({ headline: event.target.value })}
      />
      <ChipsInput
        label="Skills"
        value={corrections.skills}
        most={LIMITS.maxProfileSkills}
        longest={LIMITS.maxSkill}
        placeholder="None found. Add the ones that matter."
        onChange={(skills) => change({ skills })}
      />
      <Experience value={corrections.experience} onChange={(experience) => change({ experience })} />
      <Claims value={corrections.claims} onChange={(claims) => change({ claims })} />
    </div>
  );
}

interface StepProfileProps {
  draft: Draft;
  patch: (change: Partial<Draft>) => void;
  busy: boolean;
  problem: unknown;
  onCreate: () => void;
}

export function StepProfile({ draft, patch, busy, problem, onCreate }: StepProfileProps) {
  const { data: profile, error, refetch } = useQuery(profileQuery(draft.profileId));

  if (profile === undefined) {
    if (error)
      return <ErrorState title="What we understood could not be loaded" error={error} onRetry={() => void refetch()} />;
    return (
      <Loading label="Loading what we understood">
        <div className="grid gap-4">
          <Skeleton className="h-12" />
          <Skeleton className="h-28" />
          <Skeleton className="h-40" />
        </div>
      </Loading>
    );
  }
  return (
    <div className="grid gap-8">
      {profile ? (
        <Understood
          profile={profile}
          corrections={draft.corrections ?? correctionsFrom(profile)}
          onChange={(corrections) => patch({ corrections })}
        />
      ) : (
        <Notice announce={false} title="Without a resume">
          The questions will start from the role{draft.skills.length > 0 ? ', your skills' : ''}
          {draft.jobDescription ? ' and the job description' : ''}. With a resume they would start from what you did.
        </Notice>
      )}
      {problem !== null && (
        <Notice tone="bad" title="Your questions could not be made yet">
          {wordsFor(problem)} Everything you entered is still here.
        </Notice>
      )}
      <Button size="large" busy={busy} className="justify-self-start max-sm:w-full" onClick={onCreate}>
        <Sparkles aria-hidden /> Make my questions
      </Button>
    </div>
  );
}
