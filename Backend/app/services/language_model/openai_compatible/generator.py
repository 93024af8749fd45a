"""Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM, LM Studio, OpenAI, and friends.

They agree on the road and differ on every sign beside it: how an answer is made to be JSON (`json_schema`,
`json_object`, neither), what the limit of tokens is called, whether usage is streamed, how an error looks. What a
server refuses by name is left out from then on, for as long as the process lives.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from dataclasses import dataclass, replace
from typing import Literal

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.json import JsonObject
from app.errors import ProviderCategory, ProviderError
from app.services.language_model import prompt_fence
from app.services.language_model.generation import Generated, GenerationError, Prompt, Usage, counted
from app.services.language_model.wire import IDLE_S, Render, narrowed, read_events, unwrapped, within
from app.services.vendor_http import retry_after_s

PROVIDER = "openai-compatible"
log = logging.getLogger(__name__)

THINKING_ROOM = 8192
"""Tokens beside the answer's own: reasoning counts against the limit here too."""

# fmt: off
_KEYWORDS = frozenset({
    "type", "title", "description", "enum", "items", "minItems", "maxItems", "minimum", "maximum", "anyOf",
    "properties", "required",
})
# fmt: on
_FINISHED = frozenset({"stop", "eos", "eos_token", "end_turn"})
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_TOO_LONG = frozenset({"context_length_exceeded", "exceed_context_size_error"})

_Part = Literal["response_format", "limit", "stream_options"]
_BLAMED: tuple[tuple[_Part, re.Pattern[str]], ...] = (
    ("stream_options", re.compile(r"stream_options")),
    ("limit", re.compile(r"max_(?:completion_)?tokens")),
    ("response_format", re.compile(r"response.?format|json.?schema|json_object|structured.?output|grammar|guided")),
)
_MAY_BLAME = frozenset({400, 415, 422, 500, 501})  # a llama.cpp fork refuses a response_format with 500


@dataclass(frozen=True, slots=True)
class _Takes:
    """What the server has been found to take. `max_tokens` comes first: older servers silently ignore the other."""

    response_format: tuple[Literal["json_schema", "json_object", "none"], ...] = ("json_schema", "json_object", "none")
    limit: tuple[Literal["max_tokens", "max_completion_tokens", "none"], ...] = (
        "max_tokens",
        "max_completion_tokens",
        "none",
    )
    stream_options: tuple[Literal["usage", "none"], ...] = ("usage", "none")

    def without(self, part: _Part) -> _Takes | None:
        """One step down; None where nothing is left to leave out."""
        left = getattr(self, part)[1:]
        return replace(self, **{part: left}) if left else None


class _NotTaken(ProviderError):
    """The server does not know a part of the request."""

    def __init__(self, part: _Part) -> None:
        super().__init__(PROVIDER, "refused", retryable=False)
        self.part = part


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Message(_Wire):
    """Reasoning arrives in fields of its own (`reasoning_content`, `reasoning`), which are not read."""

    content: str | list[dict[str, object]] | None = None
    refusal: str | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "".join(str(part.get("text", "")) for part in self.content if part.get("type") == "text")
        return self.content or ""


class _Choice(_Wire):
    index: int | None = None
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None


class _Usage(_Wire):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(_Wire):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None


