import { useSyncExternalStore } from 'react';
import { RecordingUploads, type UploadStatus } from './recording-uploads';

let owner: RecordingUploads | null = null;

/** The page's one owner of recordings that are on their way to the server. */
export function recordingUploads(): RecordingUploads {
  if (owner) return owner;
  const uploads = new RecordingUploads();
  owner = uploads;
  window.addEventListener('online', () => {
    uploads.retryNow();
  });
  window.addEventListener('pagehide', () => {
    uploads.sendBeforeLeaving();
  });
  window.addEventListener('beforeunload', (event) => {
    if (uploads.hasUnsent) event.preventDefault();
  });
  return uploads;
}

/** For the shell, after sign-in: left-over pieces of any interview go up in the background. */
export function resumePendingUploads(userId: string): void {
  recordingUploads()
    .resumePending(userId)
    .catch(() => undefined); // What could not be sent is still stored, and tried on the next visit.
}

/** How much of an interview's recording is still in this browser. */
export function useUploadStatus(interviewId: string): UploadStatus {
  return useSyncExternalStore(
    (listener) => recordingUploads().subscribe(listener),
    () => recordingUploads().status(interviewId),
  );
}
