import { Check, Play } from 'lucide-react';
import { Card } from '@/ui/card';
import { ScoreRing } from '@/ui/score-ring';

/** A drawn example of the results page, and labelled as one: nobody's real answer is shown here. */
export function ExampleFeedback() {
  return (
    <Card asChild height="high" corners="rounder" className="animate-rise sm:p-7">
      <figure>
        <p className="text-label text-accent">Question 2 of 5</p>
        <p className="mt-1 text-lg leading-snug font-semibold">
          You cut the checkout time from nine seconds to three. Where did you find the first six?
        </p>
        <div className="mt-5 flex flex-wrap items-center gap-x-6 gap-y-3">
          <div className="flex items-center gap-3">
            <ScoreRing value={84} label="Relevance" />
            <span className="font-medium">Relevance</span>
          </div>
          <div className="flex items-center gap-3">
            <ScoreRing value={71} label="Confidence" />
            <span className="font-medium">Confidence</span>
          </div>
        </div>
        <blockquote className="mt-5 flex gap-3 rounded-xl bg-accent-soft p-4">
          <span className="grid size-8 shrink-0 place-items-center rounded-full bg-accent text-on-accent">
            <Play aria-hidden className="size-3.5 fill-current" />
          </span>
          <p>
            “I traced one request and saw that{' '}
            <mark className="rounded bg-accent-line/70 px-0.5 text-inherit">
              the tax service was called once for every item
            </mark>
            .”
          </p>
        </blockquote>
        <ul className="mt-5 grid gap-2 text-ink-soft">
          <li className="flex gap-2.5">
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-good" /> Names the cause and how it was found
          </li>
          <li className="flex gap-2.5">
            <span aria-hidden className="mt-1.5 size-4 shrink-0 text-center leading-none text-warn">
              ○
            </span>
            Does not yet say what it changed for the customers
          </li>
        </ul>
        <figcaption className="mt-5 border-t border-line pt-3 text-sm text-ink-faint">
          An invented example of the feedback you get after an interview.
        </figcaption>
      </figure>
    </Card>
  );
}
