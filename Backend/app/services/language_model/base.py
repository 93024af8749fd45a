"""What we ask of a language model, in our words.

The built-in one (`app/built_in_model.py`) needs no model at all; a vendor is a folder beside this file.
Everything a resume, a job description or an answer says is data: an implementation never obeys it.
Every method raises `ProviderError` and nothing else.
"""

from __future__ import annotations

from typing import Protocol

from app.domain.answer import Exchange, FollowUpIdea
from app.domain.feedback import AnswerFacts, FeedbackDraft
from app.domain.profile import ProfileDraft
from app.domain.question import Brief, PlannedQuestion
from app.domain.verdict import Verdict


class LanguageModel(Protocol):
    """Reads, plans, follows up, judges and puts feedback into words."""

    @property
    def name(self) -> str: ...

    def warm_up(self, exchange: Exchange | None = None) -> None:
        """Loads what is slow to load; with an exchange still to be answered, what its answer will be held against.

        Blocking: call it off the event loop. Never necessary, only faster.
        """
        ...

    async def read_resume(self, text: str) -> ProfileDraft: ...

    async def plan_questions(
        self, brief: Brief, *, count: int, avoid: tuple[PlannedQuestion, ...] = ()
    ) -> tuple[PlannedQuestion, ...]:
        """Exactly `count` questions, distinct from each other and from `avoid`, each grounded in the brief."""
        ...

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        """One follow-up where it helps, else None. Quick: it is asked for while the candidate waits."""
        ...

    async def judge(self, exchange: Exchange) -> Verdict: ...

    async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft: ...
