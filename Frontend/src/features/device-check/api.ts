import { useMutation, useQueryClient } from '@tanstack/react-query';
import { apiPost } from '@/lib/api/client';
import { interviewQuery, ofInterview } from '@/lib/api/interviews';

/** Whether an interview may be recorded. The room asks what was answered, so the answer is known before it opens. */
export function useConsent(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (recording: boolean) =>
      apiPost('/api/interviews/{interview_id}/consent', { params: ofInterview(id), body: { recording } }),
    onSuccess: (interview) => queries.setQueryData(interviewQuery(id).queryKey, interview),
  });
}
