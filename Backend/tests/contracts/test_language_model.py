"""One suite over every language model: the built-in, each vendor's through its stand-in, and both together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from app.assessment.relevance import find, relevance
from app.built_in_model import EmbeddedLanguageModel
from app.domain.feedback import AnswerFacts
from app.domain.message import message
from app.domain.question import Brief
from app.domain.score import CONFIDENCE, RELEVANCE
from app.english.grounding import occurs
from app.preparation.questions.checks import check_plan, faults_of
from app.services.language_model.base import LanguageModel
from app.services.language_model.fallback import StandingIn
from app.services.language_model.prompted_model import FOLLOW_UP, PromptedLanguageModel
from fakes.base import served
from tests.assessment.answer_pairs import PAIRS
from tests.services.language_model.vendors import VENDORS, Vendor

pytestmark = pytest.mark.anyio
RESUME = (Path(__file__).parents[1] / "fixtures" / "resumes" / "nurse.txt").read_text()
PAIR = PAIRS[0]


def _vendor(vendor: Vendor, failing: str = "") -> Callable[[AsyncExitStack], LanguageModel]:
    def build(stack: AsyncExitStack) -> LanguageModel:
        fake = vendor.fake()
        fake.switch(failing)
        generator = vendor.adapter(stack.enter_context(served(fake)))
        stack.push_async_callback(generator.close)
        model = PromptedLanguageModel(generator, faults_of, follow_up=replace(FOLLOW_UP, timeout_s=60.0, total_s=60.0))
        return StandingIn(model, EmbeddedLanguageModel(), provider=vendor.name) if failing else model

    return build


EVERY: dict[str, Callable[[AsyncExitStack], LanguageModel]] = {
    "built-in": lambda _: EmbeddedLanguageModel(),
    **{vendor.name: _vendor(vendor) for vendor in VENDORS},
    "standing in for a vendor that is down": _vendor(VENDORS[0], "overloaded"),
    "standing in for a vendor that talks nonsense": _vendor(VENDORS[0], "wrong-shape"),
}


@pytest.fixture(params=list(EVERY.values()), ids=list(EVERY))
async def model(request: pytest.FixtureRequest) -> AsyncIterator[LanguageModel]:
    async with AsyncExitStack() as stack:
        yield request.param(stack)


async def test_a_resume_gives_claims_that_stand_in_it(model: LanguageModel) -> None:
    draft = await model.read_resume(RESUME)
    assert draft.looks_like_resume and draft.language == "en"
    assert draft.claims and all(occurs(claim.text, RESUME) for claim in draft.claims)
    assert all(number in claim.text for claim in draft.claims for number in claim.numbers)


async def test_a_plan_holds_and_another_question_is_another_one(model: LanguageModel) -> None:
    brief = Brief("ICU nurse", "mid", ("wound care",), "", await model.read_resume(RESUME))
    plan = await model.plan_questions(brief, count=5)
    assert check_plan(model.name, brief, plan, count=5) == plan
    assert [faults_of(brief, question) for question in plan] == [()] * 5
    another = await model.plan_questions(brief, count=1, avoid=plan)
    assert check_plan(model.name, brief, another, count=1, avoid=plan) == another


async def test_a_good_answer_is_judged_above_an_evasive_one_and_rests_on_its_words(model: LanguageModel) -> None:
    good = PAIR.exchange(PAIR.good)
    verdict = await model.judge(good)
    score = relevance(verdict, good.answer)
    worse = await model.judge(PAIR.exchange(PAIR.off_topic))
    assert score.value is not None and worse.relevance is not None
    assert score.value > worse.relevance + 20
    assert all(find(one.text, one.utterance_id or "", good.answer) for one in score.evidence)
    assert [point.point for point in verdict.points] == [point.text for point in good.key_points]


async def test_silence_is_not_scored(model: LanguageModel) -> None:
    verdict = await model.judge(replace(PAIR.exchange(PAIR.good), answer=()))
    assert (verdict.relevance, verdict.not_scored) == (None, message("not_scored.no_answer"))


async def test_a_follow_up_is_one_question_or_none_and_never_follows_a_follow_up(model: LanguageModel) -> None:
    idea = await model.follow_up(PAIR.exchange(PAIR.vague))
    assert idea is None or (idea.text.endswith("?") and idea.reason)
    assert await model.follow_up(replace(PAIR.exchange(PAIR.vague), is_follow_up=True)) is None


async def test_feedback_has_words_for_each_question_and_no_fact_of_its_own(model: LanguageModel) -> None:
    exchange = PAIR.exchange(PAIR.good)
    verdict = await model.judge(exchange)
    shown = tuple((point.point, point.quote) for point in verdict.points if point.quote)
    answered = AnswerFacts(
        "q1",
        exchange.question,
        exchange.kind,
        exchange.grounding,
        PAIR.good,
        {RELEVANCE: verdict.relevance, CONFIDENCE: 60},
        shown,
        tuple(point for point in exchange.key_points if point.text not in dict(shown)),
        (("words", 120.0),),
    )
    skipped = replace(answered, question_id="q2", answer="", scores={RELEVANCE: None, CONFIDENCE: None}, covered=())
    draft = await model.write_feedback("ICU nurse", (answered, skipped))
    assert draft.summary
    assert [one.question_id for one in draft.questions] == ["q1", "q2"]
    assert draft.questions[1].went_well == ()
