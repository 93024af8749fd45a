"""Google Gemini over REST: `models/{model}:streamGenerateContent`, structured by a JSON schema.

Quirks, all from the vendor's documents and SDK: an invalid key is a 400; thinking counts against maxOutputTokens, so a
small limit can leave an answer with no text at all; a blocked prompt is a 200 without candidates; sampling parameters
are deprecated for Gemini 3, so none are sent; an `-latest` alias exists on v1beta only; a failure in mid-stream is one
more frame; only HTTP 200 is a success.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from app.domain.json import JsonObject
from app.errors import ProviderCategory, ProviderError
from app.services.language_model import prompt_fence
from app.services.language_model.generation import Generated, GenerationError, Prompt, Usage, counted
from app.services.language_model.wire import IDLE_S, Render, narrowed, read_events, unwrapped
from app.services.vendor_http import retry_after_s

PROVIDER = "gemini"
log = logging.getLogger(__name__)

THINKING_ROOM = 8192
"""Tokens beside the answer's own. Level `medium`, the default, used up smaller limits before a word was written."""
LITTLE_THOUGHT = {"thinkingConfig": {"thinkingLevel": "low"}}
"""The least that every model of the third generation takes."""

# `generationConfig.responseJsonSchema` documents these alone; `minLength`, `pattern` or `default` are not among them.
# fmt: off
_KEYWORDS = frozenset({
    "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems", "minimum",
    "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required", "propertyOrdering",
})
_BLOCKED = frozenset({
    "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR",
})
# fmt: on
_CUT = frozenset({"MAX_TOKENS", "CONTINUATION"})
_DELAY = re.compile(r"\A(\d+(?:\.\d+)?)s\Z")


class _Wire(BaseModel):
    """Each field may be missing or null: proto JSON leaves out what has its default."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")


class _Part(_Wire):
    text: str | None = None
    thought: bool | None = None


class _Content(_Wire):
    parts: list[_Part] | None = None


class _Candidate(_Wire):
    content: _Content | None = None
    finish_reason: str | None = None
    index: int | None = None


class _PromptFeedback(_Wire):
    block_reason: str | None = None


class _UsageMetadata(_Wire):
    prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    thoughts_token_count: int | None = None
    total_token_count: int | None = None


class _Violation(_Wire):
    quota_id: str | None = None
    quota_value: str | None = None


class _Detail(_Wire):
    reason: str | None = None
    retry_delay: str | None = None
    violations: list[_Violation] | None = None


class _Error(_Wire):
    code: int | None = None
    status: str | None = None
    details: list[_Detail] | None = None


class _Frame(_Wire):
    candidates: list[_Candidate] | None = None
    prompt_feedback: _PromptFeedback | None = None
    usage_metadata: _UsageMetadata | None = None
    error: _Error | None = None


class _Frames(_Wire):
    """One frame, or a list of them: the vendor wraps some errors so."""

    frames: list[_Frame] = Field(default_factory=list)

    @classmethod
    def read(cls, text: str | bytes) -> list[_Frame]:
        body = text.strip()
        if body[:1] in ("[", b"["):
            wrapped = '{"frames":' + (body if isinstance(body, str) else body.decode("utf-8", "replace")) + "}"
            return cls.model_validate_json(wrapped).frames
        return [_Frame.model_validate_json(body)]


class Gemini:
    """One model of the vendor's. `client` is for its base address; closed with this."""

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
        self._key = api_key
        self._model = model.removeprefix("models/")
        self._idle_s = idle_s

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
        version = "v1beta" if self._model.endswith("-latest") else "v1"
        request = self._client.build_request(
            "POST",
            f"/{version}/models/{quote(self._model, safe='')}:streamGenerateContent",
            params={"alt": "sse"},
            headers={"x-goog-api-key": self._key},
            json={
                "systemInstruction": {"parts": [{"text": instructions}]},
                "contents": [{"role": "user", "parts": [{"text": data}]}],
                "generationConfig": {
                    "maxOutputTokens": max_output_tokens + THINKING_ROOM,
                    "responseMimeType": "application/json",
                    "responseJsonSchema": narrowed(schema, _KEYWORDS),
                    **(LITTLE_THOUGHT if quick and _can_be_told(self._model) else {}),
                },
            },
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
                refused=lambda status, headers, body: _refusal(status, headers, body, self._model),
                take=answer.take,
            )
        except ProviderError as error:
            raise answer.failed(error) from error
        return answer.whole()

    async def close(self) -> None:
        await self._client.aclose()


