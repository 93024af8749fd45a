"""One suite over every `JsonGenerator`: what it must do whoever the vendor is, on the vendor's stand-in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from app.errors import ProviderError
from app.services.language_model.answer_shapes import (
    AnswerShape,
    FeedbackShape,
    FollowUpShape,
    PlanShape,
    ResumeShape,
    VerdictShape,
    json_schema,
)
from app.services.language_model.generation import DataBlock, GenerationError, JsonGenerator, Prompt
from fakes.base import Fake, served
from fakes.credentials import MARKED
from tests.services.language_model.vendors import PROMPT, SCHEMA, VENDORS, Vendor


@pytest.fixture(params=VENDORS, ids=lambda vendor: str(vendor.name))
def vendor(request: pytest.FixtureRequest) -> Vendor:
    assert isinstance(request.param, Vendor)
    return request.param


@pytest.fixture
def fake(vendor: Vendor) -> Iterator[Fake]:
    fake = vendor.fake()
    with served(fake):
        yield fake


async def ask(generator: JsonGenerator, *, timeout_s: float = 20.0, max_output_tokens: int = 1000) -> str:
    try:
        generated = await generator.generate(PROMPT, SCHEMA, max_output_tokens=max_output_tokens, timeout_s=timeout_s)
        return generated.text
    finally:
        await generator.close()


async def failure(generator: JsonGenerator, *, timeout_s: float = 20.0) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await ask(generator, timeout_s=timeout_s)
    assert not any(secret in str(caught.value) for secret in MARKED)
    return caught.value


async def test_an_answer_comes_whole_and_of_the_asked_shape_with_its_tokens(vendor: Vendor, fake: Fake) -> None:
    generator = vendor.adapter(fake.address)
    generated = await generator.generate(PROMPT, SCHEMA, max_output_tokens=1000, timeout_s=20)
    await generator.close()
    answer = FollowUpShape.model_validate_json(generated.text)
    assert answer.missing_point == 2
    assert "Before that we checked" in answer.text
    assert generated.usage.input_tokens > 0
    assert generated.usage.output_tokens > 0
    assert generator.provider == vendor.name
    assert len(fake.asked) == 1


@pytest.mark.parametrize("shape", [ResumeShape, PlanShape, FollowUpShape, VerdictShape, FeedbackShape])
async def test_every_shape_of_ours_is_taken_by_the_vendor(vendor: Vendor, fake: Fake, shape: type[AnswerShape]) -> None:
    generator = vendor.adapter(fake.address)
    generated = await generator.generate(PROMPT, json_schema(shape), max_output_tokens=4000, timeout_s=20)
    await generator.close()
    shape.model_validate_json(generated.text)
    assert len(fake.asked) == 1, "a refused schema would have cost a second request"


async def test_other_peoples_text_is_sent_in_the_turn_of_the_user_alone(vendor: Vendor, fake: Fake) -> None:
    generator = vendor.adapter(fake.address)
    prompt = Prompt("Ask one follow-up.", (DataBlock("answer", "canary sentence of somebody else's"),))
    await generator.generate(prompt, SCHEMA, max_output_tokens=1000, timeout_s=20)
    await generator.close()
    body = json.loads(fake.asked[0].body)
    ours = body.pop("systemInstruction", None) or [one for one in body["messages"] if one["role"] == "system"]
    assert "canary" not in json.dumps(ours)
    assert "Ask one follow-up." in json.dumps(ours)
    theirs = body.get("contents") or [one for one in body["messages"] if one["role"] == "user"]
    assert "canary" in json.dumps(theirs)


async def test_no_sampling_parameter_is_sent(vendor: Vendor, fake: Fake) -> None:
    await ask(vendor.adapter(fake.address))
    raw = fake.asked[0].body.decode()
    assert not any(f'"{name}"' in raw for name in ("temperature", "topP", "top_p", "topK", "top_k", "seed"))


async def test_json_in_a_code_fence_is_taken_out_of_it(vendor: Vendor, fake: Fake) -> None:
    fake.switch("fenced-json")
    FollowUpShape.model_validate_json(await ask(vendor.adapter(fake.address)))


@pytest.mark.parametrize("mode", ["not-json", "wrong-shape"])
async def test_nonsense_is_handed_on_as_it_came_for_the_validation_to_refuse(
    vendor: Vendor, fake: Fake, mode: str
) -> None:
    fake.switch(mode)
    with pytest.raises(ValueError, match="validation error"):
        FollowUpShape.model_validate_json(await ask(vendor.adapter(fake.address)))


@pytest.mark.parametrize("mode", ["unknown-finish", "empty", "no-finish"])
async def test_what_did_not_finish_as_an_answer_is_no_answer(vendor: Vendor, fake: Fake, mode: str) -> None:
    fake.switch(mode)
    error = await failure(vendor.adapter(fake.address))
    assert (error.category, error.retryable) == ("invalid_response", True)


async def test_a_failure_in_mid_stream_is_a_failure_and_what_came_before_it_no_answer(
    vendor: Vendor, fake: Fake
) -> None:
    fake.switch("mid-stream-error")
    error = await failure(vendor.adapter(fake.address))
    assert (error.category, error.retryable) == ("busy", True)


async def test_a_connection_lost_in_mid_stream_is_a_failure(vendor: Vendor, fake: Fake) -> None:
    fake.switch("breaks-off")
    error = await failure(vendor.adapter(fake.address))
    assert (error.category, error.retryable) == ("unreachable", True)


async def test_a_silence_in_mid_stream_is_noticed_long_before_the_whole_time_is_up(vendor: Vendor, fake: Fake) -> None:
    fake.switch("goes-silent")
    async with asyncio.timeout(60):
        error = await failure(vendor.adapter(fake.address, idle_s=0.2), timeout_s=600)
    assert (error.category, error.retryable) == ("timeout", True)


async def test_a_vendor_that_never_answers_is_given_up_when_the_time_is_up(vendor: Vendor, fake: Fake) -> None:
    fake.switch("silent")
    error = await failure(vendor.adapter(fake.address), timeout_s=0.5)
    assert (error.category, error.retryable) == ("timeout", True)


async def test_thinking_before_the_first_word_is_no_silence(vendor: Vendor, fake: Fake) -> None:
    fake.switch("thinks-long")
    FollowUpShape.model_validate_json(await ask(vendor.adapter(fake.address, idle_s=0.9), timeout_s=60))


async def test_a_page_of_html_is_no_answer(vendor: Vendor, fake: Fake) -> None:
    fake.switch("html-502")
    error = await failure(vendor.adapter(fake.address))
    assert (error.category, error.retryable) == ("unreachable", True)


async def test_a_wrong_key_is_told_apart_and_not_tried_again(vendor: Vendor, fake: Fake) -> None:
    error = await failure(vendor.adapter(fake.address, key="wrong-key-0123456789"))
    assert (error.category, error.retryable) == ("unauthorised", False)
    assert "wrong-key" not in f"{error!r} {error.__cause__!r}"


async def test_an_unknown_model_is_named_in_the_log_and_not_tried_again(
    vendor: Vendor, fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    error = await failure(vendor.adapter(fake.address, model="no-such-model"))
    assert (error.category, error.retryable) == ("refused", False)
    assert "no-such-model" in caplog.text
    assert "_MODEL" in caplog.text


async def test_nobody_there_is_unreachable(vendor: Vendor) -> None:
    error = await failure(vendor.adapter("http://127.0.0.1:9"))
    assert (error.category, error.retryable) == ("unreachable", True)


async def test_a_cut_answer_is_a_failure_that_the_same_question_would_meet_again(vendor: Vendor, fake: Fake) -> None:
    fake.switch("cut-json" if vendor.name == "gemini" else "length")
    error = await failure(vendor.adapter(fake.address))
    assert (error.category, error.retryable) == ("truncated", False)
    assert isinstance(error, GenerationError)
    assert error.usage.input_tokens > 0


async def test_missing_usage_is_no_failure_and_no_guess(vendor: Vendor, fake: Fake) -> None:
    fake.switch("no-usage")
    generator = vendor.adapter(fake.address)
    generated = await generator.generate(PROMPT, SCHEMA, max_output_tokens=1000, timeout_s=20)
    await generator.close()
    assert (generated.usage.input_tokens, generated.usage.output_tokens) == (0, 0)


async def test_the_limit_of_tokens_leaves_room_for_thinking(vendor: Vendor, fake: Fake) -> None:
    await ask(vendor.adapter(fake.address), max_output_tokens=700)
    body = json.loads(fake.asked[0].body)
    limit = body["generationConfig"]["maxOutputTokens"] if vendor.name == "gemini" else body["max_tokens"]
    assert limit == 700 + 8192


async def test_nothing_of_a_request_or_of_a_refusal_is_logged(
    vendor: Vendor, fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="app")
    generator = vendor.adapter(fake.address)
    for mode in fake.modes:
        if mode.name in ("silent", "goes-silent", "breaks-off"):
            continue
        fake.switch("")
        fake.switch(mode.name)
        try:
            await generator.generate(PROMPT, SCHEMA, max_output_tokens=1000, timeout_s=20)
        except ProviderError as error:
            assert "checked every order" not in f"{error!r} {error.__cause__!r}"
    await generator.close()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("app"))
    assert "checked every order" not in ours
    assert not any(secret in ours for secret in MARKED)
