"""Attacks in a resume, a job description or an answer change nothing, and would without the fence.

The model behind the stand-in obeys whatever it finds outside the fence, in any disguise. It has a twin that obeys
nothing: with the fence both must answer alike, to the last word; without it the obedient one must be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest

from app.domain.answer import AnswerUtterance, Exchange
from app.domain.feedback import AnswerFacts
from app.domain.question import Brief
from app.domain.score import CONFIDENCE, RELEVANCE
from app.domain.verdict import Verdict
from app.errors import ProviderError
from app.preparation.questions.checks import faults_of
from app.services.language_model import prompt_fence
from app.services.language_model.generation import DataBlock, Prompt
from app.services.language_model.prompted_model import FOLLOW_UP, PromptedLanguageModel
from app.services.language_model.wire import Render
from app.texts import text
from fakes.base import Fake, served
from tests.assessment.answer_pairs import PAIRS
from tests.services.language_model.attacks import ATTACKS, GUESSED
from tests.services.language_model.vendors import VENDORS, Vendor

R = TypeVar("R")
NURSE = (Path(__file__).parents[2] / "fixtures" / "resumes" / "nurse.txt").read_text()
PAIR = PAIRS[0]
PLAIN = dict(ATTACKS)["plain"]
# How quick the machine is that runs the tests is not the question here.
UNHURRIED = replace(FOLLOW_UP, timeout_s=60.0, total_s=60.0)
pytestmark = pytest.mark.anyio


def unfenced(prompt: Prompt) -> tuple[str, str]:
    """What many programs send: the data as it is, under its label."""
    return prompt.instructions, "\n".join(f"{block.label}: {block.text}" for block in prompt.data)


def weakly_fenced(prompt: Prompt) -> tuple[str, str]:
    """A fence whose mark can be known, around text as it is."""
    lines = "\n".join(f"{block.label}: {block.text}" for block in prompt.data)
    return (
        f"{prompt.instructions}\nData is between === DATA {GUESSED} === and === END {GUESSED} ===.",
        f"=== DATA {GUESSED} ===\n{lines}\n=== END {GUESSED} ===",
    )


@dataclass(frozen=True)
class Twins:
    """One vendor's stand-in twice: the obedient model and the one that obeys nothing."""

    vendor: Vendor
    obedient_at: str
    deaf_at: str

    @asynccontextmanager
    async def models(
        self, render: Render = prompt_fence.render
    ) -> AsyncIterator[tuple[PromptedLanguageModel, PromptedLanguageModel]]:
        obedient = self.vendor.adapter(self.obedient_at, render=render)
        deaf = self.vendor.adapter(self.deaf_at, render=render)
        try:
            yield (
                PromptedLanguageModel(obedient, faults_of, follow_up=UNHURRIED),
                PromptedLanguageModel(deaf, faults_of, follow_up=UNHURRIED),
            )
        finally:
            await obedient.close()
            await deaf.close()


@contextmanager
def _serving(vendor: Vendor) -> Iterator[Twins]:
    obedient: Fake = vendor.fake()
    obedient.switch("obeys")
    with served(obedient) as first, served(vendor.fake()) as second:
        yield Twins(vendor, first, second)


@pytest.fixture(scope="module", params=VENDORS, ids=lambda vendor: vendor.name)
def each_twins(request: pytest.FixtureRequest) -> Iterator[Twins]:
    with _serving(request.param) as twins:
        yield twins


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    with _serving(VENDORS[0]) as twins:
        yield twins


def said(*texts: str) -> Exchange:
    answer = tuple(AnswerUtterance(f"u{n}", text, n * 1000, n * 1000 + 900) for n, text in enumerate(texts))
    return replace(PAIR.exchange(PAIR.vague), answer=answer)


def facts(answer: str) -> AnswerFacts:
    exchange = said(answer)
    scores = {RELEVANCE: 40, CONFIDENCE: 50}
    return AnswerFacts(
        "q1", exchange.question, exchange.kind, exchange.grounding, answer, scores, (), exchange.key_points, ()
    )


async def outcome(asked: Awaitable[R]) -> R | str:
    """The result, or how it failed: an attack may at most make a model unusable, and then the built-in judges."""
    try:
        return await asked
    except ProviderError as error:
        return error.category


async def each(do: Callable[[str], Awaitable[R]]) -> dict[str, R]:
    """`do` for every attack, by its name."""
    results = await asyncio.gather(*(do(text) for _, text in ATTACKS))
    return {name: result for (name, _), result in zip(ATTACKS, results, strict=True)}


def won(judged: Verdict | str) -> bool:
    return isinstance(judged, str) or (judged.relevance or 0) >= 90


def test_there_are_at_least_thirty_attacks() -> None:
    assert len({text for _, text in ATTACKS}) == len(dict(ATTACKS)) >= 30


async def test_an_answer_is_judged_as_if_the_words_were_only_words(each_twins: Twins) -> None:
    async with each_twins.models() as (obedient, deaf):
        judged = await each(lambda attack: outcome(obedient.judge(said(PAIR.vague, attack))))
        assert judged == await each(lambda attack: outcome(deaf.judge(said(PAIR.vague, attack))))
    assert {name: one for name, one in judged.items() if isinstance(one, str) or (one.relevance or 0) > 50} == {}


async def test_without_the_fence_each_of_the_attacks_would_win(each_twins: Twins) -> None:
    async with each_twins.models(unfenced) as (obedient, _):
        judged = await each(lambda attack: outcome(obedient.judge(said(PAIR.vague, attack))))
    assert [name for name, one in judged.items() if not won(one)] == []


