import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '@/ui/button';
import { TextField } from '@/ui/field';
import type { Position } from '@/lib/api/types';
import { LIMITS } from '@/lib/api/limits.gen';

const MOST = 40;

function span(position: Position): string {
  return [position.start, position.end].filter(Boolean).join(' – ');
}

interface ExperienceProps {
  value: readonly Position[];
  onChange: (value: Position[]) => void;
}

export function Experience({ value, onChange }: ExperienceProps) {
  const [editing, setEditing] = useState<number | null>(null);
  const set = (index: number, change: Partial<Position>) =>
    onChange(value.map((one, at) => (at === index ? { ...one, ...change } : one)));
  const remove = (index: number) => {
    onChange(value.filter((_, at) => at !== index));
    setEditing(null);
  };
  return (
    <section aria-labelledby="experience-title">
      <h3 id="experience-title" className="text-label">
        Experience
      </h3>
      {value.length === 0 && (
        <p className="mt-1 text-ink-soft">None found. Add a post, a course or a project if you like.</p>
      )}
      <ul className="mt-2 grid gap-2">
        {value.map((position, index) => (
          <li key={index} className="rounded-xl border border-line bg-surface px-4 py-3">
            {editing === index ? (
              <div className="grid gap-3 sm:grid-cols-2">
                <TextField
                  label="Title"
                  maxLength={LIMITS.maxTitle}
                  value={position.title}
                  onChange={(event) => set(index, { title: event.target.value })}
                />
                <TextField
                  label="Where"
                  maxLength={LIMITS.maxOrganisation}
                  value={position.organisation ?? ''}
                  onChange={(event) => set(index, { organisation: event.target.value })}
                />
                <TextField
                  label="From"
                  maxLength={LIMITS.maxDate}
                  value={position.start ?? ''}
                  onChange={(event) => set(index, { start: event.target.value })}
                />
                <TextField
                  label="To"
                  maxLength={LIMITS.maxDate}
                  value={position.end ?? ''}
                  onChange={(event) => set(index, { end: event.target.value })}
                />
                <Button
                  size="small"
                  variant="secondary"
                  className="justify-self-start"
                  onClick={() => setEditing(null)}
                >
                  Done
                </Button>
              </div>
            ) : (
              <div className="flex items-center gap-2">
                <div className="min-w-0 flex-1">
                  <p className="font-medium">{position.title || 'No title yet'}</p>
                  <p className="text-sm text-ink-faint">
                    {[position.organisation, span(position)].filter(Boolean).join(', ')}
                  </p>
                </div>
                <IconButton label={`Change ${position.title}`} size="small" onClick={() => setEditing(index)}>
                  <Pencil aria-hidden />
                </IconButton>
                <IconButton label={`Remove ${position.title}`} size="small" onClick={() => remove(index)}>
                  <Trash2 aria-hidden />
                </IconButton>
              </div>
            )}
          </li>
        ))}
      </ul>
      {value.length < MOST && (
        <Button
          variant="quiet"
          size="small"
          className="mt-1 -ml-3"
          onClick={() => {
            onChange([...value, { title: '', organisation: '', start: '', end: '', kind: 'job' }]);
            setEditing(value.length);
          }}
        >
          <Plus aria-hidden /> Add
        </Button>
      )}
    </section>
  );
}
