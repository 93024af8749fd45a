"""A vendor's language model as ours: each duty is one fenced request, read strictly, repaired once, bounded in time.

A call that fails retryably is made again within the duty's time; an answer that cannot be used is asked for once more
with what was wrong; then it is a ProviderError, and whoever stands by takes over (`standing_in`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import ValidationError

from app.domain.answer import Exchange, FollowUpIdea
from app.domain.feedback import AnswerFacts, FeedbackDraft
from app.domain.message import message
from app.domain.profile import ProfileDraft
from app.domain.question import Brief, PlannedQuestion
from app.domain.verdict import PointVerdict, Verdict
from app.english.grounding import normalised
from app.errors import ProviderError
from app.services.language_model import answer_shapes, prompts, validation
from app.services.language_model.generation import JsonGenerator, Prompt, Purpose
from app.services.language_model.validation import Faults, Unusable
from app.services.vendor_http import with_retries

S = TypeVar("S", bound=answer_shapes.AnswerShape)
R = TypeVar("R")

# Below these one whole thought is not there, and a call would be spent on a guess; as the built-in judge has it.
MIN_WORDS: Final = 8
MIN_WORDS_FOLLOW_UP: Final = 4
PATIENCE_S: Final = 6.0
"""Waits between tries; a vendor that wants more than this is busy, and a person is waiting."""


@dataclass(frozen=True, slots=True)
class Duty:
    """`timeout_s` for one call, `total_s` for all of it; tokens are those of the answer, thinking not included."""

    purpose: Purpose
    max_output_tokens: int
    timeout_s: float
    total_s: float
    attempts: int = 2
    repairs: int = 1
    quick: bool = False


READ_RESUME = Duty("read_resume", 12_000, 25.0, 35.0)
# Within the workflow's step of 60 s, with time left for who stands by.
PLAN = Duty("plan", 8_000, 35.0, 50.0)
ANOTHER_QUESTION = Duty("plan", 3_000, 20.0, 28.0)
# The candidate is waiting, and the conversation does not wait longer than 2 s.
FOLLOW_UP = Duty("follow_up", 500, 1.5, 1.5, attempts=1, repairs=0, quick=True)
JUDGE = Duty("judge", 3_000, 20.0, 28.0)
FEEDBACK = Duty("feedback", 8_000, 35.0, 50.0)


class PromptedLanguageModel:
    """Stateless; safe to share. `faults_of`: the rules for a question that may be shown (`preparation.plan`)."""

    def __init__(
        self,
        generator: JsonGenerator,
        faults_of: Faults,
        *,
        follow_up: Duty = FOLLOW_UP,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._generator = generator
        self._faults_of = faults_of
        self._follow_up = follow_up
        self._sleep = sleep

    @property
    def name(self) -> str:
        return self._generator.model

    @property
    def provider(self) -> str:
        return self._generator.provider

    def warm_up(self, exchange: Exchange | None = None) -> None:
        return None

    async def read_resume(self, text: str) -> ProfileDraft:
        prompt = prompts.resume_prompt(text)
        return await self._ask(
            READ_RESUME, prompt, answer_shapes.ResumeShape, lambda shape: validation.profile_of(shape, text)
        )

    async def plan_questions(
        self, brief: Brief, *, count: int, avoid: tuple[PlannedQuestion, ...] = ()
    ) -> tuple[PlannedQuestion, ...]:
        prompt = prompts.plan_prompt(brief, count=count, avoid=avoid)
        sources = [block.text for block in prompt.data]
        seen = {normalised(question.text) for question in avoid}
        good: list[PlannedQuestion] = []

        def gather(shape: answer_shapes.PlanShape) -> tuple[PlannedQuestion, ...]:
            """Good questions of a first try are kept; the second need only bring what is missing."""
            found, faults = validation.questions_of(shape, brief, sources, self._faults_of)
            for question in found:
                if normalised(question.text) not in seen:
                    seen.add(normalised(question.text))
                    good.append(question)
            if len(good) < count:
                raise Unusable(*faults, f"{len(good)} usable questions, exactly {count} different ones are needed")
            return tuple(good[:count])

        return await self._ask(PLAN if count > 1 else ANOTHER_QUESTION, prompt, answer_shapes.PlanShape, gather)

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        if exchange.is_follow_up or not exchange.answer:
            return None
        prompt = prompts.follow_up_prompt(exchange)
        sources = [block.text for block in prompt.data]
        return await self._ask(
            self._follow_up,
            prompt,
            answer_shapes.FollowUpShape,
            lambda shape: validation.follow_up_of(shape, exchange, sources),
        )

    async def judge(self, exchange: Exchange) -> Verdict:
        count = len(normalised(" ".join(said.text for said in exchange.answer)).split())
        least = MIN_WORDS_FOLLOW_UP if exchange.is_follow_up else MIN_WORDS
        if count < least:
            too_few = message("not_scored.too_few_words", words=count, least=least)
            missed = tuple(PointVerdict(point.text, "missed") for point in exchange.key_points)
            return Verdict(None, 0.0, missed, not_scored=too_few if count else message("not_scored.no_answer"))
        prompt = prompts.judge_prompt(exchange)
        return await self._ask(
            JUDGE, prompt, answer_shapes.VerdictShape, lambda shape: validation.verdict_of(shape, exchange)
        )

    async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
        prompt = prompts.feedback_prompt(role, answers)
        return await self._ask(
            FEEDBACK, prompt, answer_shapes.FeedbackShape, lambda shape: validation.feedback_of(shape, role, answers)
        )

    async def _ask(self, duty: Duty, prompt: Prompt, shape: type[S], believe: Callable[[S], R]) -> R:
        try:
            async with asyncio.timeout(duty.total_s):
                for repair in range(duty.repairs + 1):
                    text = await self._generate(duty, prompt, shape)
                    try:
                        return believe(_shaped(shape, text))
                    except Unusable as unusable:
                        if repair < duty.repairs:
                            prompt = prompts.once_more(prompt, unusable.faults)
        except TimeoutError as error:
            raise ProviderError(self.provider, "timeout", retryable=True) from error
        raise ProviderError(self.provider, "invalid_response", retryable=True)

    async def _generate(self, duty: Duty, prompt: Prompt, shape: type[answer_shapes.AnswerShape]) -> str:
        async def once() -> str:
            generated = await self._generator.generate(
                prompt,
                answer_shapes.json_schema(shape),
                max_output_tokens=duty.max_output_tokens,
                timeout_s=duty.timeout_s,
                quick=duty.quick,
            )
            return generated.text

        return await with_retries(once, attempts=duty.attempts, patience_s=PATIENCE_S, sleep=self._sleep)


def _shaped(shape: type[S], text: str) -> S:
    """Raises Unusable with the places that do not fit, never with what stood there: that is not our words."""
    try:
        return shape.model_validate_json(text)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(step) for step in one['loc']) or 'the answer'}: {one['type'].replace('_', ' ')}"
            for one in error.errors(include_url=False, include_context=False, include_input=False)[:6]
        ]
        raise Unusable(*faults) from None