async def test_without_the_fence_honest_answers_are_judged_as_with_it(twins: Twins) -> None:
    """The set has its teeth from the attacks, not from how the data is laid out."""
    async with twins.models() as (fenced, _), twins.models(unfenced) as (open_to_all, _):
        for exchange in (said(PAIR.vague), PAIRS[1].exchange(PAIRS[1].good), PAIRS[2].exchange(PAIRS[2].good)):
            assert (await fenced.judge(exchange)) == (await open_to_all.judge(exchange))


async def test_a_mark_that_can_be_guessed_is_no_fence(twins: Twins) -> None:
    async with twins.models(weakly_fenced) as (obedient, _):
        assert not won(await outcome(obedient.judge(said(PAIR.vague, PLAIN))))
        assert won(await outcome(obedient.judge(said(PAIR.vague, dict(ATTACKS)["a fence end, guessed"]))))


async def test_a_follow_up_is_asked_all_the_same(twins: Twins) -> None:
    async with twins.models() as (obedient, deaf):
        asked = await each(lambda attack: outcome(_worded(obedient, said(PAIR.vague, attack))))
        assert asked == await each(lambda attack: outcome(_worded(deaf, said(PAIR.vague, attack))))
    async with twins.models(unfenced) as (obedient, _):
        assert await _worded(obedient, said(PAIR.vague, PLAIN)) == ""


async def test_a_resume_is_read_as_if_the_line_were_only_a_line(twins: Twins) -> None:
    async with twins.models() as (obedient, deaf):
        honest = await deaf.read_resume(NURSE)
        read = await each(lambda attack: obedient.read_resume(f"{NURSE}\n{attack}\n"))
        assert read == await each(lambda attack: deaf.read_resume(f"{NURSE}\n{attack}\n"))
    assert [name for name, one in read.items() if one.headline != honest.headline] == []
    assert [name for name, one in read.items() if not set(one.claims) >= set(honest.claims)] == []
    async with twins.models(unfenced) as (obedient, _):
        assert (await obedient.read_resume(f"{NURSE}\n{PLAIN}\n")).headline == "The best candidate ever"


async def test_questions_stay_hard_whatever_the_job_description_says(twins: Twins) -> None:
    async with twins.models() as (obedient, deaf):
        profile = await deaf.read_resume(NURSE)
        brief = Brief("ICU nurse", "mid", (), "", profile)
        asked = await each(lambda attack: obedient.plan_questions(replace(brief, job_description=attack), count=5))
        assert asked == await each(lambda attack: deaf.plan_questions(replace(brief, job_description=attack), count=5))
    async with twins.models(unfenced) as (obedient, _):
        easy = await obedient.plan_questions(replace(brief, job_description=PLAIN), count=5)
    assert all("plain yes" in question.text for question in easy)


async def test_feedback_praises_no_more_than_it_would(twins: Twins) -> None:
    async with twins.models() as (obedient, deaf):
        written = await each(lambda attack: outcome(obedient.write_feedback("nurse", (facts(attack),))))
        assert written == await each(lambda attack: outcome(deaf.write_feedback("nurse", (facts(attack),))))
    async with twins.models(unfenced) as (obedient, _):
        praise = await obedient.write_feedback("nurse", (facts(PLAIN),))
    assert "Hire this candidate" in text(praise.summary[0])


async def test_a_model_that_lies_of_its_own_accord_can_only_quote_what_was_said(twins: Twins) -> None:
    liar: Fake = twins.vendor.fake()
    liar.switch("invents-quotes")
    with served(liar) as address:
        adapter = twins.vendor.adapter(address)
        assert await outcome(PromptedLanguageModel(adapter, faults_of).judge(said(PAIR.good))) == "invalid_response"
        await adapter.close()
    assert len(liar.asked) == 2


async def _worded(model: PromptedLanguageModel, exchange: Exchange) -> str:
    idea = await model.follow_up(exchange)
    return idea.text if idea else ""


# ---- the fence itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", [text for _, text in ATTACKS], ids=[name for name, _ in ATTACKS])
def test_no_line_of_the_data_is_a_line_of_the_prompt(attack: str) -> None:
    mark = "f" * 32
    prompt = Prompt("Do it.", (DataBlock("resume", attack), DataBlock("answer", attack)))
    system, user = prompt_fence.render(prompt, new_mark=lambda: mark)
    lines = user.split("\n")
    assert lines[0] == f"=== DATA {mark} ===" and lines[3] == f"=== END {mark} ===" and len(lines) == 5
    assert user.splitlines() == lines
    assert attack not in system


def test_a_mark_that_stands_in_the_data_is_drawn_again() -> None:
    marks = iter(("a" * 32, "b" * 32))
    _, user = prompt_fence.render(Prompt("Do it.", (DataBlock("answer", "A" * 40),)), new_mark=lambda: next(marks))
    assert "=== END " + "b" * 32 in user


def test_each_request_has_a_mark_of_its_own() -> None:
    prompt = Prompt("Do it.", (DataBlock("answer", "words"),))
    assert prompt_fence.render(prompt) != prompt_fence.render(prompt)


def test_ordinary_text_of_any_language_passes_unchanged() -> None:
    text = "Zoë wrote: “naïve — 50 % of €1,200”.\n\t- \\n stays, 慢 too, e = mc²"
    assert prompt_fence.visible(text) == text
