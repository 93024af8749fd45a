import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '@/ui/button';
import { TextArea } from '@/ui/field';
import type { Claim } from '@/lib/api/types';
import { LIMITS } from '@/lib/api/limits.gen';
import { reworded } from './draft';
import { splitAtNumbers } from './number-marks';

const MOST = 120;
const FIRST = 6;

interface ClaimsProps {
  value: readonly Claim[];
  onChange: (value: Claim[]) => void;
}

/** What the resume says was done; the questions start from these. Numbers stand out, since they will be asked about. */
export function Claims({ value, onChange }: ClaimsProps) {
  const [editing, setEditing] = useState<number | null>(null);
  const [all, setAll] = useState(false);
  const shown = all ? value : value.slice(0, FIRST);
  return (
    <section aria-labelledby="claims-title">
      <h3 id="claims-title" className="text-label">
        What you did
      </h3>
      <p className="text-sm text-ink-faint">
        The questions start from these. Take out what you would rather not talk about.
      </p>
      {value.length === 0 && (
        <p className="mt-2 text-ink-soft">Nothing found. Add one or two things you are proud of.</p>
      )}
      <ul className="mt-2 grid gap-2">
        {shown.map((claim, index) => (
          <li key={index} className="rounded-xl border border-line bg-surface px-4 py-3">
            {editing === index ? (
              <div className="grid gap-3">
                <TextArea
                  label="What you did"
                  rows={3}
                  maxLength={LIMITS.maxClaim}
                  value={claim.text}
                  onChange={(event) =>
                    onChange(value.map((one, at) => (at === index ? reworded(one, event.target.value) : one)))
                  }
                />
                <Button
                  size="small"
                  variant="secondary"
                  className="justify-self-start"
                  onClick={() => {
                    if (!claim.text.trim()) onChange(value.filter((_, at) => at !== index));
                    setEditing(null);
                  }}
                >
                  Done
                </Button>
              </div>
            ) : (
              <div className="flex items-start gap-2">
                <div className="min-w-0 flex-1">
                  <p>
                    {splitAtNumbers(claim.text, claim.numbers ?? []).map((part, at) =>
                      part.marked ? (
                        <mark key={at} className="rounded bg-accent-soft px-1 font-semibold text-accent-strong">
                          {part.text}
                        </mark>
                      ) : (
                        <span key={at}>{part.text}</span>
                      ),
                    )}
                  </p>
                  <p className="text-sm text-ink-faint">
                    {[claim.title, claim.organisation, claim.period].filter(Boolean).join(', ')}
                  </p>
                </div>
                <IconButton label="Change this" size="small" onClick={() => setEditing(index)}>
                  <Pencil aria-hidden />
                </IconButton>
                <IconButton
                  label="Remove this"
                  size="small"
                  onClick={() => onChange(value.filter((_, at) => at !== index))}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              </div>
            )}
          </li>
        ))}
      </ul>
      <div className="mt-1 flex flex-wrap gap-2">
        {value.length > FIRST && (
          <Button variant="ghost" size="small" className="-ml-3" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${value.length}`}
          </Button>
        )}
        {value.length < MOST && (
          <Button
            variant="quiet"
            size="small"
            className={value.length > FIRST ? undefined : '-ml-3'}
            onClick={() => {
              onChange([...value, { text: '', organisation: '', title: '', period: '', numbers: [], skills: [] }]);
              setAll(true);
              setEditing(value.length);
            }}
          >
            <Plus aria-hidden /> Add
          </Button>
        )}
      </div>
    </section>
  );
}
