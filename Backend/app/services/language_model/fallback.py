"""The vendor's model with the built-in one standing by: asked first, and done without when it fails.

Every result says who did it (`Author`). A vendor that keeps failing is left alone for a while, so that a dead one does
not cost each answer its full patience. Follow-ups, for which the candidate waits, are decided by the built-in at once
and put into words by the vendor if it is quick; its slowness there is held against it there alone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from app.domain.answer import Exchange, FollowUpIdea
from app.domain.author import Author
from app.domain.feedback import AnswerFacts, FeedbackDraft, QuestionFeedback
from app.domain.profile import ProfileDraft
from app.domain.question import Brief, PlannedQuestion
from app.domain.verdict import Verdict
from app.errors import ProviderError
from app.services.language_model.base import LanguageModel

log = logging.getLogger(__name__)
R = TypeVar("R")

FAILURES_TO_OPEN: Final = 3
OPEN_S: Final = 60.0
# Failures of what was asked, or of our own purse; they say nothing about whether the vendor is there.
_NOT_THE_VENDOR: Final = frozenset({"blocked", "truncated", "spending_cap"})


@dataclass
class Breaker:
    """Open after `FAILURES_TO_OPEN` failures in a row, for `OPEN_S`; then one more failure opens it again."""

    now: Callable[[], float] = time.monotonic
    _failures: int = 0
    _open_until: float = 0.0
    because: str = ""
    """The failure it opened with."""

    @property
    def open(self) -> bool:
        return self.now() < self._open_until

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, category: str) -> None:
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._open_until = self.now() + OPEN_S
            self._failures = FAILURES_TO_OPEN - 1
            self.because = category


class StandingIn:
    """`primary` with `built_in` standing by. Fails only when the built-in does."""

    def __init__(
        self,
        primary: LanguageModel,
        built_in: LanguageModel,
        *,
        provider: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._primary = primary
        self._built_in = built_in
        self._provider = provider
        self._breaker = Breaker(now)
        self._quick_breaker = Breaker(now)

    @property
    def name(self) -> str:
        return self._primary.name

    def warm_up(self, exchange: Exchange | None = None) -> None:
        self._built_in.warm_up(exchange)

    async def read_resume(self, text: str) -> ProfileDraft:
        draft, _ = await self._asked(lambda: self._primary.read_resume(text), lambda: self._built_in.read_resume(text))
        return draft

    async def plan_questions(
        self, brief: Brief, *, count: int, avoid: tuple[PlannedQuestion, ...] = ()
    ) -> tuple[PlannedQuestion, ...]:
        questions, author = await self._asked(
            lambda: self._primary.plan_questions(brief, count=count, avoid=avoid),
            lambda: self._built_in.plan_questions(brief, count=count, avoid=avoid),
        )
        return tuple(replace(question, author=author) for question in questions)

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        """Whether to ask is the built-in's decision, at no cost; the vendor is asked for the words alone."""
        idea = await self._built_in.follow_up(exchange)
        if idea is None or self._breaker.open or self._quick_breaker.open:
            return idea
        try:
            worded = await self._primary.follow_up(exchange)
        except ProviderError as error:
            if error.category not in _NOT_THE_VENDOR:
                self._quick_breaker.failed(error.category)
            log.info("the built-in words a follow-up: %s %s", self._provider, error.category)
            return idea
        except asyncio.CancelledError:
            # Whoever waits for it has given up first: as slow as a timeout.
            self._quick_breaker.failed("timeout")
            raise
        self._quick_breaker.succeeded()
        return worded or idea

    async def judge(self, exchange: Exchange) -> Verdict:
        verdict, author = await self._asked(
            lambda: self._primary.judge(exchange), lambda: self._built_in.judge(exchange)
        )
        return replace(verdict, author=author)

    async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
        if not any(facts.answer for facts in answers):
            # Nothing was said: there is nothing that a model could know better.
            return replace(await self._built_in.write_feedback(role, answers), author=Author(self._built_in.name))
        draft, author = await self._asked(
            lambda: self._primary.write_feedback(role, answers),
            lambda: self._built_in.write_feedback(role, answers),
        )
        if not author.instead_of and any(not one.better_answer or not one.suggestions for one in draft.questions):
            draft = _completed(draft, await self._built_in.write_feedback(role, answers))
        return replace(draft, author=author)

    async def _asked(
        self, primary: Callable[[], Awaitable[R]], built_in: Callable[[], Awaitable[R]]
    ) -> tuple[R, Author]:
        because = self._breaker.because
        if not self._breaker.open:
            try:
                result = await primary()
            except ProviderError as error:
                because = error.category
                if because not in _NOT_THE_VENDOR:
                    self._breaker.failed(because)
                log.warning("the built-in stands in: %s %s", self._provider, because)
            else:
                self._breaker.succeeded()
                return result, Author(self._primary.name)
        return await built_in(), Author(self._built_in.name, self._provider, because)


def _completed(draft: FeedbackDraft, own: FeedbackDraft) -> FeedbackDraft:
    """Where the model's better answer did not stand on the person's facts, or was left out, the built-in's is taken."""
    spare = {one.question_id: one for one in own.questions}

    def whole(one: QuestionFeedback) -> QuestionFeedback:
        other = spare.get(one.question_id, one)
        return replace(
            one,
            better_answer=one.better_answer or other.better_answer,
            suggestions=one.suggestions or other.suggestions,
            went_well=one.went_well or other.went_well,
        )

    return replace(
        draft, questions=tuple(whole(one) for one in draft.questions), suggestions=draft.suggestions or own.suggestions
    )
