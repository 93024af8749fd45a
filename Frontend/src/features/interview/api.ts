import { useMutation, useQueryClient } from '@tanstack/react-query';
import { apiDelete, apiPost, apiPut } from '@/lib/api/client';
import { INTERVIEWS, interviewQuery, ofInterview } from '@/lib/api/interviews';
import type { InterviewDetail, QuestionModel } from '@/lib/api/types';

const ofQuestion = (interview_id: string, question_id: string) => ({ path: { interview_id, question_id } });

/** Changes of an interview's questions; each is shown from the server's answer on, the order at once. */
export function useQuestionChanges(id: string) {
  const queries = useQueryClient();
  const { queryKey } = interviewQuery(id);
  const show = (interview: InterviewDetail) => queries.setQueryData(queryKey, interview);
  const readAgain = () => queries.invalidateQueries({ queryKey: INTERVIEWS });
  // One after the other: two orders under way at once could arrive the wrong way round.
  const scope = { id: `questions of ${id}` };

  const order = useMutation({
    scope,
    mutationFn: (questions: QuestionModel[]) =>
      apiPut('/api/interviews/{interview_id}/questions/order', {
        params: ofInterview(id),
        body: { question_ids: questions.map((one) => one.id) },
      }),
    onMutate: async (questions) => {
      const before = queries.getQueryData(queryKey);
      queries.setQueryData(queryKey, before && { ...before, questions });
      await queries.cancelQueries({ queryKey });
      return before;
    },
    onSuccess: (interview) => {
      // While another order waits its turn, the page is ahead of this answer.
      if (queries.isMutating({ mutationKey: ['order', id] }) === 1) show(interview);
    },
    mutationKey: ['order', id],
    onError: (_error, _questions, before) => {
      if (before) show(before);
      void readAgain();
    },
  });
  const drop = useMutation({
    scope,
    mutationFn: (questionId: string) =>
      apiDelete('/api/interviews/{interview_id}/questions/{question_id}', { params: ofQuestion(id, questionId) }),
    onSuccess: show,
    onError: readAgain,
  });
  const another = useMutation({
    scope,
    mutationFn: (questionId: string) =>
      apiPost('/api/interviews/{interview_id}/questions/{question_id}/another', { params: ofQuestion(id, questionId) }),
    onSuccess: show,
    onError: readAgain,
  });
  return { order, drop, another };
}
