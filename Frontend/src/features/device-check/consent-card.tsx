import { CircleDot } from 'lucide-react';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import type { VendorUse } from '@/lib/api/types';

export type ConsentAnswer = 'yes' | 'no' | null;

interface ConsentCardProps {
  answer: ConsentAnswer;
  withCamera: boolean;
  missing: boolean;
  vendors: VendorUse[];
  onAnswer: (answer: 'yes' | 'no') => void;
}

/** What is recorded, where it lies, who sees it, how it goes away: before anything is recorded. */
export function ConsentCard({ answer, withCamera, missing, vendors, onAnswer }: ConsentCardProps) {
  const keeper = vendors.find((vendor) => vendor.kind === 'video_storage');
  const byCall = vendors.some((vendor) => vendor.kind === 'avatar');
  const others = vendors.filter((vendor) => vendor.kind === 'avatar' || vendor.kind === 'language_model');
  const choices = [
    {
      value: 'yes' as const,
      label: 'Record my interview',
      hint: withCamera
        ? 'You can watch yourself afterwards, answer by answer.'
        : 'You can listen to yourself afterwards.',
    },
    {
      value: 'no' as const,
      label: 'Do not record',
      hint: 'You still get the transcript, the scores and the feedback.',
    },
  ];
  return (
    <Card aria-labelledby="consent" className="grid gap-4">
      <h2 id="consent" className="flex items-center gap-2 text-subheading">
        <CircleDot aria-hidden className="size-5 text-accent" /> Recording
      </h2>
      <ul className="grid list-disc gap-1 pl-5 text-compact text-ink-soft marker:text-ink-faint">
        <li>
          Recorded: {withCamera ? 'your camera, ' : ''}your voice and{' '}
          {byCall ? 'our own interviewer’s voice (not that of a video call)' : 'the interviewer’s voice'}, during the
          interview only.
        </li>
        <li>
          {keeper
            ? `It is kept for us by ${keeper.name}, where nobody can open it without our server’s word.`
            : 'It lies on the server that runs this InterviewDost, with your other interviews.'}
        </li>
        <li>You see it. People who run this server could; what an administrator opens is logged.</li>
        {others.map((vendor) => (
          <li key={vendor.name}>
            Recorded or not, {vendor.name} receives {vendor.receives}.
          </li>
        ))}
        <li>You can delete the interview with its recording at any time.</li>
      </ul>
      <fieldset className="grid gap-2 sm:grid-cols-2" aria-describedby={missing ? 'consent-missing' : undefined}>
        <legend className="sr-only">May we record this interview?</legend>
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={classNames(
              'grid cursor-pointer grid-cols-[auto_1fr] gap-x-3 rounded-xl border p-3.5 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              answer === choice.value ? 'border-accent bg-accent-soft' : 'border-line-strong/60 hover:bg-sunken',
            )}
          >
            <input
              type="radio"
              name="consent"
              value={choice.value}
              checked={answer === choice.value}
              onChange={() => onAnswer(choice.value)}
              className="mt-1 size-4 shrink-0 accent-accent outline-none"
            />
            <span className="font-semibold">{choice.label}</span>
            <span className="col-start-2 text-sm text-ink-soft">{choice.hint}</span>
          </label>
        ))}
      </fieldset>
      {missing && (
        <p id="consent-missing" role="alert" className="text-sm font-medium text-bad">
          Please choose one of the two, then go on.
        </p>
      )}
    </Card>
  );
}
