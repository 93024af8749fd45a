import { queryOptions } from '@tanstack/react-query';
import { apiGet } from '@/lib/api/client';
import { INTERVIEWS, ofInterview } from '@/lib/api/interviews';
import { pollEvery, polledBy } from '@/lib/api/poll-interval';
import type { Results, Video } from '@/lib/api/types';

const VIDEO_MS = 2000;

/** The video will be there, or be longer, without anybody doing anything. */
export function isMoving(status: Video['status']): boolean {
  return status === 'recording' || status === 'uploading' || status === 'assembling';
}

export const resultsQuery = (id: string) =>
  queryOptions<Results>({
    queryKey: [...INTERVIEWS, 'results', id],
    queryFn: ({ signal }) => apiGet('/api/interviews/{interview_id}/results', { params: ofInterview(id), signal }),
    refetchInterval: polledBy(({ status, video }) => pollEvery(status) ?? (isMoving(video.status) ? VIDEO_MS : null)),
  });
