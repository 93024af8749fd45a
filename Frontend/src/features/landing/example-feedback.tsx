import { Check, Play } from 'lucide-react';
import { Card } from '@/ui/card';
import { ScoreRing } from '@/ui/score-ring';
import { m } from '@/lib/messages';
import { Rich } from '@/ui/rich';

/** A drawn example of the results page, and labelled as one: nobody's real answer is shown here. */
export function ExampleFeedback() {
  return (
    <Card asChild height="high" corners="rounder" className="animate-rise sm:p-7">
      <figure>
        <p className="text-label text-accent">{m.landing_example_position()}</p>
        <p className="mt-1 text-lg leading-snug font-semibold">{m.landing_example_question()}</p>
        <div className="mt-5 flex flex-wrap items-center gap-x-6 gap-y-3">
          <div className="flex items-center gap-3">
            <ScoreRing value={84} label={m.landing_relevance()} />
            <span className="font-medium">{m.landing_relevance()}</span>
          </div>
          <div className="flex items-center gap-3">
            <ScoreRing value={71} label={m.landing_confidence()} />
            <span className="font-medium">{m.landing_confidence()}</span>
          </div>
        </div>
        <blockquote className="mt-5 flex gap-3 rounded-xl bg-accent-soft p-4">
          <span className="grid size-8 shrink-0 place-items-center rounded-full bg-accent text-on-accent">
            <Play aria-hidden className="size-3.5 fill-current" />
          </span>
          <p>
            <Rich
              parts={m.landing_example_quote.parts({})}
              marks={{
                strong: (text) => <mark className="rounded bg-accent-line/70 px-0.5 text-inherit">{text}</mark>,
              }}
            />
          </p>
        </blockquote>
        <ul className="mt-5 grid gap-2 text-ink-soft">
          <li className="flex gap-2.5">
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-good" /> {m.landing_example_strength()}
          </li>
          <li className="flex gap-2.5">
            <span aria-hidden className="mt-1.5 size-4 shrink-0 text-center leading-none text-warn">
              ○
            </span>
            {m.landing_example_weakness()}
          </li>
        </ul>
        <figcaption className="mt-5 border-t border-line pt-3 text-sm text-ink-faint">
          {m.landing_example_caption()}
        </figcaption>
      </figure>
    </Card>
  );
}