class OpenAICompatible:
    """One model behind one such address. `client` is for the base address (as a rule it ends in /v1); closed here."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        api_key: str,
        model: str,
        idle_s: float = IDLE_S,
        render: Render = prompt_fence.render,
    ) -> None:
        self._client = client
        self._render = render
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._model = model
        self._idle_s = idle_s
        self._takes = _Takes()

    @property
    def provider(self) -> str:
        return PROVIDER

    @property
    def model(self) -> str:
        return self._model

    async def generate(
        self, prompt: Prompt, schema: JsonObject, *, max_output_tokens: int, timeout_s: float, quick: bool = False
    ) -> Generated:
        instructions, data = self._render(prompt)
        last = asyncio.get_running_loop().time() + timeout_s
        while True:
            sent = self._takes
            body = _body(sent, self._model, instructions, data, schema, max_output_tokens + THINKING_ROOM)
            left = max(0.01, last - asyncio.get_running_loop().time())
            try:
                return await self._ask(body, left)
            except _NotTaken as error:
                if self._takes is sent:  # else another call has learned the same meanwhile
                    fewer = sent.without(error.part)
                    if fewer is None:
                        raise ProviderError(PROVIDER, "refused", retryable=False) from error
                    self._takes = fewer

    async def _ask(self, body: JsonObject, timeout_s: float) -> Generated:
        request = self._client.build_request(
            "POST",
            "chat/completions",
            headers=self._headers,
            json=body,
            timeout=httpx2.Timeout(timeout_s, connect=min(5.0, timeout_s)),
        )
        answer = _Answer(self._model)
        try:
            await read_events(
                self._client,
                PROVIDER,
                request,
                timeout_s=timeout_s,
                idle_s=self._idle_s,
                refused=lambda status, headers, refusal: _refusal(status, headers, refusal, self._model),
                take=answer.take,
            )
        except _NotTaken:
            raise
        except ProviderError as error:
            raise answer.failed(error) from error
        return answer.whole()

    async def close(self) -> None:
        await self._client.aclose()


def _body(takes: _Takes, model: str, instructions: str, data: str, schema: JsonObject, tokens: int) -> JsonObject:
    shape = closed(narrowed(schema, _KEYWORDS))
    body: JsonObject = {"model": model, "stream": True}
    if takes.response_format[0] == "json_schema":
        name = re.sub(r"\W", "_", str(schema.get("title") or "answer"))[:64]
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": name, "strict": True, "schema": shape},
        }
    else:
        # Nothing but our words holds the model to the shape now; json_object demands the word JSON besides.
        instructions += f"\n\nAnswer with one JSON object only. Its JSON schema: {json.dumps(shape)}"
        if takes.response_format[0] == "json_object":
            body["response_format"] = {"type": "json_object"}
    if takes.limit[0] != "none":
        body[takes.limit[0]] = tokens
    if takes.stream_options[0] == "usage":
        body["stream_options"] = {"include_usage": True}
    body["messages"] = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
    return body


def closed(schema: JsonObject) -> JsonObject:
    """`schema` as strict mode demands it: every object names all of its properties as required, and no others."""
    made: JsonObject = {}
    for keyword, value in schema.items():
        made[keyword] = within(keyword, value, closed)
    if made.get("type") == "object":
        properties = made.get("properties")
        made["required"] = [*properties] if isinstance(properties, dict) else []
        made["additionalProperties"] = False
    return made


class _Answer:
    """What came so far, and what it cost."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._text: list[str] = []
        self._finish = ""
        self._refused = False
        self._usage = Usage()

    def take(self, event: str) -> None:
        try:
            told = json.loads(event)
            error = _error_in(told)
            if error is not None:
                raise _reading(error.status or 500, error, None, self._model, begun=True)
            chunk = _Chunk.model_validate(told)
        except (ValueError, ValidationError, RecursionError):
            raise ProviderError(PROVIDER, "invalid_response", retryable=True) from None
        if chunk.usage is not None:
            self._usage = Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
        for choice in chunk.choices or ():
            if choice.index:
                continue
            self._finish = choice.finish_reason or self._finish
            said = choice.delta or choice.message
            if said is not None:
                self._text.append(said.text)
                self._refused = self._refused or bool(said.refusal)

    def whole(self) -> Generated:
        """Raises GenerationError unless the server said that the answer had finished, and there is one."""
        text = unwrapped("".join(self._text))
        if self._refused or self._finish == "content_filter":
            raise self._wrong("blocked", retryable=False)
        if self._finish == "length":
            raise self._wrong("truncated", retryable=False)
        if self._finish not in _FINISHED or not text:
            raise self._wrong("invalid_response", retryable=True)
        return Generated(text, self._usage)

    def failed(self, error: ProviderError) -> ProviderError:
        """`error` with the tokens that were counted before it."""
        return counted(error, self._usage)

    def _wrong(self, category: ProviderCategory, *, retryable: bool) -> GenerationError:
        return GenerationError(PROVIDER, category, retryable=retryable, usage=self._usage)