def _can_be_told(model: str) -> bool:
    """Before the third generation there was a budget of tokens instead; behind an alias may stand either."""
    return model.startswith("gemini-3")


class _Answer:
    """What came so far, and what it cost."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._text: list[str] = []
        self._finish = ""
        self._blocked = False
        self._usage = Usage()

    def take(self, event: str) -> None:
        try:
            frames = _Frames.read(event)
        except ValidationError:
            raise ProviderError(PROVIDER, "invalid_response", retryable=True) from None
        for frame in frames:
            self._count(frame.usage_metadata)
            if frame.error is not None:
                raise _reading(frame.error.code or 500, frame.error, None, self._model)
            if frame.prompt_feedback is not None and frame.prompt_feedback.block_reason:
                self._blocked = True
            for candidate in frame.candidates or ():
                if candidate.index:
                    continue
                self._finish = candidate.finish_reason or self._finish
                parts = (candidate.content.parts if candidate.content else None) or ()
                self._text += [part.text for part in parts if part.text and not part.thought]

    def whole(self) -> Generated:
        """Raises GenerationError unless the model said that it had finished, and wrote something."""
        text = unwrapped("".join(self._text))
        if self._blocked or self._finish in _BLOCKED:
            raise self._wrong("blocked", retryable=False)
        if self._finish in _CUT:
            raise self._wrong("truncated", retryable=False)
        if self._finish != "STOP" or not text:
            # Nothing, a malformed answer, OTHER, or a reason of tomorrow: no answer, but the next try may bring one.
            raise self._wrong("invalid_response", retryable=True)
        return Generated(text, self._usage)

    def failed(self, error: ProviderError) -> ProviderError:
        """`error` with the tokens that were counted before it."""
        return counted(error, self._usage)

    def _wrong(self, category: ProviderCategory, *, retryable: bool) -> GenerationError:
        return GenerationError(PROVIDER, category, retryable=retryable, usage=self._usage)

    def _count(self, usage: _UsageMetadata | None) -> None:
        """Each frame counts from the beginning; the last one that counts is right."""
        if usage is None:
            return
        sent = usage.prompt_token_count or self._usage.input_tokens
        written = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        if not written and usage.total_token_count:
            written = max(0, usage.total_token_count - sent)
        self._usage = Usage(sent, max(written, self._usage.output_tokens))


def _refusal(status: int, headers: httpx2.Headers, body: bytes, model: str) -> ProviderError:
    wish = retry_after_s(httpx2.Response(status, headers=headers))
    try:
        error = next((frame.error for frame in _Frames.read(body) if frame.error), None)
    except ValidationError:
        error = None
    return _reading(status, error or _Error(), wish, model)


def _reading(status: int, error: _Error, wish: float | None, model: str) -> ProviderError:
    """A refusal in our words, whether it came as a status or as a frame in mid-stream."""
    details = error.details or []
    match status:
        case 400 if any(detail.reason == "API_KEY_INVALID" for detail in details):
            return ProviderError(PROVIDER, "unauthorised", retryable=False)
        case 400 if error.status == "FAILED_PRECONDITION":
            log.warning("gemini refuses the account: its region needs billing to be set up")
            return ProviderError(PROVIDER, "unauthorised", retryable=False)
        case 401 | 403:
            return ProviderError(PROVIDER, "unauthorised", retryable=False)
        case 404:
            log.warning("gemini knows no model %s (it may be retired): set GEMINI_MODEL", model)
            return ProviderError(PROVIDER, "refused", retryable=False)
        case 429:
            return _over_quota(details, wish)
        case 503:
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


def _over_quota(details: list[_Detail], wish: float | None) -> ProviderError:
    """Per minute: worth the wait that RetryInfo states. Per day, or a limit of nothing: not before somebody acts."""
    violations = [violation for detail in details for violation in detail.violations or ()]
    if any("PerDay" in (one.quota_id or "") or one.quota_value == "0" for one in violations):
        return ProviderError(PROVIDER, "quota", retryable=False)
    for detail in details:
        delay = _DELAY.match(detail.retry_delay or "")
        if delay:
            wish = float(delay[1])
    return ProviderError(PROVIDER, "quota", retryable=True, retry_after_s=wish)
