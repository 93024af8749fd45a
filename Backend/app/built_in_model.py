"""The language model that is none: rules, cards and a small sentence encoder, on this machine, with no key."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app.domain.answer import Exchange, FollowUpIdea
from app.domain.feedback import AnswerFacts, FeedbackDraft
from app.domain.profile import ProfileDraft
from app.domain.question import Brief, PlannedQuestion
from app.domain.verdict import Verdict
from app.errors import ProviderError, Unavailable
from app.pools import FOLLOW_UPS, JUDGEMENTS, PLANS, Pool
from app.preparation.questions import planner
from app.preparation.resume import reader

NAME = "built-in"
_P = ParamSpec("_P")
_T = TypeVar("_T")


async def _in(pool: Pool, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    try:
        return await pool.run(function, *args, **kwargs)
    except ProviderError:
        raise
    except Unavailable as full:
        raise ProviderError(NAME, "busy", retryable=True, retry_after_s=full.retry_after_s) from full
    except Exception as error:
        raise ProviderError(NAME, "crashed", retryable=False) from error


class EmbeddedLanguageModel:
    """Stateless; safe to share. The work runs in pools, so that what nobody waits for holds up no live interview."""

    @property
    def name(self) -> str:
        return NAME

    def warm_up(self, exchange: Exchange | None = None) -> None:
        from app.assessment.judge import warm_up

        warm_up(exchange)

    async def read_resume(self, text: str) -> ProfileDraft:
        return await _in(PLANS, reader.read_resume, text)

    async def plan_questions(
        self, brief: Brief, *, count: int, avoid: tuple[PlannedQuestion, ...] = ()
    ) -> tuple[PlannedQuestion, ...]:
        return await _in(PLANS, planner.plan_questions, brief, count=count, avoid=avoid)

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        from app.assessment.follow_up import follow_up

        return await _in(FOLLOW_UPS, follow_up, exchange)

    async def judge(self, exchange: Exchange) -> Verdict:
        from app.assessment.judge import judge

        return await _in(JUDGEMENTS, judge, exchange)

    async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
        from app.assessment.feedback.writer import write_feedback

        return await _in(JUDGEMENTS, write_feedback, role, answers)
