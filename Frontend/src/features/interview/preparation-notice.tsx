import { Skeleton } from '@/ui/states';

export function PreparationNotice({ role }: { role: string | null }) {
  return (
    <div className="page-narrow">
      <title>Preparing · InterviewDost</title>
      <div role="status" aria-live="polite">
        <h1 className="text-title">{role ? 'Writing your questions…' : 'One moment…'}</h1>
        <p className="mt-1.5 text-ink-soft">
          {role ? `Questions for ${role}, starting from what you told us. It takes about a second.` : 'Looking it up.'}
        </p>
      </div>
      <div aria-hidden className="mt-8 grid gap-3">
        {[0, 1, 2, 3, 4].map((index) => (
          <Skeleton key={index} className="h-24" />
        ))}
      </div>
    </div>
  );
}
