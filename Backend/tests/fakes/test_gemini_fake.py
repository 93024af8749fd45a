"""The stand-in for Gemini against the vendor's documents, and with the vendor's own SDK as its counterpart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import httpx2
import pytest
from google import genai
from google.genai import errors, types
from pydantic import BaseModel

from app.services.language_model.answer_shapes import VerdictShape, json_schema
from fakes import credentials, gemini
from fakes.base import Fake, served

KEY = {"x-goog-api-key": credentials.GEMINI_API_KEY}
SIMPLE: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
# As the vendor's documents have it: camelCase and snake_case mixed, as the SDK really sends them.
DOCUMENTED: dict[str, Any] = {
    "contents": [
        {
            "role": "user",
            "parts": [{"inlineData": {"data": "JVBERg==", "mime_type": "application/pdf"}}, {"text": "rate"}],
        }
    ],
    "systemInstruction": {"role": "user", "parts": [{"text": "be brief"}]},
    "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}],
    "generationConfig": {
        "temperature": 0.2,
        "maxOutputTokens": 100,
        "responseMimeType": "application/json",
        "responseSchema": {
            "type": "OBJECT",
            "properties": {
                "score": {"type": "INTEGER", "minimum": 0.0, "maximum": 10.0, "title": "Score"},
                "kind": {"type": "STRING", "nullable": True, "enum": ["a", "b"]},
            },
            "property_ordering": ["score", "kind"],
            "required": ["score"],
            "title": "S",
        },
        "thinkingConfig": {"thinking_level": "LOW"},
    },
    "tools": [],
    "toolConfig": {},
    "cachedContent": "cachedContents/abc",
}


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = gemini.build()
    with served(fake):
        yield fake


def post(
    fake: Fake,
    body: object,
    *,
    call: str = "gemini-3.8-flash:generateContent",
    version: str = "v1",
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    return httpx2.post(
        f"{fake.address}/{version}/models/{call}", json=body, headers=KEY if headers is None else headers
    )


def error_of(answer: httpx2.Response) -> dict[str, Any]:
    error = answer.json()["error"]
    assert isinstance(error, dict)
    assert error["code"] == answer.status_code
    return error


def test_the_documented_request_is_taken_and_answered_in_the_documented_shape(fake: Fake) -> None:
    answer = post(fake, DOCUMENTED)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"candidates", "usageMetadata", "modelVersion", "responseId"}
    candidate = told["candidates"][0]
    assert set(candidate) == {"content", "finishReason", "index", "safetyRatings"}
    assert (candidate["content"]["role"], candidate["finishReason"], candidate["index"]) == ("model", "STOP", 0)
    assert set(json.loads(candidate["content"]["parts"][0]["text"])) == {"score", "kind"}
    usage = told["usageMetadata"]
    parts = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    assert usage["totalTokenCount"] == sum(usage[name] for name in parts)
    assert usage["promptTokensDetails"] == [{"modality": "TEXT", "tokenCount": usage["promptTokenCount"]}]


@pytest.mark.parametrize("version", ["v1", "v1beta", "v1alpha"])
def test_all_three_versions_are_served_and_no_other(fake: Fake, version: str) -> None:
    assert post(fake, SIMPLE, version=version).status_code == 200
    assert post(fake, SIMPLE, version="v2").status_code == 404


def test_the_key_may_be_a_header_or_a_parameter_and_a_wrong_one_is_a_400(fake: Fake) -> None:
    address = f"{fake.address}/v1/models/gemini-3.8-flash:generateContent"
    assert httpx2.post(address, json=SIMPLE, params={"key": credentials.GEMINI_API_KEY}).status_code == 200
    assert error_of(post(fake, SIMPLE, headers={}))["status"] == "PERMISSION_DENIED"
    wrong = error_of(post(fake, SIMPLE, headers={"x-goog-api-key": "nope"}))
    assert (wrong["code"], wrong["details"][0]["reason"]) == (400, "API_KEY_INVALID")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"prompt": "hi"}, 'Unknown name "prompt"'),
        ({"generationConfig": {"maxTokens": 5}}, "Unknown name \"maxTokens\" at 'generation_config'"),
        ({"contents": [{"role": "user", "parts": [{"txt": "a"}]}]}, "Unknown name \"txt\" at 'contents[0].parts[0]'"),
        ({"generationConfig": {"maxOutputTokens": {}}}, "Invalid value at 'generation_config.max_output_tokens'"),
        ({"contents": []}, "contents is not specified"),
        ({"contents": [{"role": "assistant", "parts": [{"text": "a"}]}]}, "valid role"),
        ({"contents": [{"role": "user", "parts": []}]}, "parts must not be empty"),
        ({"generationConfig": {"responseSchema": {"type": "OBJECT"}}}, "response mime type"),
        ({"generationConfig": {"candidateCount": 2}}, "Multiple candidates"),
        ({"generationConfig": {"maxOutputTokens": 70_000}}, "max_output_tokens"),
        ({"generationConfig": {"thinkingConfig": {"thinkingLevel": "minimal"}}}, "MINIMAL is not supported"),
        (
            {"contents": [*SIMPLE["contents"], {"role": "model", "parts": [{"text": "{"}]}]},
            "must not be a turn of the model",
        ),
        (
            {
                "generationConfig": {
                    "responseMimeType": "application/json",
                    "responseJsonSchema": {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}},
                }
            },
            "keyword 'minLength'",
        ),
        (
            {
                "generationConfig": {
                    "responseMimeType": "application/json",
                    "responseSchema": {"type": "OBJECT", "additionalProperties": False},
                }
            },
            'Unknown name "additionalProperties"',
        ),
        (
            {
                "generationConfig": {
                    "responseMimeType": "application/json",
                    "responseSchema": {"type": "STRING"},
                    "responseJsonSchema": {"type": "string"},
                }
            },
            "Only one of",
        ),
    ],
)
def test_what_the_vendor_would_not_take_is_refused_by_name(fake: Fake, change: dict[str, Any], named: str) -> None:
    error = error_of(post(fake, {**SIMPLE, **change}))
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert named in error["message"]


def test_an_unknown_model_an_alias_on_v1_and_an_unknown_method_are_not_found(fake: Fake) -> None:
    assert error_of(post(fake, SIMPLE, call="gemini-2.0-flash:generateContent"))["status"] == "NOT_FOUND"
    assert post(fake, SIMPLE, call="gemini-flash-latest:generateContent").status_code == 404
    assert post(fake, SIMPLE, call="gemini-flash-latest:generateContent", version="v1beta").status_code == 200
    assert post(fake, SIMPLE, call="gemini-3.8-flash:dream").status_code == 404


def test_a_stream_is_frames_with_the_reason_in_the_last_and_without_sse_a_list(fake: Fake) -> None:
    body = {**DOCUMENTED, "generationConfig": {**DOCUMENTED["generationConfig"], "maxOutputTokens": 4000}}
    body["generationConfig"]["responseSchema"] = {
        "type": "OBJECT",
        "properties": {name * 9: {"type": "STRING"} for name in "abcdefgh"},
    }
    call = "gemini-3.8-flash:streamGenerateContent"
    streamed = post(fake, body, call=f"{call}?alt=sse")
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert streamed.text.endswith("\r\n\r\n")
    frames = [json.loads(frame.removeprefix("data: ")) for frame in streamed.text.split("\r\n\r\n")[:-1]]
    reasons = [frame["candidates"][0].get("finishReason") for frame in frames]
    assert len(reasons) > 2
    assert reasons == [None] * (len(reasons) - 1) + ["STOP"]
    listed = post(fake, body, call=call).json()
    assert [len(listed), set(listed[0])] == [len(frames), set(frames[0])]


def test_a_small_limit_is_used_up_by_thinking(fake: Fake) -> None:
    told = post(fake, {**SIMPLE, "generationConfig": {"maxOutputTokens": 10}}).json()
    candidate = told["candidates"][0]
    assert (candidate["finishReason"], candidate["content"]) == ("MAX_TOKENS", {"role": "model"})


def test_tokens_are_counted_on_request(fake: Fake) -> None:
    assert post(fake, SIMPLE, call="gemini-3.8-flash:countTokens").json()["totalTokens"] > 0


def test_the_quota_refusal_is_the_documented_one(fake: Fake) -> None:
    fake.switch("minute-quota")
    error = error_of(post(fake, SIMPLE))
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    quota, links, retry = error["details"]
    assert quota == {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [
            {
                "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
                "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                "quotaDimensions": {"location": "global", "model": "gemini-3.8-flash"},
                "quotaValue": "10",
            }
        ],
    }
    assert links == {"@type": "type.googleapis.com/google.rpc.Help", "links": []}
    assert retry["@type"] == "type.googleapis.com/google.rpc.RetryInfo"
    fake.switch("")
    fake.switch("day-quota")
    day = error_of(post(fake, SIMPLE))["details"][0]["violations"][0]["quotaId"]
    assert day == "GenerateRequestsPerDayPerProjectPerModel-FreeTier"


# --- the vendor's own SDK --------------------------------------------------------------------------------------------


class Rating(BaseModel):
    score: int
    kind: Literal["a", "b"] | None = None


@pytest.fixture
def client(fake: Fake) -> Iterator[genai.Client]:
    options = types.HttpOptions(base_url=fake.address, timeout=20_000)
    with genai.Client(api_key=credentials.GEMINI_API_KEY, http_options=options) as client:
        yield client


def shaped(schema: object = Rating) -> types.GenerateContentConfig:
    return types.GenerateContentConfig(response_mime_type="application/json", response_schema=schema)


def test_the_sdk_reads_an_answer_and_asks_v1(fake: Fake, client: genai.Client) -> None:
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="one two three")
    assert answer.text == "I have read 3 words."
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.thoughts_token_count == 64
    assert fake.asked[0].path == "/v1/models/gemini-3.8-flash:generateContent"
    assert fake.asked[0].headers["x-server-timeout"] == "20"


def test_the_sdk_gets_its_pydantic_model_back(client: genai.Client) -> None:
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="rate", config=shaped())
    assert isinstance(answer.parsed, Rating)


def test_the_sdk_sends_our_own_schemas_as_json_schema(client: genai.Client) -> None:
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_json_schema=json_schema(VerdictShape)
    )
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="rate", config=config)
    VerdictShape.model_validate_json(answer.text or "")


async def test_the_asynchronous_sdk_reads_a_stream(fake: Fake) -> None:
    frames: list[types.GenerateContentResponse] = []
    # A client of ours is not closed by the SDK.
    async with httpx2.AsyncClient() as http:
        options = types.HttpOptions(base_url=fake.address, httpx_async_client=http)
        with genai.Client(api_key=credentials.GEMINI_API_KEY, http_options=options) as client:
            async for frame in await client.aio.models.generate_content_stream(
                model="gemini-3.8-flash", contents="rate", config=shaped()
            ):
                frames.append(frame)
            await client.aio.aclose()
    Rating.model_validate_json("".join(frame.text or "" for frame in frames))
    assert frames[-1].candidates is not None
    assert frames[-1].candidates[0].finish_reason == types.FinishReason.STOP


def test_the_sdk_raises_in_mid_stream_after_earlier_pieces(fake: Fake, client: genai.Client) -> None:
    fake.switch("mid-stream-error")
    pieces: list[str] = []
    with pytest.raises(errors.ServerError) as caught:
        pieces.extend(
            chunk.text or ""
            for chunk in client.models.generate_content_stream(
                model="gemini-3.8-flash", contents="rate", config=shaped()
            )
        )
    assert caught.value.code == 503


@pytest.mark.parametrize(
    ("mode", "kind", "code"),
    [
        ("minute-quota", errors.ClientError, 429),
        ("day-quota", errors.ClientError, 429),
        ("retired", errors.ClientError, 404),
        ("key-leaked", errors.ClientError, 403),
        ("no-billing", errors.ClientError, 400),
        ("overloaded", errors.ServerError, 503),
        ("error-in-list", errors.ServerError, 503),
        ("internal", errors.ServerError, 500),
        ("deadline", errors.ServerError, 504),
        ("html-502", errors.ServerError, 502),
        ("not-ok-201", errors.APIError, 201),
    ],
)
def test_the_sdk_raises_its_own_error_for_each_refusal(
    fake: Fake, client: genai.Client, mode: str, kind: type[errors.APIError], code: int
) -> None:
    fake.switch(mode)
    with pytest.raises(kind) as caught:
        client.models.generate_content(model="gemini-3.8-flash", contents="hi")
    assert caught.value.code == code
    assert len(fake.asked) == 1, "the SDK does not repeat by itself"


def test_the_sdk_with_a_wrong_key_reads_why(fake: Fake) -> None:
    options = types.HttpOptions(base_url=fake.address)
    with (
        genai.Client(api_key="wrong", http_options=options) as client,
        pytest.raises(errors.ClientError, match="API key not valid") as caught,
    ):
        client.models.generate_content(model="gemini-3.8-flash", contents="hi")
    assert caught.value.code == 400


@pytest.mark.parametrize("mode", ["cut-without-parts", "unsafe-answer", "recitation", "blocked-prompt"])
def test_the_sdk_finds_no_text_where_there_is_none_and_raises_nothing(
    fake: Fake, client: genai.Client, mode: str
) -> None:
    fake.switch(mode)
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="hi", config=shaped())
    assert (answer.text, answer.parsed) == (None, None)
    if mode == "blocked-prompt":
        assert answer.candidates is None
        assert answer.prompt_feedback is not None
        assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT


@pytest.mark.parametrize("mode", ["cut-json", "fenced-json", "not-json"])
def test_the_sdk_parses_nothing_of_what_is_no_plain_json_and_raises_nothing(
    fake: Fake, client: genai.Client, mode: str
) -> None:
    fake.switch(mode)
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="hi", config=shaped())
    assert answer.text
    assert answer.parsed is None


def test_the_sdk_leaves_thoughts_out_of_the_text(fake: Fake, client: genai.Client) -> None:
    fake.switch("thinks-aloud")
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="rate", config=shaped())
    assert isinstance(answer.parsed, Rating)


@pytest.mark.filterwarnings("ignore:TEMPERED is not a valid FinishReason")
def test_the_sdk_passes_an_unknown_finish_reason_through(fake: Fake, client: genai.Client) -> None:
    fake.switch("unknown-finish")
    answer = client.models.generate_content(model="gemini-3.8-flash", contents="hi")
    assert answer.candidates is not None
    assert str(answer.candidates[0].finish_reason).endswith("TEMPERED")
