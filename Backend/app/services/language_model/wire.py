"""What the vendors' wires share: a stream of events, the keywords of a schema they take, what they wrap JSON in.

A model's answer is streamed although only the whole is used: a generation that hangs, or breaks off, is then noticed
when it stops, not when a person's patience does.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection

import httpx2

from app.domain.json import Json, JsonObject
from app.errors import ProviderError
from app.services.language_model.generation import Prompt

IDLE_S = 15.0
"""Longest silence within an answer that has begun. Before its first event a model may think for all of its time."""
LARGEST_ANSWER = 4 * 1024 * 1024
LARGEST_REFUSAL = 64 * 1024

Render = Callable[[Prompt], tuple[str, str]]
"""`fence.render`; a parameter so that a test can show what happens without the fence."""
Refusal = Callable[[int, httpx2.Headers, bytes], ProviderError]
"""Reads a status other than 200, its headers and (the beginning of) its body."""


async def read_events(
    client: httpx2.AsyncClient,
    provider: str,
    request: httpx2.Request,
    *,
    timeout_s: float,
    idle_s: float = IDLE_S,
    refused: Refusal,
    take: Callable[[str], None],
) -> None:
    """Sends `request` and hands the data of each server-sent event to `take`, up to `[DONE]` or the end.

    An answer that is no event stream (a server that knows none) is handed over as one event. Raises ProviderError:
    what `refused` makes of a refusal or `take` of an event; timeout, unreachable, invalid_response (too long).
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s) as limit:
            last = loop.time() + timeout_s
            response = await client.send(request, stream=True)
            try:
                if response.status_code != 200:
                    body = await _beginning(response, LARGEST_REFUSAL)
                    raise refused(response.status_code, response.headers, body)
                if "text/event-stream" not in response.headers.get("content-type", ""):
                    take((await _beginning(response, LARGEST_ANSWER)).decode("utf-8", "replace"))
                    return
                data: list[str] = []
                async for line in _lines(response, provider):
                    limit.reschedule(min(last, loop.time() + idle_s))
                    field, _, value = line.partition(":")
                    if field == "data":
                        data.append(value.removeprefix(" "))
                    elif field == "error":  # llama.cpp's own field for a failure in mid-stream
                        take('{"error":' + value + "}")
                    elif not line and data:
                        event = "\n".join(data)
                        data = []
                        if event.strip() == "[DONE]":
                            return
                        take(event)
                if data and "".join(data).strip() != "[DONE]":
                    take("\n".join(data))
            finally:
                await response.aclose()
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise ProviderError(provider, "timeout", retryable=True) from error
    except httpx2.HTTPError as error:
        raise ProviderError(provider, "unreachable", retryable=True) from error


async def _lines(response: httpx2.Response, provider: str) -> AsyncIterator[str]:
    """Lines end at \\n or \\r\\n alone: the client's own would also cut at U+2028, which JSON may hold as it is."""
    rest = b""
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise ProviderError(provider, "invalid_response", retryable=False)
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


async def _beginning(response: httpx2.Response, limit: int) -> bytes:
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) >= limit:
            break
    return body[:limit]


_THOUGHT = re.compile(r"\A\s*(?:<think>)?.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\A\s*```[\w-]*[ \t]*\r?\n(.*?)\r?\n?[ \t]*```\s*\Z", re.DOTALL)


def unwrapped(text: str) -> str:
    """The JSON without the thinking before it and the code fence around it, each taken off once; else as it was."""
    if not text.lstrip().startswith(("{", "[")):
        text = _THOUGHT.sub("", text, count=1)
    fenced = _FENCED.match(text)
    return (fenced[1] if fenced else text).strip()


def narrowed(schema: JsonObject, keywords: Collection[str]) -> JsonObject:
    """A JSON schema (without $ref) with only those keywords a vendor takes; our own validation keeps the rest."""
    kept: JsonObject = {}
    for keyword, value in schema.items():
        if keyword == "const" and "const" not in keywords:
            kept["enum"] = [value]
        elif keyword not in keywords:
            continue
        else:
            kept[keyword] = within(keyword, value, lambda one: narrowed(one, keywords))
    return kept


def within(keyword: str, value: Json, change: Callable[[JsonObject], JsonObject]) -> Json:
    """What a keyword of a schema says, with each schema in it changed."""
    if keyword == "properties" and isinstance(value, dict):
        return {name: change(one) if isinstance(one, dict) else one for name, one in value.items()}
    if keyword in ("anyOf", "oneOf", "allOf", "prefixItems") and isinstance(value, list):
        return [change(one) if isinstance(one, dict) else one for one in value]
    if keyword in ("items", "additionalProperties") and isinstance(value, dict):
        return change(value)
    return value
