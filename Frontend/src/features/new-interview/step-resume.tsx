import { useQuery } from '@tanstack/react-query';
import { ClipboardPaste, FileText, FileUp, LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { TextArea } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { setupQuery } from '@/lib/api/setup';
import { ProblemError, codeOf, isAbort, wordsFor } from '@/lib/api/problem';
import type { ProfileModel } from '@/lib/api/types';
import { formatBytes, formatDay } from '@/lib/format';
import { LIMITS } from '@/lib/api/limits.gen';
import { latestProfileQuery, profileFromFile, profileFromText } from './api';
import type { Draft } from './draft';

/** Files whose text cannot be had from the file; pasting it is the way on. */
const PASTE_HELPS = new Set(['resume_scanned', 'resume_encrypted', 'resume_unreadable', 'resume_empty', 'resume_type']);

interface StepResumeProps {
  draft: Draft;
  patch: (change: Partial<Draft>) => void;
  onRead: (profile: ProfileModel) => void;
  onWithout: () => void;
  onNext: () => void;
}

export function StepResume({ draft, patch, onRead, onWithout, onNext }: StepResumeProps) {
  const { data: setup } = useQuery(setupQuery);
  const { data: last } = useQuery(latestProfileQuery);
  const [reading, setReading] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const work = useRef<AbortController | null>(null);
  useEffect(() => () => work.current?.abort(), []);

  const reader = setup?.vendors.find((vendor) => vendor.kind === 'language_model');
  const most = setup?.max_resume_bytes;

  const read = (what: string, ask: (signal: AbortSignal) => Promise<ProfileModel>) => {
    work.current?.abort();
    const stop = new AbortController();
    work.current = stop;
    setReading(what);
    setProblem(null);
    ask(stop.signal)
      .then(onRead)
      .catch((error: unknown) => {
        if (!isAbort(error)) setProblem(error);
      })
      .finally(() => {
        if (work.current === stop) setReading(null);
      });
  };

  const take = (file: File | undefined) => {
    if (!file) return;
    if (most !== undefined && file.size > most) {
      setProblem(
        new ProblemError(
          'resume_too_large',
          `This file has ${formatBytes(file.size)}; up to ${formatBytes(most)} can be read. Save it smaller, or paste the text.`,
        ),
      );
      return;
    }
    read(file.name, (signal) => profileFromFile(file, signal));
  };

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };

  return (
    <div className="grid gap-6">
      {draft.profileId && (
        <Notice
          tone="good"
          title="A resume has been read"
          announce={false}
          action={
            <Button size="small" variant="secondary" onClick={onNext}>
              See what we understood
            </Button>
          }
        >
          Choosing another one replaces it.
        </Notice>
      )}
      {last && last.id !== draft.profileId && (
        <Card space="small" height="flat" className="flex flex-wrap items-center gap-4">
          <FileText aria-hidden className="size-6 shrink-0 text-accent" />
          <div className="min-w-40 flex-1">
            <p className="font-semibold">{last.filename || 'The text you pasted'}</p>
            <p className="text-sm text-ink-faint">
              {last.headline ? `${last.headline}, read on ` : 'Read on '}
              {formatDay(last.created_at)}
            </p>
          </div>
          <Button variant="secondary" size="small" onClick={() => onRead(last)}>
            Use this one
          </Button>
        </Card>
      )}

      {draft.pasting ? (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (draft.resumeText.trim()) read('your text', (signal) => profileFromText(draft.resumeText, signal));
          }}
        >
          <TextArea
            label="The text of your resume"
            rows={12}
            maxLength={LIMITS.maxResumeText}
            hint="Paste all of it, as it is. Order and layout do not matter."
            value={draft.resumeText}
            onChange={(event) => patch({ resumeText: event.target.value })}
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" busy={reading !== null} disabled={!draft.resumeText.trim()}>
              Read this text
            </Button>
            <Button variant="ghost" onClick={() => patch({ pasting: false })}>
              <FileUp aria-hidden /> Use a file instead
            </Button>
          </div>
        </form>
      ) : (
        // Dropping is an extra for the mouse; the button inside does the same by keyboard.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          className={classNames(
            'relative grid justify-items-center gap-3 rounded-3xl border-2 border-dashed px-6 py-12 text-center transition-colors',
            over ? 'border-accent bg-accent-soft' : 'border-line-strong/60 bg-surface',
          )}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          {reading ? (
            <div role="status" className="grid justify-items-center gap-3 py-6">
              <LoaderCircle aria-hidden className="size-7 animate-spin text-accent" />
              <p className="font-semibold break-all">Reading {reading}…</p>
              <p className="text-sm text-ink-faint">It takes a second or two.</p>
            </div>
          ) : (
            <>
              <FileUp aria-hidden className="size-8 text-accent" />
              <p className="text-subheading">Drop your resume here</p>
              <p className="text-sm text-ink-faint">
                PDF, Word (.docx) or plain text, up to {most && `${formatBytes(most)}, `}
                {LIMITS.maxResumePages} pages
              </p>
              <div className="mt-2 flex flex-wrap justify-center gap-2">
                <Button onClick={() => input.current?.click()}>Choose a file</Button>
                <Button variant="secondary" onClick={() => patch({ pasting: true })}>
                  <ClipboardPaste aria-hidden /> Paste the text
                </Button>
              </div>
            </>
          )}
          <input
            ref={input}
            type="file"
            aria-label="Resume file"
            tabIndex={-1}
            className="sr-only"
            accept=".pdf,.docx,.txt,.md,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document,text/plain"
            onChange={(event) => {
              take(event.target.files?.[0]);
              // So that choosing the same file again, after mending it, is noticed.
              event.target.value = '';
            }}
          />
        </div>
      )}

      {reader && (
        <p className="text-sm text-ink-faint">
          Your resume is read by {reader.name}, which receives {reader.receives}.
        </p>
      )}

      {problem !== null && (
        <Notice
          tone="bad"
          title="That resume could not be read"
          action={
            !draft.pasting && PASTE_HELPS.has(codeOf(problem)) ? (
              <Button size="small" variant="secondary" onClick={() => patch({ pasting: true })}>
                Paste the text
              </Button>
            ) : undefined
          }
        >
          {wordsFor(problem)}
        </Notice>
      )}

      <Button variant="ghost" className="-ml-4 justify-self-start" onClick={onWithout}>
        Go on without a resume
      </Button>
    </div>
  );
}
