import { Notice } from '@/ui/notice';
import { useUploadStatus } from '@/lib/recording/uploads';
import type { UploadStatus } from '@/lib/recording/recording-uploads';

/** Codes that say that the server has no room, or cannot write, for the moment. */
const NO_ROOM: ReadonlySet<string> = new Set(['piece_not_stored', 'disk_full']);

/** What there is to say of a recording that does not get to the server, or null. The interview goes on in any case. */
export function wordsForTrouble({ trouble, durable }: UploadStatus): { title: string; text: string } | null {
  const here = durable ? 'in this browser' : 'in this tab, so please keep it open,';
  if (NO_ROOM.has(trouble)) {
    return {
      title: 'The server has no room right now',
      text: `Your recording is kept ${here} and goes up by itself as soon as there is room. The interview goes on.`,
    };
  }
  if (trouble === 'recording_too_large') {
    return {
      title: 'This recording has reached the room there is',
      text: 'What was recorded up to here is kept. The interview goes on, and is still scored to its end.',
    };
  }
  if (trouble === 'recordings_full') {
    return {
      title: 'Your recordings fill all the room there is',
      text: `The rest of this one is kept ${here} for now. Delete an interview that you no longer need, and it goes up the next time you are here. The interview goes on, and is still scored to its end.`,
    };
  }
  return null;
}

export function RecordingNotice({ interviewId }: { interviewId: string }) {
  const words = wordsForTrouble(useUploadStatus(interviewId));
  if (!words) return null;
  return (
    <Notice tone="warn" title={words.title}>
      {words.text}
    </Notice>
  );
}
