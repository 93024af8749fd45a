"""Every call is allowed first and recorded afterwards, whoever made it and however it ended."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import ProviderError
from app.preparation.questions.checks import faults_of
from app.services.language_model.answer_shapes import VerdictShape, json_schema
from app.services.language_model.generation import DataBlock, Generated, GenerationError, Prompt, Usage
from app.services.language_model.meter import Attribution, MeteredCall, MeteredGenerator, attributed
from app.services.language_model.prompted_model import PromptedLanguageModel
from tests.assessment.answer_pairs import PAIRS
from tests.services.language_model.scripted import Answer, ScriptedGenerator

pytestmark = pytest.mark.anyio
PROMPT = Prompt("Judge.", (DataBlock("answer", "words"),))
SCHEMA = json_schema(VerdictShape)


class Ledger:
    def __init__(self, *, allowed: int = 1000, broken: bool = False) -> None:
        self.calls: list[MeteredCall] = []
        self._allowed = allowed
        self._broken = broken

    async def allows(self, model: str, attribution: Attribution) -> bool:
        return len(self.calls) < self._allowed

    async def record(self, call: MeteredCall) -> None:
        if self._broken:
            raise OSError("disk full")
        self.calls.append(call)


def metered(ledger: Ledger, *answers: Answer) -> tuple[MeteredGenerator, ScriptedGenerator]:
    generator = ScriptedGenerator(*answers)
    return MeteredGenerator(generator, ledger), generator


async def test_a_call_is_recorded_for_whom_it_was_made() -> None:
    ledger = Ledger()
    with attributed(user_id="asha", interview_id="one"):
        await metered(ledger, {})[0].generate(PROMPT, SCHEMA, max_output_tokens=9, timeout_s=1)
    (call,) = ledger.calls
    assert call.attribution == Attribution("asha", "one")
    assert (call.provider, call.model, call.purpose, call.outcome) == ("scripted", "scripted-1", "judge", "ok")
    assert call.usage == Usage(100, 50)


async def test_whose_call_it_is_stays_with_each_task() -> None:
    ledger = Ledger()
    generator, _ = metered(ledger, {})

    async def ask(user: str) -> None:
        with attributed(user_id=user):
            await asyncio.sleep(0)
            await generator.generate(PROMPT, SCHEMA, max_output_tokens=9, timeout_s=1)

    await asyncio.gather(*(ask(user) for user in "abc"))
    assert sorted(call.attribution.user_id for call in ledger.calls) == ["a", "b", "c"]


async def test_a_failed_call_counts_with_the_tokens_it_used() -> None:
    ledger = Ledger()
    cut = GenerationError("scripted", "truncated", retryable=False, usage=Usage(7, 9))
    with pytest.raises(ProviderError):
        await metered(ledger, cut)[0].generate(PROMPT, SCHEMA, max_output_tokens=9, timeout_s=1)
    assert [(call.outcome, call.usage) for call in ledger.calls] == [("truncated", Usage(7, 9))]


async def test_a_call_that_is_cancelled_is_recorded_too() -> None:
    class Hanging(ScriptedGenerator):
        async def generate(self, prompt: Prompt, *_: object, **__: object) -> Generated:
            await asyncio.Event().wait()
            raise AssertionError

    ledger = Ledger()
    task = asyncio.create_task(
        MeteredGenerator(Hanging({}), ledger).generate(PROMPT, SCHEMA, max_output_tokens=9, timeout_s=1)
    )
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [call.outcome for call in ledger.calls] == ["cancelled"]


async def test_repeats_and_repairs_are_calls_like_others() -> None:
    ledger = Ledger()
    generator, asked = metered(ledger, "not JSON")
    with pytest.raises(ProviderError):
        await PromptedLanguageModel(generator, faults_of).judge(PAIRS[0].exchange(PAIRS[0].good))
    assert len(ledger.calls) == len(asked.prompts) == 2


async def test_over_the_cap_the_vendor_is_not_asked() -> None:
    generator, asked = metered(Ledger(allowed=0), {})
    with pytest.raises(ProviderError) as caught:
        await generator.generate(PROMPT, SCHEMA, max_output_tokens=9, timeout_s=1)
    assert (caught.value.category, caught.value.retryable) == ("spending_cap", False)
    assert asked.prompts == []


async def test_an_answer_is_not_lost_because_its_receipt_is() -> None:
    generated = await metered(Ledger(broken=True), {"a": 1})[0].generate(
        PROMPT, SCHEMA, max_output_tokens=9, timeout_s=1
    )
    assert generated.text == '{"a": 1}'
