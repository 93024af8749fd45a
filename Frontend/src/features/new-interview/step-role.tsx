import { valibotResolver } from '@hookform/resolvers/valibot';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import * as v from 'valibot';
import { INTERVIEW_KIND_WORDS, INTERVIEW_LENGTH_WORDS, SENIORITY_WORDS } from '@/lib/interview/labels';
import { m } from '@/lib/messages';
import { Button } from '@/ui/button';
import { ChipsInput } from '@/ui/chips-input';
import { Choices } from '@/ui/choices';
import { Combobox } from '@/ui/combobox';
import { TextArea } from '@/ui/field';
import type { InterviewKind, InterviewLength, Seniority } from '@/lib/api/types';
import { LIMITS } from '@/lib/api/limits.gen';
import { rolesQuery } from './api';
import type { Draft } from './draft';

const SENIORITIES: readonly Seniority[] = ['student', 'junior', 'mid', 'senior', 'lead'];
const KINDS: readonly InterviewKind[] = ['mixed', 'behavioural', 'technical', 'screening', 'case'];
const LENGTHS: readonly InterviewLength[] = [3, 5, 8];

const schema = v.object({
  role: v.pipe(
    v.string(),
    v.check((role) => role.trim().length >= 2, 'Tell us the role; two letters are enough to begin.'),
  ),
  seniority: v.picklist(SENIORITIES),
  kind: v.picklist(KINDS),
  length: v.picklist(LENGTHS),
  skills: v.array(v.string()),
  jobDescription: v.string(),
});

interface StepRoleProps {
  draft: Draft;
  patch: (change: Partial<Draft>) => void;
  onNext: () => void;
}

export function StepRole({ draft, patch, onNext }: StepRoleProps) {
  // Suggestions are a convenience: without them the field takes any text all the same.
  const { data: suggestions } = useQuery(rolesQuery);
  const { register, control, handleSubmit, subscribe, formState } = useForm({
    resolver: valibotResolver(schema),
    defaultValues: {
      role: draft.role,
      seniority: draft.seniority,
      kind: draft.kind,
      length: draft.length,
      skills: draft.skills,
      jobDescription: draft.jobDescription,
    },
  });
  // Every letter is kept, so that a closed tab loses none.
  useEffect(
    () => subscribe({ formState: { values: true }, callback: ({ values }) => patch(values) }),
    [subscribe, patch],
  );
  const [showJob, setShowJob] = useState(draft.jobDescription !== '');

  return (
    <form onSubmit={handleSubmit(onNext)} className="grid gap-7" noValidate>
      <Controller
        control={control}
        name="role"
        render={({ field }) => (
          <Combobox
            label="Which role are you preparing for?"
            placeholder="Nurse, backend engineer, shift manager…"
            value={field.value}
            required
            maxLength={LIMITS.maxRole}
            options={suggestions?.roles ?? []}
            error={formState.errors.role?.message}
            onChange={field.onChange}
          />
        )}
      />
      <Controller
        control={control}
        name="seniority"
        render={({ field }) => (
          <Choices
            legend="At which level?"
            value={field.value}
            choices={SENIORITIES.map((value) => ({ value, label: SENIORITY_WORDS[value]() }))}
            onChange={field.onChange}
          />
        )}
      />
      <Controller
        control={control}
        name="skills"
        render={({ field }) => (
          <ChipsInput
            label="Skills you want to be asked about"
            optional
            hint="Press Enter after each one."
            placeholder="Triage, negotiation, PostgreSQL…"
            value={field.value}
            most={LIMITS.maxSkills}
            longest={LIMITS.maxSkill}
            onChange={field.onChange}
          />
        )}
      />
      <Controller
        control={control}
        name="kind"
        render={({ field }) => (
          <Choices
            legend={m.lib_interview_kind()}
            value={field.value}
            choices={KINDS.map((value) => ({ value, label: INTERVIEW_KIND_WORDS[value]() }))}
            onChange={field.onChange}
          />
        )}
      />
      <Controller
        control={control}
        name="length"
        render={({ field }) => (
          <Choices
            legend={m.lib_interview_length()}
            value={field.value}
            choices={LENGTHS.map((value) => ({ value, label: INTERVIEW_LENGTH_WORDS[value]() }))}
            onChange={field.onChange}
          />
        )}
      />
      {showJob ? (
        <TextArea
          label="Job description"
          optional
          hint="Paste the advert. The questions will take it into account."
          maxLength={LIMITS.maxJobDescription}
          rows={7}
          {...register('jobDescription')}
        />
      ) : (
        <Button variant="quiet" className="-ml-4 justify-self-start" onClick={() => setShowJob(true)}>
          + Add a job description
        </Button>
      )}
      <Button type="submit" size="large" className="justify-self-start max-sm:w-full">
        Continue <ArrowRight aria-hidden />
      </Button>
    </form>
  );
}
