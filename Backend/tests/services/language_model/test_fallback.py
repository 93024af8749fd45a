"""A vendor that fails costs the candidate nothing but the vendor: the built-in takes over, and it is said."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.answer import AnswerUtterance, Exchange, FollowUpIdea
from app.domain.author import Author
from app.domain.feedback import AnswerFacts, FeedbackDraft, QuestionFeedback
from app.domain.message import verbatim
from app.domain.profile import ProfileDraft
from app.domain.question import Brief, KeyPoint
from app.domain.score import RELEVANCE
from app.errors import ProviderCategory, ProviderError
from app.services.language_model.fallback import FAILURES_TO_OPEN, OPEN_S, StandingIn
from tests.workflows.doubles import ScriptedLanguageModel

pytestmark = pytest.mark.anyio
EXCHANGE = Exchange(
    "Nurse", "What?", "skill", "", (KeyPoint("a"),), (AnswerUtterance("u", "I did this, and that.", 0, 9),)
)
BRIEF = Brief("Nurse", "mid", (), "", ProfileDraft())


class Model(ScriptedLanguageModel):
    """Fails with `category` while it is set; its follow-up is `idea`."""

    def __init__(self, name: str, category: ProviderCategory | None = None, idea: str = "") -> None:
        super().__init__()
        self.name = name
        self.category = category
        self.idea = idea

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if self.category:
            raise ProviderError(self.name, self.category, retryable=True)

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        self._called("follow_up")
        return FollowUpIdea(self.idea, "because") if self.idea else None


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def standing(primary: Model, built_in: Model | None = None, clock: Clock | None = None) -> StandingIn:
    return StandingIn(primary, built_in or Model("built-in"), provider="gemini", now=clock or Clock())


async def test_the_vendor_is_named_for_what_it_did() -> None:
    model = standing(Model("gemini-9"))
    assert (await model.judge(EXCHANGE)).author == Author("gemini-9")
    assert {one.author for one in await model.plan_questions(BRIEF, count=5)} == {Author("gemini-9")}
    assert model.name == "gemini-9"


@pytest.mark.parametrize("category", ["timeout", "quota", "unauthorised", "blocked", "spending_cap"])
async def test_the_built_in_stands_in_and_says_for_whom_and_why(category: ProviderCategory) -> None:
    model = standing(Model("gemini-9", category))
    assert (await model.judge(EXCHANGE)).author == Author("built-in", "gemini", category)
    assert (await model.plan_questions(BRIEF, count=5))[0].author == Author("built-in", "gemini", category)
    assert (await model.read_resume("text")).headline == "text"


async def test_a_dead_vendor_is_left_alone_and_tried_again_after_a_while() -> None:
    vendor, clock = Model("gemini-9", "timeout"), Clock()
    model = standing(vendor, clock=clock)
    for _ in range(FAILURES_TO_OPEN + 4):
        judged = await model.judge(EXCHANGE)
    assert len(vendor.calls) == FAILURES_TO_OPEN
    assert judged.author == Author("built-in", "gemini", "timeout")
    clock.now += OPEN_S
    await model.judge(EXCHANGE)
    await model.judge(EXCHANGE)
    assert len(vendor.calls) == FAILURES_TO_OPEN + 1, "one try, and it is left alone again"
    clock.now += OPEN_S
    vendor.category = None
    assert (await model.judge(EXCHANGE)).author == Author("gemini-9")


@pytest.mark.parametrize("category", ["blocked", "truncated", "spending_cap"])
async def test_what_lies_in_the_question_is_not_held_against_the_vendor(category: ProviderCategory) -> None:
    vendor = Model("gemini-9", category)
    model = standing(vendor)
    for _ in range(2 * FAILURES_TO_OPEN):
        await model.judge(EXCHANGE)
    assert len(vendor.calls) == 2 * FAILURES_TO_OPEN


async def test_nothing_to_ask_costs_no_call() -> None:
    vendor = Model("gemini-9", idea="Why?")
    assert await standing(vendor).follow_up(EXCHANGE) is None
    assert vendor.calls == []


async def test_the_vendor_words_a_follow_up_that_the_built_in_decided_on() -> None:
    idea = await standing(Model("gemini-9", idea="Why so?"), Model("built-in", idea="Why?")).follow_up(EXCHANGE)
    assert idea is not None and idea.text == "Why so?"


async def test_a_slow_vendor_loses_the_follow_ups_and_keeps_the_judging() -> None:
    vendor = Model("gemini-9", "timeout", idea="Why so?")
    model = standing(vendor, Model("built-in", idea="Why?"))
    for _ in range(FAILURES_TO_OPEN + 2):
        idea = await model.follow_up(EXCHANGE)
        assert idea is not None and idea.text == "Why?"
    assert len(vendor.calls) == FAILURES_TO_OPEN
    vendor.category = None
    assert (await model.judge(EXCHANGE)).author == Author("gemini-9")


async def test_a_follow_up_that_nobody_waits_for_any_more_is_a_slow_one() -> None:
    class Hanging(Model):
        async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
            self.calls.append("follow_up")
            await asyncio.Event().wait()
            return None

    vendor = Hanging("gemini-9")
    model = standing(vendor, Model("built-in", idea="Why?"))
    for _ in range(FAILURES_TO_OPEN + 2):
        task = asyncio.create_task(model.follow_up(EXCHANGE))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(vendor.calls) == FAILURES_TO_OPEN


async def test_what_the_vendor_left_empty_in_the_feedback_the_built_in_fills() -> None:
    class Writer(Model):
        def __init__(self, name: str, *better: str) -> None:
            super().__init__(name)
            self.better = tuple(map(verbatim, better))

        async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
            self.calls.append("write_feedback")
            own = verbatim(self.name)
            words = QuestionFeedback("q1", (own,), (), (), self.better, (own,))
            return FeedbackDraft((own,), (), (), (words,))

    facts = AnswerFacts("q1", "What?", "skill", "", "I did this.", {RELEVANCE: 50}, (), (), ())
    draft = await standing(Writer("gemini-9"), Writer("built-in", "In my own words.")).write_feedback("N", (facts,))
    assert draft.questions[0].better_answer == (verbatim("In my own words."),)
    assert draft.summary == draft.questions[0].suggestions == (verbatim("gemini-9"),)
    assert draft.author == Author("gemini-9")


async def test_an_interview_without_a_word_costs_no_call_for_feedback() -> None:
    vendor = Model("gemini-9")
    silent = AnswerFacts("q1", "What?", "skill", "", "", {}, (), (), ())
    draft = await standing(vendor).write_feedback("Nurse", (silent,))
    assert vendor.calls == [] and draft.author == Author("built-in")
