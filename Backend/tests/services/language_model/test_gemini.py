from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from google.genai.types import FinishReason

from app.errors import ProviderError
from app.services.language_model.gemini.generator import Gemini
from app.services.language_model.generation import Generated, GenerationError, Usage
from fakes import credentials, gemini
from fakes.base import Fake, served
from tests.services.language_model.vendors import PROMPT, SCHEMA, gemini_at, sent

# As the vendor's documents have it.
RESPONSE = {
    "candidates": [
        {
            "content": {"role": "model", "parts": [{"text": '{"score":5}'}]},
            "finishReason": "STOP",
            "index": 0,
            "safetyRatings": [],
        }
    ],
    "promptFeedback": None,
    "usageMetadata": {
        "promptTokenCount": 5,
        "candidatesTokenCount": 3,
        "thoughtsTokenCount": 2,
        "cachedContentTokenCount": 0,
        "totalTokenCount": 10,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 5}],
    },
    "modelVersion": "gemini-3.8-flash",
    "responseId": "rid1",
}
REFUSED_429 = {
    "error": {
        "code": 429,
        "message": "You exceeded your current quota…",
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [
                    {
                        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
                        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                        "quotaDimensions": {"location": "global", "model": "gemini-3.8-flash"},
                        "quotaValue": "10",
                    }
                ],
            },
            {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"},
        ],
    }
}


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = gemini.build()
    with served(fake):
        yield fake