@dataclass(frozen=True, slots=True)
class _Error:
    """A refusal in one shape. `words` holds its code, kind, parameter and message, for looking, never for showing."""

    status: int | None
    kinds: frozenset[str]
    words: str


def _error_in(told: object) -> _Error | None:
    """The error in any of the shapes seen: an object, a bare text, FastAPI's `detail`, or on the top level."""
    if not isinstance(told, dict):
        return None
    error = told.get("error") or told.get("detail") or (told if told.get("object") == "error" else None)
    if not error:
        return None
    if not isinstance(error, dict):
        return _Error(None, frozenset(), json.dumps(error).lower())
    code = error.get("code")
    status = code if isinstance(code, int) and not isinstance(code, bool) and 100 <= code < 600 else None
    kinds = frozenset(str(error.get(name)) for name in ("code", "type") if error.get(name))
    return _Error(status, kinds, json.dumps([error.get(name) for name in ("param", "code", "type", "message")]).lower())


def _refusal(status: int, headers: httpx2.Headers, body: bytes, model: str) -> ProviderError:
    wish = retry_after_s(httpx2.Response(status, headers=headers))
    milliseconds = headers.get("retry-after-ms", "")
    if milliseconds.isdigit():
        wish = int(milliseconds) / 1000
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    error = _error_in(told) or _Error(None, frozenset(), json.dumps(told).lower() if isinstance(told, dict) else "")
    return _reading(status, error, wish, model, begun=False)


def _reading(status: int, error: _Error, wish: float | None, model: str, *, begun: bool) -> ProviderError:
    """A refusal in our words, whether it came as a status or as an event in mid-stream (`begun`)."""
    if error.kinds & _SPENT or status == 402:
        return ProviderError(PROVIDER, "quota", retryable=False)
    if error.kinds & _TOO_LONG:
        log.warning("%s: the text is longer than the context of %s; give it a larger one", PROVIDER, model)
        return ProviderError(PROVIDER, "refused", retryable=False)
    if status in _MAY_BLAME and not begun:
        for part, name in _BLAMED:
            if name.search(error.words):
                return _NotTaken(part)
    match status:
        case 401 | 403:
            return ProviderError(PROVIDER, "unauthorised", retryable=False)
        case 404 if "model" in error.words:
            log.warning("%s: there is no model %s: set OPENAI_MODEL to one that is there", PROVIDER, model)
            return ProviderError(PROVIDER, "refused", retryable=False)
        case 404:
            log.warning("%s: nothing at OPENAI_BASE_URL answers chat completions; as a rule it ends in /v1", PROVIDER)
            return ProviderError(PROVIDER, "refused", retryable=False)
        case 429:
            return ProviderError(PROVIDER, "quota", retryable=True, retry_after_s=wish)
        case 503 | 529:
            return ProviderError(PROVIDER, "busy", retryable=True, retry_after_s=wish)
        case 408 | 504:
            return ProviderError(PROVIDER, "timeout", retryable=True, retry_after_s=wish)
        case 502:
            return ProviderError(PROVIDER, "unreachable", retryable=True, retry_after_s=wish)
        case _ if status >= 500:
            return ProviderError(PROVIDER, "crashed", retryable=True, retry_after_s=wish)
        case _ if status >= 300:
            return ProviderError(PROVIDER, "refused", retryable=False)
    return ProviderError(PROVIDER, "invalid_response", retryable=False)
