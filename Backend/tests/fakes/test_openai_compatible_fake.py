"""The stand-in for a chat completions server, with OpenAI's own client as its counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest
from pydantic import BaseModel

from fakes import credentials, openai_compatible
from fakes.base import Fake, served

KEY = {"authorization": f"Bearer {credentials.OPENAI_API_KEY}"}
MODEL = credentials.OPENAI_MODEL
SAY: Any = [{"role": "user", "content": "one two three"}]


class Rating(BaseModel):
    score: int
    why: str


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = openai_compatible.build()
    with served(fake):
        yield fake


@pytest.fixture
def client(fake: Fake) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        api_key=credentials.OPENAI_API_KEY, base_url=f"{fake.address}/v1", max_retries=0, timeout=20
    ) as client:
        yield client


def post(fake: Fake, **body: object) -> httpx2.Response:
    body = {"model": MODEL, "messages": SAY, **body}
    return httpx2.post(f"{fake.address}/v1/chat/completions", json=body, headers=KEY)


def test_the_client_lists_the_model_and_reads_an_answer(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [MODEL]
    answer = client.chat.completions.create(model=MODEL, messages=SAY)
    assert answer.choices[0].message.content == "I have read 3 words."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_the_client_gets_its_pydantic_model_back(client: openai.OpenAI) -> None:
    answer = client.chat.completions.parse(model=MODEL, messages=SAY, response_format=Rating)
    assert isinstance(answer.choices[0].message.parsed, Rating)


async def test_the_asynchronous_client_reads_a_stream_with_its_usage(fake: Fake) -> None:
    async with openai.AsyncOpenAI(
        api_key=credentials.OPENAI_API_KEY, base_url=f"{fake.address}/v1", max_retries=0
    ) as client:
        stream = await client.chat.completions.create(
            model=MODEL, messages=SAY, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    assert "".join(one.choices[0].delta.content or "" for one in chunks if one.choices) == "I have read 3 words."
    assert [one.usage is not None for one in chunks] == [False] * (len(chunks) - 1) + [True]


def test_without_the_wish_no_usage_is_streamed(client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model=MODEL, messages=SAY, stream=True))
    assert all(one.usage is None for one in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("rate-limited", openai.RateLimitError),
        ("rate-limited-long", openai.RateLimitError),
        ("insufficient-quota", openai.RateLimitError),
        ("payment-required", openai.APIStatusError),
        ("overloaded", openai.InternalServerError),
        ("internal", openai.InternalServerError),
        ("html-502", openai.InternalServerError),
        ("forbidden", openai.PermissionDeniedError),
        ("context-exceeded", openai.BadRequestError),
    ],
)
def test_the_client_raises_its_own_error_for_each_refusal(
    fake: Fake, client: openai.OpenAI, mode: str, kind: type[openai.APIStatusError]
) -> None:
    fake.switch(mode)
    with pytest.raises(kind) as caught:
        client.chat.completions.create(model=MODEL, messages=SAY)
    if mode == "insufficient-quota":
        assert caught.value.code == "insufficient_quota"


def test_the_client_waits_as_it_is_told_and_then_succeeds(fake: Fake) -> None:
    fake.switch("rate-limited", 1)
    with openai.OpenAI(
        api_key=credentials.OPENAI_API_KEY, base_url=f"{fake.address}/v1", max_retries=1, timeout=20
    ) as client:
        assert client.chat.completions.create(model=MODEL, messages=SAY).choices[0].finish_reason == "stop"
    assert len(fake.asked) == 2


def test_the_client_raises_in_mid_stream(fake: Fake, client: openai.OpenAI) -> None:
    fake.switch("mid-stream-error")
    with pytest.raises(openai.APIError, match="The server had an error"):
        list(client.chat.completions.create(model=MODEL, messages=SAY, stream=True))


def test_the_client_with_a_wrong_key_or_model_is_told_so(fake: Fake, client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="no-such", messages=SAY)
    assert missing.value.code == "model_not_found"
    with (
        openai.OpenAI(api_key="wrong", base_url=f"{fake.address}/v1", max_retries=0) as other,
        pytest.raises(openai.AuthenticationError),
    ):
        other.chat.completions.create(model=MODEL, messages=SAY)


def test_a_refusal_and_a_filter_and_a_cut_are_told_as_openai_tells_them(fake: Fake, client: openai.OpenAI) -> None:
    for mode, finish in (("length", "length"), ("content-filter", "content_filter"), ("tool-calls", "tool_calls")):
        fake.switch("")
        fake.switch(mode)
        assert client.chat.completions.create(model=MODEL, messages=SAY).choices[0].finish_reason == finish
    fake.switch("")
    fake.switch("refusal")
    message = client.chat.completions.create(model=MODEL, messages=SAY).choices[0].message
    assert message.content is None
    assert message.refusal


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"max_output_tokens": 5}, "Unknown parameter: 'max_output_tokens'"),
        ({"temperature": "hot"}, "Invalid type for 'temperature'"),
        ({"max_tokens": 5, "max_completion_tokens": 5}, "at the same time"),
        ({"stream_options": {"include_usage": True}}, "only allowed when 'stream'"),
        ({"messages": []}, "empty array"),
        ({"messages": [{"role": "boss", "content": "x"}]}, "role"),
        ({"messages": [{"role": "user", "content": "x", "mood": "good"}]}, "messages[0]"),
        ({"response_format": {"type": "yaml"}}, "Invalid value: 'yaml'"),
        ({"response_format": {"type": "json_object"}}, "must contain the word 'json'"),
        ({"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}}, "json_schema.name"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {}}}},
            "'type' key",
        ),
    ],
)
def test_what_openai_would_not_take_is_refused_by_name(fake: Fake, body: dict[str, object], named: str) -> None:
    answer = post(fake, **body)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert named in error["message"]


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"type": "object", "properties": {}, "required": []}, "additionalProperties"),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}, "required"),
        ({"type": "string", "default": "x"}, "'default' is not permitted"),
    ],
)
def test_strict_mode_is_as_strict_as_openais(fake: Fake, schema: dict[str, object], named: str) -> None:
    shape = {"name": "a", "strict": True, "schema": schema}
    answer = post(fake, response_format={"type": "json_schema", "json_schema": shape})
    assert answer.status_code == 400
    assert named in answer.json()["error"]["message"]