async def told(*frames: object, status: int = 200, headers: dict[str, str] | None = None) -> Generated:
    """What the adapter makes of these frames (a string or bytes as they are; with a status, as a refusal)."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        if status != 200:
            body = frames[0] if isinstance(frames[0], (str, bytes)) else json.dumps(frames[0])
            return httpx2.Response(status, content=body, headers=headers)
        lines = [frame if isinstance(frame, str) else json.dumps(frame) for frame in frames]
        stream = "".join(f"data: {line}\r\n\r\n" for line in lines)
        return httpx2.Response(200, content=stream, headers={"content-type": "text/event-stream"})

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://vendor.example")
    adapter = Gemini(client, api_key="k", model="gemini-3.8-flash")
    try:
        return await adapter.generate(PROMPT, SCHEMA, max_output_tokens=100, timeout_s=20)
    finally:
        await adapter.close()


async def refusal(*frames: object, status: int = 200, headers: dict[str, str] | None = None) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await told(*frames, status=status, headers=headers)
    return caught.value


def finishing(reason: str | None, text: str | None = "{}") -> dict[str, Any]:
    candidate: dict[str, Any] = {"finishReason": reason}
    if text is not None:
        candidate["content"] = {"role": "model", "parts": [{"text": text}]}
    return {"candidates": [candidate]}


async def test_the_request_is_the_documented_one_with_the_key_in_its_header_alone(fake: Fake) -> None:
    adapter = gemini_at(fake.address, model="models/gemini-3.8-flash")
    await adapter.generate(PROMPT, SCHEMA, max_output_tokens=100, timeout_s=20)
    await adapter.close()
    asked = fake.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/models/gemini-3.8-flash:streamGenerateContent")
    assert asked.query == "alt=sse"
    assert asked.headers["x-goog-api-key"] == credentials.GEMINI_API_KEY
    assert credentials.GEMINI_API_KEY not in asked.path + asked.query + asked.body.decode()
    body = sent(fake)
    assert set(body) == {"systemInstruction", "contents", "generationConfig"}
    assert [content["role"] for content in body["contents"]] == ["user"]
    config = body["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    assert config["responseJsonSchema"]["title"] == "follow_up"


@pytest.mark.parametrize(
    ("model", "quick", "thinking"),
    [
        ("gemini-3.8-flash", True, {"thinkingLevel": "low"}),
        ("gemini-3.8-flash", False, None),
        ("gemini-flash-latest", True, None),
    ],
)
async def test_a_model_that_can_be_told_thinks_little_while_somebody_waits(
    fake: Fake, model: str, quick: bool, thinking: dict[str, str] | None
) -> None:
    adapter = gemini_at(fake.address, model=model)
    await adapter.generate(PROMPT, SCHEMA, max_output_tokens=100, timeout_s=20, quick=quick)
    await adapter.close()
    assert sent(fake)["generationConfig"].get("thinkingConfig") == thinking


async def test_an_alias_is_asked_for_where_aliases_exist(fake: Fake) -> None:
    adapter = gemini_at(fake.address, model="gemini-flash-latest")
    await adapter.generate(PROMPT, SCHEMA, max_output_tokens=100, timeout_s=20)
    await adapter.close()
    assert fake.asked[0].path.startswith("/v1beta/models/gemini-flash-latest:")


async def test_the_documented_answer_is_read_with_thinking_as_output() -> None:
    assert await told(RESPONSE) == Generated('{"score":5}', Usage(5, 5))


async def test_thought_parts_and_other_candidates_are_no_part_of_the_answer() -> None:
    parts = [{"text": "{ hm", "thought": True}, {"text": '{"a"', "thoughtSignature": "c2ln"}, {"text": ":1}"}]
    first = {"content": {"parts": parts}, "index": 0}
    other = {"content": {"parts": [{"text": "another"}]}, "index": 1, "finishReason": "STOP"}
    generated = await told({"candidates": [first, other]}, finishing("STOP", None))
    assert generated.text == '{"a":1}'


async def test_usage_counts_from_the_beginning_in_each_frame_and_may_leave_anything_out() -> None:
    first = {"usageMetadata": {"promptTokenCount": 50, "thoughtsTokenCount": 20, "candidatesTokenCount": None}}
    second = {**finishing("STOP"), "usageMetadata": {"promptTokenCount": 50, "totalTokenCount": 95}}
    assert (await told(first, second)).usage == Usage(50, 45)
    assert (await told({**finishing("STOP"), "usageMetadata": None})).usage == Usage(0, 0)
    assert (await told({**finishing("STOP"), "usageMetadata": {}})).usage == Usage(0, 0)


@pytest.mark.parametrize("reason", [one.value for one in FinishReason if one.value != "STOP"] + ["NEVER_HEARD_OF"])
async def test_no_finish_reason_but_stop_makes_an_answer(reason: str) -> None:
    error = await refusal(finishing(reason))
    assert isinstance(error, GenerationError)
    expected = {"MAX_TOKENS": "truncated", "CONTINUATION": "truncated"}
    blocked = "SAFETY RECITATION LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII MODEL_ARMOR"
    expected |= dict.fromkeys([*blocked.split(), *(f"IMAGE_{n}" for n in ("SAFETY", "PROHIBITED_CONTENT"))], "blocked")
    expected["IMAGE_RECITATION"] = "blocked"
    assert error.category == expected.get(reason, "invalid_response")
    assert error.retryable is (error.category == "invalid_response")


@pytest.mark.parametrize("reason", ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "NEW"])
async def test_a_blocked_prompt_has_no_candidates_and_is_a_block(reason: str) -> None:
    error = await refusal({"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 7}})
    assert (error.category, error.retryable) == ("blocked", False)
    assert isinstance(error, GenerationError)
    assert error.usage == Usage(7, 0)


async def test_thinking_that_uses_up_the_limit_is_a_cut_answer_without_parts() -> None:
    frame = {
        "candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}],
        "usageMetadata": {"promptTokenCount": 9, "thoughtsTokenCount": 100},
    }
    error = await refusal(frame)
    assert error.category == "truncated"
    assert isinstance(error, GenerationError)
    assert error.usage == Usage(9, 100)


@pytest.mark.parametrize("frame", ["<html>", '{"candidates": "none"}', "[]", "null", "7", '"text"', "{", ""])
async def test_a_frame_of_another_kind_is_an_invalid_response(frame: str) -> None:
    assert (await refusal(frame or "{}", finishing(None))).category == "invalid_response"


async def test_an_error_frame_ends_it_and_the_tokens_before_it_are_counted() -> None:
    begun = {**finishing(None, '{"a":1}'), "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 4}}
    error = await refusal(begun, REFUSED_429)
    assert (error.category, error.retryable, error.retry_after_s) == ("quota", True, 7.0)
    assert isinstance(error, GenerationError)
    assert error.usage == Usage(5, 4)


async def test_a_quota_per_minute_waits_as_long_as_the_vendor_says() -> None:
    error = await refusal(REFUSED_429, status=429)
    assert (error.category, error.retryable, error.retry_after_s) == ("quota", True, 7.0)


async def test_retry_info_may_have_a_fraction_and_the_header_stands_in_for_it() -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.53s"}
    error = await refusal({"error": {"code": 429, "details": [detail]}}, status=429, headers={"retry-after": "3"})
    assert error.retry_after_s == 7.53
    error = await refusal({"error": {"code": 429}}, status=429, headers={"retry-after": "3"})
    assert error.retry_after_s == 3.0


async def test_a_quota_per_day_is_not_worth_a_wait(fake: Fake) -> None:
    fake.switch("day-quota")
    adapter = gemini_at(fake.address)
    with pytest.raises(ProviderError) as caught:
        await adapter.generate(PROMPT, SCHEMA, max_output_tokens=100, timeout_s=20)
    await adapter.close()
    assert (caught.value.category, caught.value.retryable, caught.value.retry_after_s) == ("quota", False, None)


@pytest.mark.parametrize(
    ("status", "body", "category", "retryable"),
    [
        (400, {"error": {"code": 400, "status": "INVALID_ARGUMENT"}}, "refused", False),
        (400, {"error": {"code": 400, "details": [{"reason": "API_KEY_INVALID"}]}}, "unauthorised", False),
        (400, {"error": {"code": 400, "status": "FAILED_PRECONDITION"}}, "unauthorised", False),
        (401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}}, "unauthorised", False),
        (403, {"error": {"code": 403, "status": "PERMISSION_DENIED"}}, "unauthorised", False),
        (404, {"error": {"code": 404, "status": "NOT_FOUND"}}, "refused", False),
        (500, {"error": {"code": 500, "status": "INTERNAL"}}, "crashed", True),
        (503, [{"error": {"code": 503, "status": "UNAVAILABLE"}}], "busy", True),
        (504, {"error": {"code": 504, "status": "DEADLINE_EXCEEDED"}}, "timeout", True),
        (502, "<html>Bad Gateway</html>", "unreachable", True),
        (500, b"\xff\xfe not even text", "crashed", True),
        (503, "", "busy", True),
        (429, {"error": "a text"}, "quota", True),
        (302, "", "refused", False),
        (201, RESPONSE, "invalid_response", False),
    ],
)
async def test_every_refusal_has_one_meaning(status: int, body: object, category: str, retryable: bool) -> None:
    error = await refusal(body, status=status)
    assert (error.category, error.retryable) == (category, retryable)


# What the adapter makes of each failure that the stand-in can be switched to; None: an answer.
OUTCOMES: dict[str, tuple[str, bool] | None] = {
    "cut-without-parts": ("truncated", False),
    "cut-json": ("truncated", False),
    "fenced-json": None,
    "not-json": None,
    "wrong-shape": None,
    "empty": ("invalid_response", True),
    "thinks-aloud": None,
    "invents-quotes": None,
    "obeys": None,
    "unsafe-answer": ("blocked", False),
    "recitation": ("blocked", False),
    "blocked-prompt": ("blocked", False),
    "unknown-finish": ("invalid_response", True),
    "no-usage": None,
    "minute-quota": ("quota", True),
    "long-minute-quota": ("quota", True),
    "day-quota": ("quota", False),
    "overloaded": ("busy", True),
    "internal": ("crashed", True),
    "deadline": ("timeout", True),
    "html-502": ("unreachable", True),
    "not-ok-201": ("invalid_response", False),
    "error-in-list": ("busy", True),
    "key-leaked": ("unauthorised", False),
    "retired": ("refused", False),
    "no-billing": ("unauthorised", False),
    "mid-stream-error": ("busy", True),
    "breaks-off": ("unreachable", True),
    "no-finish": ("invalid_response", True),
    "goes-silent": ("timeout", True),
    "thinks-long": None,
    "silent": ("timeout", True),
}


def test_every_switch_of_the_stand_in_is_in_the_table() -> None:
    assert {mode.name for mode in gemini.MODES} == set(OUTCOMES)


@pytest.mark.parametrize("mode", OUTCOMES)
async def test_each_switch_of_the_stand_in_is_met_as_what_it_is(fake: Fake, mode: str) -> None:
    fake.switch(mode)
    adapter = gemini_at(fake.address, idle_s=0.3 if mode == "goes-silent" else 20)
    outcome: tuple[str, bool] | None = None
    try:
        await adapter.generate(PROMPT, SCHEMA, max_output_tokens=500, timeout_s=0.5 if mode == "silent" else 20)
    except ProviderError as error:
        outcome = (error.category, error.retryable)
    await adapter.close()
    assert outcome == OUTCOMES[mode]
