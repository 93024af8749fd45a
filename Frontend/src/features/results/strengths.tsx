import { Sparkles } from 'lucide-react';
import { Card } from '@/ui/card';
import type { Results } from '@/lib/api/types';
import { AuthorNote } from './author-note';

export function Strengths({ results }: { results: Results }) {
  const { strengths, suggestions, summary } = results;
  return (
    <Card aria-labelledby="strengths-title" className="animate-rise">
      <h2 id="strengths-title" className="text-heading">
        {strengths.length > 0 ? 'What went well' : 'In short'}
      </h2>
      {strengths.length > 0 && (
        <ul className="mt-3 grid gap-2.5">
          {strengths.map((text) => (
            <li key={text} className="flex gap-3">
              <Sparkles aria-hidden className="mt-1 size-4 shrink-0 text-good" />
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
      {summary && <p className="mt-4 text-ink-soft">{summary}</p>}
      {suggestions.length > 0 && (
        <>
          <h3 className="mt-5 font-semibold">For next time</h3>
          <ol className="mt-2 grid list-decimal gap-1.5 pl-5 marker:font-semibold marker:text-accent">
            {suggestions.map((text) => (
              <li key={text} className="pl-1">
                {text}
              </li>
            ))}
          </ol>
        </>
      )}
      <div className="mt-4 grid gap-1 empty:hidden">
        <AuthorNote
          author={results.written_by}
          did="Feedback written"
          builtIn="the built-in coach"
          vendorNames={results.vendor_names}
        />
        <AuthorNote
          author={results.planned_by}
          did="Questions written"
          builtIn="the built-in planner"
          vendorNames={results.vendor_names}
        />
      </div>
    </Card>
  );
}
