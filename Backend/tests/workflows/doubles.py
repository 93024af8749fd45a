"""A language model that answers at once, for tests about jobs and not about words. Scripted to fail where asked."""

from __future__ import annotations

from app.domain.answer import Exchange, FollowUpIdea
from app.domain.feedback import AnswerFacts, FeedbackDraft, QuestionFeedback
from app.domain.message import verbatim
from app.domain.profile import ProfileDraft
from app.domain.question import Brief, KeyPoint, PlannedQuestion
from app.domain.verdict import Verdict
from app.errors import ProviderError


class ScriptedLanguageModel:
    """`failures`: so many calls fail first, each in the way `retryable` says."""

    name = "scripted"

    def __init__(self, *, failures: int = 0, retryable: bool = True) -> None:
        self._failures = failures
        self._retryable = retryable
        self.calls: list[str] = []

    def warm_up(self, exchange: Exchange | None = None) -> None:
        return None

    async def read_resume(self, text: str) -> ProfileDraft:
        return ProfileDraft(headline=text[:40])

    async def plan_questions(
        self, brief: Brief, *, count: int, avoid: tuple[PlannedQuestion, ...] = ()
    ) -> tuple[PlannedQuestion, ...]:
        self._called("plan_questions")
        points = tuple(KeyPoint(f"Point {number}") for number in range(3))
        return tuple(
            PlannedQuestion(
                "project",
                f"Question {number} about {brief.role}: which moment of it was the hardest one so far?",
                "Why",
                brief.role,
                points,
            )
            for number in range(count)
        )

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        return None

    async def judge(self, exchange: Exchange) -> Verdict:
        self._called("judge")
        first = exchange.answer[0]
        return Verdict(80, 1.0, (), quotes=((first.utterance_id, first.text.split(",")[0]),))

    async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
        self._called("write_feedback")
        return FeedbackDraft(
            (verbatim("A summary"),),
            (verbatim("A strength"),),
            (verbatim("A suggestion"),),
            tuple(QuestionFeedback(each.question_id, (), (), (), (), ()) for each in answers),
        )

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if self._failures > 0:
            self._failures -= 1
            raise ProviderError("scripted", "timeout", retryable=self._retryable, retry_after_s=0.01)
