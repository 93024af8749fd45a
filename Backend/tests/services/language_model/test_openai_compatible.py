from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.domain.json import JsonObject
from app.errors import ProviderError
from app.services.language_model.answer_shapes import FollowUpShape
from app.services.language_model.generation import Generated, GenerationError, Usage
from app.services.language_model.openai_compatible.generator import OpenAICompatible, closed
from fakes import credentials, openai_compatible
from fakes.base import Fake, served
from tests.services.language_model.vendors import PROMPT, SCHEMA, openai_at, sent

USAGE = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = openai_compatible.build()
    with served(fake):
        yield fake


async def ask(adapter: OpenAICompatible) -> Generated:
    return await adapter.generate(PROMPT, SCHEMA, max_output_tokens=500, timeout_s=20)


async def told(*events: object, status: int = 200, headers: dict[str, str] | None = None) -> Generated:
    """What the adapter makes of these events (a string as it is; with a status, of that refusal)."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        if status != 200:
            body = events[0] if isinstance(events[0], (str, bytes)) else json.dumps(events[0])
            return httpx2.Response(status, content=body, headers=headers)
        stream = "".join(f"data: {one if isinstance(one, str) else json.dumps(one)}\n\n" for one in events)
        return httpx2.Response(200, content=stream, headers={"content-type": "text/event-stream"})

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://vendor.example/v1")
    adapter = OpenAICompatible(client, api_key="", model="m")
    try:
        return await ask(adapter)
    finally:
        await adapter.close()


async def refusal(*events: object, status: int = 200, headers: dict[str, str] | None = None) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await told(*events, status=status, headers=headers)
    return caught.value


def saying(content: object, finish: str | None = None, **more: object) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content, **more}, "finish_reason": finish}]}


async def test_the_request_is_the_documented_one(fake: Fake) -> None:
    adapter = openai_at(fake.address)
    await ask(adapter)
    await adapter.close()
    asked = fake.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["authorization"] == f"Bearer {credentials.OPENAI_API_KEY}"
    body = sent(fake)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["stream_options"] == {"include_usage": True}
    shape = body["response_format"]["json_schema"]
    assert (shape["name"], shape["strict"]) == ("follow_up", True)


async def test_without_a_key_no_header_is_sent_and_a_base_address_may_have_a_path() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]})

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://here.example/a/v1/")
    adapter = OpenAICompatible(client, api_key="", model="m")
    assert (await ask(adapter)).text == "{}"
    await adapter.close()
    assert str(asked[0].url) == "http://here.example/a/v1/chat/completions"
    assert "authorization" not in asked[0].headers


def _format(body: dict[str, Any]) -> str:
    return str(body.get("response_format", {}).get("type", "none"))


@pytest.mark.parametrize(
    ("modes", "formats"),
    [
        ((), ["json_schema"]),
        (("only-json-object",), ["json_schema", "json_object"]),
        (("no-response-format",), ["json_schema", "json_object", "none"]),
        (("only-json-object", "only-json-schema"), ["json_schema", "json_object", "none"]),
    ],
)
async def test_a_shape_the_server_cannot_hold_to_is_asked_for_another_way_and_that_is_remembered(
    fake: Fake, modes: tuple[str, ...], formats: list[str]
) -> None:
    for mode in modes:
        fake.switch(mode)
    adapter = openai_at(fake.address)
    FollowUpShape.model_validate_json((await ask(adapter)).text)
    assert [_format(sent(fake, number)) for number in range(len(fake.asked))] == formats
    await ask(adapter)
    await adapter.close()
    assert len(fake.asked) == len(formats) + 1
    assert _format(sent(fake)) == formats[-1]


async def test_a_server_that_holds_to_no_shape_is_told_it_in_our_instructions(fake: Fake) -> None:
    fake.switch("no-response-format")
    adapter = openai_at(fake.address)
    await ask(adapter)
    await adapter.close()
    system, user = sent(fake)["messages"]
    assert '"missing_point"' in system["content"]
    assert '"missing_point"' not in user["content"]


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("wants-max-completion-tokens", ["max_tokens", "max_completion_tokens"]),
        ("small-context", ["max_tokens", "max_completion_tokens", ""]),
    ],
)
async def test_the_limit_of_tokens_goes_by_the_name_the_server_takes(fake: Fake, mode: str, names: list[str]) -> None:
    fake.switch(mode)
    adapter = openai_at(fake.address)
    await ask(adapter)
    await adapter.close()
    found = [next((name for name in sent(fake, number) if "_tokens" in name), "") for number in range(len(fake.asked))]
    assert found == names


async def test_a_server_without_stream_options_streams_without_usage(fake: Fake) -> None:
    fake.switch("no-stream-options")
    adapter = openai_at(fake.address)
    generated = await ask(adapter)
    await adapter.close()
    FollowUpShape.model_validate_json(generated.text)
    assert generated.usage == Usage(0, 0)
    assert [("stream_options" in sent(fake, number)) for number in (0, 1)] == [True, False]


async def test_two_calls_that_learn_the_same_at_once_step_down_once(fake: Fake) -> None:
    fake.switch("only-json-object")
    adapter = openai_at(fake.address)
    await asyncio.gather(*(ask(adapter) for _ in range(4)))
    await ask(adapter)
    await adapter.close()
    assert _format(sent(fake)) == "json_object"


async def test_a_server_that_ignores_the_wish_to_stream_is_understood(fake: Fake) -> None:
    fake.switch("ignores-stream")
    adapter = openai_at(fake.address)
    generated = await ask(adapter)
    await adapter.close()
    FollowUpShape.model_validate_json(generated.text)
    assert generated.usage.output_tokens > 0


async def test_thinking_in_fields_of_its_own_or_in_parts_is_left_out() -> None:
    parts = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": '{"a"'}]
    generated = await told(
        saying(None, reasoning_content="{ hm"),
        saying(None, reasoning="hm"),
        saying(parts),
        saying(":1}"),
        saying(None, "stop"),
        {"choices": [], "usage": USAGE},
        "[DONE]",
    )
    assert generated == Generated('{"a":1}', Usage(7, 5))


async def test_usage_may_be_missing_null_or_half() -> None:
    assert (await told({**saying("{}", "stop"), "usage": None})).usage == Usage(0, 0)
    assert (await told(saying("{}", "stop"), {"usage": {"prompt_tokens": 3}})).usage == Usage(3, 0)


@pytest.mark.parametrize(
    ("finish", "category"),
    [
        ("length", "truncated"),
        ("content_filter", "blocked"),
        ("tool_calls", "invalid_response"),
        ("function_call", "invalid_response"),
        ("error", "invalid_response"),
        ("new", "invalid_response"),
    ],
)
async def test_no_finish_reason_but_the_known_good_ones_makes_an_answer(finish: str, category: str) -> None:
    error = await refusal({**saying("{}", finish), "usage": USAGE})
    assert isinstance(error, GenerationError)
    assert (error.category, error.usage) == (category, Usage(7, 5))


@pytest.mark.parametrize("event", ["<html>", '{"choices": "none"}', "[1]", "null", "7", "{", "[" * 100_000])
async def test_an_event_of_another_kind_is_an_invalid_response(event: str) -> None:
    assert (await refusal(event)).category == "invalid_response"


@pytest.mark.parametrize(
    ("event", "category"),
    [
        ({"error": {"message": "boom", "type": "server_error"}}, "crashed"),
        ({"error": {"message": "busy", "code": 503}}, "busy"),
        ({"error": "something broke"}, "crashed"),
        ({"object": "error", "message": "response_format grammar", "code": 400}, "refused"),
        ({**saying("", "error"), "error": {"code": "server_error", "message": "upstream"}}, "crashed"),
        ({"error": {"code": 429, "message": "slow down"}}, "quota"),
    ],
)
async def test_an_error_in_mid_stream_is_a_failure_in_all_its_shapes(event: dict[str, Any], category: str) -> None:
    begun = {**saying('{"a":'), "usage": USAGE}
    error = await refusal(begun, event, saying("1}", "stop"), "[DONE]")
    assert isinstance(error, GenerationError)
    assert (error.category, error.usage) == (category, Usage(7, 5))


@pytest.mark.parametrize(
    ("status", "body", "category", "retryable"),
    [
        (401, {"error": {"message": "no key", "code": "invalid_api_key"}}, "unauthorised", False),
        (403, {"detail": "Forbidden"}, "unauthorised", False),
        (402, {"error": {"code": 402, "message": "Insufficient credits"}}, "quota", False),
        (
            404,
            {"error": {"message": 'model "m" not found, try pulling it first', "type": "api_error"}},
            "refused",
            False,
        ),
        (404, "404 page not found", "refused", False),
        (429, {"error": {"type": "insufficient_quota", "code": "insufficient_quota"}}, "quota", False),
        (429, {"error": {"type": "requests", "code": "rate_limit_exceeded"}}, "quota", True),
        (400, {"error": {"code": "context_length_exceeded", "message": "too long, max_tokens"}}, "refused", False),
        (400, {"error": "something else"}, "refused", False),
        (500, "", "crashed", True),
        (502, "<html>", "unreachable", True),
        (503, {"error": {"code": 503, "message": "Loading model"}}, "busy", True),
        (529, {"error": {"type": "overloaded_error"}}, "busy", True),
        (504, "", "timeout", True),
        (307, "", "refused", False),
    ],
)
async def test_every_refusal_has_one_meaning(status: int, body: object, category: str, retryable: bool) -> None:
    error = await refusal(body, status=status)
    assert (error.category, error.retryable) == (category, retryable)


async def test_a_server_that_refuses_every_form_is_a_refusal_and_no_endless_loop() -> None:
    body = {"error": {"message": "response_format: no. max_tokens: no. stream_options: no."}}
    error = await refusal(body, status=400)
    assert (error.category, error.retryable) == ("refused", False)


async def test_the_wish_in_milliseconds_is_the_finer_one() -> None:
    headers = {"retry-after-ms": "1250", "retry-after": "2"}
    assert (await refusal({}, status=429, headers=headers)).retry_after_s == 1.25
    assert (await refusal({}, status=429, headers={"retry-after": "2"})).retry_after_s == 2.0


async def test_a_wrong_address_is_told_from_a_missing_model(caplog: pytest.LogCaptureFixture) -> None:
    await refusal("404 page not found", status=404)
    assert "OPENAI_BASE_URL" in caplog.text
    assert "OPENAI_MODEL" not in caplog.text


def test_strict_mode_closes_every_object_however_deep() -> None:
    inner: JsonObject = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "number"}},
        "required": ["a"],
    }
    made = closed(
        {"type": "object", "properties": {"list": {"type": "array", "items": inner}, "or": {"anyOf": [inner]}}}
    )
    whole = {**inner, "required": ["a", "b"], "additionalProperties": False}
    assert made["properties"] == {"list": {"type": "array", "items": whole}, "or": {"anyOf": [whole]}}
    assert made["required"] == ["list", "or"]


# What the adapter makes of each failure that the stand-in can be switched to; None: an answer.
OUTCOMES: dict[str, tuple[str, bool] | None] = {
    "only-json-object": None,
    "only-json-schema": None,
    "no-response-format": None,
    "no-stream-options": None,
    "wants-max-completion-tokens": None,
    "small-context": None,
    "context-exceeded": ("refused", False),
    "ignores-stream": None,
    "no-usage": None,
    "length": ("truncated", False),
    "content-filter": ("blocked", False),
    "refusal": ("blocked", False),
    "tool-calls": ("invalid_response", True),
    "unknown-finish": ("invalid_response", True),
    "empty": ("invalid_response", True),
    "not-json": None,
    "wrong-shape": None,
    "fenced-json": None,
    "thinks-in-text": None,
    "thinks-beside": None,
    "invents-quotes": None,
    "obeys": None,
    "rate-limited": ("quota", True),
    "rate-limited-long": ("quota", True),
    "insufficient-quota": ("quota", False),
    "payment-required": ("quota", False),
    "overloaded": ("busy", True),
    "internal": ("crashed", True),
    "html-502": ("unreachable", True),
    "forbidden": ("unauthorised", False),
    "mid-stream-error": ("busy", True),
    "error-field": ("crashed", True),
    "breaks-off": ("unreachable", True),
    "no-finish": ("invalid_response", True),
    "goes-silent": ("timeout", True),
    "thinks-long": None,
    "silent": ("timeout", True),
}


def test_every_switch_of_the_stand_in_is_in_the_table() -> None:
    assert {mode.name for mode in openai_compatible.MODES} == set(OUTCOMES)


@pytest.mark.parametrize("mode", OUTCOMES)
async def test_each_switch_of_the_stand_in_is_met_as_what_it_is(fake: Fake, mode: str) -> None:
    fake.switch(mode)
    adapter = openai_at(fake.address, idle_s=0.3 if mode == "goes-silent" else 20)
    outcome: tuple[str, bool] | None = None
    try:
        await adapter.generate(PROMPT, SCHEMA, max_output_tokens=500, timeout_s=0.5 if mode == "silent" else 20)
    except ProviderError as error:
        outcome = (error.category, error.retryable)
    await adapter.close()
    assert outcome == OUTCOMES[mode]
