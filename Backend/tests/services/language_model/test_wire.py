from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ProviderError
from app.services.language_model.wire import LARGEST_ANSWER, narrowed, read_events, unwrapped


class _Pieces(httpx2.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


async def _events(pieces: list[bytes], *, status: int = 200, kind: str = "text/event-stream") -> list[str]:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers={"content-type": kind}, stream=_Pieces(pieces))

    def refused(status: int, _: httpx2.Headers, body: bytes) -> ProviderError:
        return ProviderError(f"{status} {body.decode()}", "refused", retryable=False)

    events: list[str] = []
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://vendor.example") as client:
        request = client.build_request("POST", "/")
        await read_events(client, "someone", request, timeout_s=20, refused=refused, take=events.append)
    return events


async def test_both_line_ends_comments_and_other_fields_are_read_as_the_standard_says() -> None:
    stream = (
        b': hello\r\n\r\nevent: message\r\nid: 7\r\ndata: {"a":1}\r\n\r\ndata:{"b":2}\n\ndata: [DONE]\n\ndata: {}\n\n'
    )
    assert await _events([stream]) == ['{"a":1}', '{"b":2}']


async def test_data_over_several_lines_is_one_event() -> None:
    assert await _events([b"data: {\ndata: }\n\n"]) == ["{\n}"]


async def test_a_last_event_without_its_empty_line_is_still_read() -> None:
    assert await _events([b'data: {"a":1}\n\ndata: {"b":2}']) == ['{"a":1}', '{"b":2}']


@given(cut=st.integers(1, 12), text=st.text(alphabet=st.sampled_from("aé慢🙂\u2028\u0085\x0b\x1c"), max_size=12))
async def test_letters_cut_in_two_and_odd_separators_arrive_as_they_were_sent(cut: int, text: str) -> None:
    stream = f"data: {text}x\n\n".encode()
    pieces = [stream[at : at + cut] for at in range(0, len(stream), cut)]
    assert await _events(pieces) == [f"{text}x"]


async def test_an_answer_that_is_no_stream_is_one_event() -> None:
    assert await _events([b'{"a":', b"1}"], kind="application/json") == ['{"a":1}']


async def test_an_error_field_is_an_event_that_says_error() -> None:
    assert await _events([b'data: {"a":1}\n\nerror: {"code":500}\n\n']) == ['{"a":1}', '{"error": {"code":500}}']


async def test_a_refusal_is_read_by_the_vendors_own_reader() -> None:
    with pytest.raises(ProviderError, match="418 short and stout"):
        await _events([b"short and ", b"stout"], status=418)


async def test_an_endless_answer_is_cut_off() -> None:
    piece = b"data: " + b"x" * 65_530 + b"\n\n"
    with pytest.raises(ProviderError) as caught:
        await _events([piece] * (LARGEST_ANSWER // len(piece) + 2))
    assert (caught.value.category, caught.value.retryable) == ("invalid_response", False)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('{"a":1}', '{"a":1}'),
        ('```json\n{"a":1}\n```', '{"a":1}'),
        ('\n```\r\n{"a":1}\r\n```\n', '{"a":1}'),
        ('<think>\n{"no":1}\n</think>\n\n{"a":1}', '{"a":1}'),
        ('so I think.</think>{"a":1}', '{"a":1}'),
        ('<think>x</think>```json\n{"a":1}\n```', '{"a":1}'),
        ('{"a":"</think>```json\\n```"}', '{"a":"</think>```json\\n```"}'),
        ("<think>still at it", "<think>still at it"),
        ("Sure! Here you are.", "Sure! Here you are."),
    ],
)
def test_thinking_and_a_fence_are_taken_off_once_and_nothing_else(text: str, inner: str) -> None:
    assert unwrapped(text) == inner


def test_a_schema_keeps_only_the_keywords_asked_for_and_every_property_whatever_its_name() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "title": "thing",
        "properties": {
            "pattern": {"type": "string", "pattern": "^a", "minLength": 2},
            "kind": {"const": "a"},
            "items": {"type": "array", "items": {"anyOf": [{"type": "number", "default": 1}, {"type": "null"}]}},
        },
        "additionalProperties": False,
    }
    assert narrowed(schema, {"type", "properties", "items", "anyOf", "enum", "additionalProperties"}) == {
        "type": "object",
        "properties": {
            "pattern": {"type": "string"},
            "kind": {"enum": ["a"]},
            "items": {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
        },
        "additionalProperties": False,
    }
