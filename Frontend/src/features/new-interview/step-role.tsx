import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { SENIORITY_WORDS } from '@/lib/interview/labels';
import { Button } from '@/ui/button';
import { ChipsInput } from '@/ui/chips-input';
import { Choices } from '@/ui/choices';
import { Combobox } from '@/ui/combobox';
import { TextArea } from '@/ui/field';
import type { Seniority } from '@/lib/api/types';
import { rolesQuery } from './api';
import type { Draft } from './draft';

const SENIORITIES: readonly Seniority[] = ['student', 'junior', 'mid', 'senior', 'lead'];

interface StepRoleProps {
  draft: Draft;
  patch: (change: Partial<Draft>) => void;
  onNext: () => void;
}

export function StepRole({ draft, patch, onNext }: StepRoleProps) {
  // Suggestions are a convenience: without them the field takes any text all the same.
  const { data: suggestions } = useQuery(rolesQuery);
  const [missing, setMissing] = useState(false);
  const [showJob, setShowJob] = useState(draft.jobDescription !== '');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.role.trim().length < 2) {
      setMissing(true);
      return;
    }
    onNext();
  };

  return (
    <form onSubmit={submit} className="grid gap-7" noValidate>
      <Combobox
        label="Which role are you preparing for?"
        placeholder="Nurse, backend engineer, shift manager…"
        value={draft.role}
        required
        maxLength={120}
        options={suggestions?.roles ?? []}
        error={missing && draft.role.trim().length < 2 ? 'Tell us the role; two letters are enough to begin.' : null}
        onChange={(role) => patch({ role })}
      />
      <Choices
        legend="At which level?"
        value={draft.seniority}
        choices={SENIORITIES.map((value) => ({ value, label: SENIORITY_WORDS[value] }))}
        onChange={(seniority) => patch({ seniority })}
      />
      <ChipsInput
        label="Skills you want to be asked about"
        optional
        hint="Press Enter after each one."
        placeholder="Triage, negotiation, PostgreSQL…"
        value={draft.skills}
        most={40}
        longest={80}
        onChange={(skills) => patch({ skills })}
      />
      {showJob ? (
        <TextArea
          label="Job description"
          optional
          hint="Paste the advert. The questions will take it into account."
          maxLength={20_000}
          rows={7}
          value={draft.jobDescription}
          onChange={(event) => patch({ jobDescription: event.target.value })}
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
