import { LoaderCircle, RotateCw, VideoOff } from 'lucide-react';
import { Card } from '@/ui/card';
import { Button } from '@/ui/button';
import { tellProblem } from '@/ui/toast';
import { useRetry } from '@/lib/api/interviews';
import type { Video } from '@/lib/api/types';
import { plural } from '@/lib/format';
import { useUploadStatus } from '@/lib/recording/uploads';
import { isMoving } from './api';

interface VideoStateProps {
  interviewId: string;
  status: Video['status'];
}

/** What stands where the video would be. */
export function VideoState({ interviewId, status }: VideoStateProps) {
  const retrying = useRetry(interviewId);
  const upload = useUploadStatus(interviewId);
  const unsent = upload.pendingPieces;
  const arriving = unsent > 0 || status === 'uploading';
  if (status === 'none' || (status === 'ready' && unsent === 0)) {
    return (
      <Card space="medium" height="flat" className="flex items-center gap-3 text-ink-soft">
        <VideoOff aria-hidden className="size-5 shrink-0 text-ink-faint" />
        <p>Nothing was recorded in this interview, so there is no video. The transcript and the scores are complete.</p>
      </Card>
    );
  }
  if (isMoving(status)) {
    return (
      <Card asChild space="medium" height="flat" className="flex items-center gap-4">
        <div role="status">
          <LoaderCircle aria-hidden className="size-6 shrink-0 animate-spin text-accent" />
          <div>
            <p className="font-semibold">
              {arriving ? 'The last of your recording is still on its way' : 'Putting the video together'}
            </p>
            <p className="text-ink-soft">
              {unsent > 0
                ? `${plural(unsent, 'piece')} to go. Please keep this page open until it is done.`
                : arriving
                  ? 'Please open this page in the browser you were interviewed in, until it is done.'
                  : 'A moment more. You can read the rest meanwhile.'}
            </p>
          </div>
        </div>
      </Card>
    );
  }
  return (
    <Card space="medium" height="flat" className="grid justify-items-start gap-3">
      <p className="font-semibold">The video could not be put together</p>
      <p className="text-ink-soft">
        What was recorded is kept, and it is tried again by itself. Your scores do not depend on it.
      </p>
      <Button
        size="small"
        variant="secondary"
        busy={retrying.isPending}
        onClick={() => retrying.mutate(undefined, { onError: tellProblem })}
      >
        <RotateCw aria-hidden /> Try again
      </Button>
    </Card>
  );
}
