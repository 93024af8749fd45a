"""A stand-in for a server that speaks OpenAI's chat completions, strict as OpenAI itself, lax where a mode says so.

`POST /v1/chat/completions` streamed and whole, `GET /v1/models`. A parameter it does not know is a 400 that names it.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from fakes import credentials
from fakes.base import Fake, Mode
from fakes.model_brain import think
from fakes.openai_refusals import Refused, check_request, text_of

PIECE = 40
"""Characters of the answer in each chunk of a stream."""
LONGEST_SILENCE_S = 120.0

MODES = (
    Mode("only-json-object", "knows json_object alone: refuses json_schema by name (older llama.cpp)"),
    Mode("only-json-schema", "knows json_schema alone: refuses json_object, its error a bare text (LM Studio)"),
    Mode("no-response-format", "refuses any response_format"),
    Mode("no-stream-options", "refuses stream_options, as a FastAPI server does (422)"),
    Mode("wants-max-completion-tokens", "refuses max_tokens, as OpenAI's reasoning models do"),
    Mode("small-context", "refuses any limit of tokens as too large for its context (vLLM)"),
    Mode("context-exceeded", "400: the text itself is longer than the context"),
    Mode("ignores-stream", "answers whole although it was asked to stream"),
    Mode("no-usage", "never tells the usage"),
    Mode("length", "finish_reason length, in the middle of the JSON"),
    Mode("content-filter", "finish_reason content_filter"),
    Mode("refusal", "a refusal instead of content"),
    Mode("tool-calls", "finish_reason tool_calls, no content"),
    Mode("unknown-finish", "a finish_reason that nobody has heard of"),
    Mode("empty", "finishes with no content"),
    Mode("not-json", "finishes, with a sentence instead of JSON"),
    Mode("wrong-shape", "finishes, with JSON of another shape"),
    Mode("fenced-json", "JSON within a code fence"),
    Mode("thinks-in-text", "<think>…</think> before the answer"),
    Mode("thinks-beside", "reasoning_content before the answer"),
    Mode("invents-quotes", "quotes and claims that nobody said"),
    Mode("obeys", "follows any instruction it finds outside the fence"),
    Mode("rate-limited", "429 with retry-after-ms 50"),
    Mode("rate-limited-long", "429 with retry-after 37"),
    Mode("insufficient-quota", "429 insufficient_quota: no credit is left"),
    Mode("payment-required", "402: no credit is left"),
    Mode("overloaded", "503, still loading the model"),
    Mode("internal", "500 without a word"),
    Mode("html-502", "502 with a page of HTML"),
    Mode("forbidden", "403: the key may not use this model"),
    Mode("mid-stream-error", "an error event after half of the answer"),
    Mode("error-field", "an SSE field named error after half of the answer (llama.cpp)"),
    Mode("breaks-off", "the connection is lost after half of the answer"),
    Mode("no-finish", "ends with [DONE] after half of the answer, without a finish_reason"),
    Mode("goes-silent", "half of the answer, then nothing"),
    Mode("thinks-long", "a second of silence before its first word"),
    Mode("silent", "takes the request and never answers"),
)


class OpenAICompatibleFake(Fake):
    def __init__(self) -> None:
        super().__init__("openai_compatible", MODES)
        self.app.add_api_route("/v1/models", self._models, methods=["GET"])
        self.app.add_api_route("/v1/chat/completions", self._completed, methods=["POST"])

    async def _models(self, request: Request) -> Response:
        try:
            _admit(request)
        except Refused as refused:
            return refused.response
        one = {"id": credentials.OPENAI_MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "stand-in"}
        return JSONResponse({"object": "list", "data": [one]})

    async def _completed(self, request: Request) -> Response:
        try:
            _admit(request)
            asked = check_request(await _body_of(request))
            self._refuse_parts(asked)
            self._fail()
        except Refused as refused:
            return refused.response
        if self.failing("html-502"):
            return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
        if self.failing("internal"):
            return Response(status_code=500)
        if self.failing("thinks-long"):
            await asyncio.sleep(1)
        if self.failing("silent"):
            await _silence(request)
        message, finish, usage = self._answer(asked)
        about = {"id": "chatcmpl-1", "created": int(time.time()), "model": asked["model"], "system_fingerprint": "fp_1"}
        if not asked.get("stream") or self.failing("ignores-stream"):
            choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
            whole = {**about, "object": "chat.completion", "choices": [choice]}
            return JSONResponse(whole if usage is None else {**whole, "usage": usage})
        about["object"] = "chat.completion.chunk"
        told = usage if (asked.get("stream_options") or {}).get("include_usage") else None
        return StreamingResponse(
            self._streamed(request, about, message, finish, told), media_type="text/event-stream; charset=utf-8"
        )

    def _refuse_parts(self, asked: dict[str, Any]) -> None:
        shape = (asked.get("response_format") or {}).get("type", "text")
        if self.failing("only-json-object") and shape == "json_schema":
            message = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
            raise Refused(400, message, param="response_format")
        if self.failing("only-json-schema") and shape == "json_object":
            raise Refused(400, "", body={"error": "'response_format.type' must be 'json_schema' or 'text'"})
        if self.failing("no-response-format") and "response_format" in asked:
            raise Refused(400, "Unrecognized request argument supplied: response_format", param="response_format")
        if self.failing("no-stream-options") and "stream_options" in asked:
            wrong = {
                "type": "extra_forbidden",
                "loc": ["body", "stream_options"],
                "msg": "Extra inputs are not permitted",
            }
            raise Refused(422, "", body={"detail": [wrong]})
        if self.failing("wants-max-completion-tokens") and "max_tokens" in asked:
            raise Refused(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
                "instead.",
                param="max_tokens",
                code="unsupported_parameter",
            )
        if self.failing("small-context") and ("max_tokens" in asked or "max_completion_tokens" in asked):
            raise Refused(
                400,
                "",
                body={
                    "object": "error",
                    "message": "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum "
                    "context length is 8192 tokens and your request has 1200 input tokens.",
                    "type": "BadRequestError",
                    "param": None,
                    "code": 400,
                },
            )

    def _fail(self) -> None:
        limit = "Rate limit reached for stand-in on requests per min."
        for mode, refused in (
            (
                "rate-limited",
                Refused(429, limit, kind="requests", headers={"retry-after-ms": "50", "retry-after": "1"}),
            ),
            ("rate-limited-long", Refused(429, limit, kind="requests", headers={"retry-after": "37"})),
            (
                "insufficient-quota",
                Refused(
                    429,
                    "You exceeded your current quota, please check your plan and billing details.",
                    kind="insufficient_quota",
                    code="insufficient_quota",
                ),
            ),
            (
                "payment-required",
                Refused(402, "", body={"error": {"code": 402, "message": "Insufficient credits. Add more and retry."}}),
            ),
            (
                "overloaded",
                Refused(
                    503, "", body={"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}
                ),
            ),
            ("forbidden", Refused(403, "This key may not use this model.", code="forbidden")),
            (
                "context-exceeded",
                Refused(
                    400,
                    "",
                    body={
                        "error": {
                            "code": 400,
                            "message": "request (9000 tokens) exceeds the available context size (4096 tokens)",
                            "type": "exceed_context_size_error",
                            "n_prompt_tokens": 9000,
                            "n_ctx": 4096,
                        }
                    },
                ),
            ),
        ):
            if self.failing(mode):
                raise refused

    def _answer(self, asked: dict[str, Any]) -> tuple[dict[str, Any], str, dict[str, Any] | None]:
        system = "\n".join(text_of(one) for one in asked["messages"] if one["role"] in ("system", "developer"))
        user = "\n".join(text_of(one) for one in asked["messages"] if one["role"] == "user")
        shape = (asked.get("response_format") or {}).get("json_schema", {}).get("schema")
        text = think(system, user, shape, obeys=self.failing("obeys"), invents=self.failing("invents-quotes"))
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
        finish = "stop"
        if self.failing("not-json"):
            message["content"] = "As a language model I would rather talk about the weather."
        if self.failing("wrong-shape"):
            message["content"] = '{"verdict": "splendid", "stars": 7}'
        if self.failing("fenced-json"):
            message["content"] = f"```json\n{text}\n```"
        if self.failing("thinks-in-text"):
            message["content"] = f"<think>\nLet me see {{first}}.\n</think>\n\n{text}"
        if self.failing("thinks-beside"):
            message["reasoning_content"] = "Let me see {first}."
        if self.failing("empty"):
            message["content"] = ""
        if self.failing("refusal"):
            message |= {"content": None, "refusal": "I'm sorry, I cannot assist with that."}
        if self.failing("content-filter"):
            message["content"], finish = text[: len(text) // 2], "content_filter"
        if self.failing("tool-calls"):
            call = {"id": "call_1", "type": "function", "function": {"name": "judge", "arguments": "{}"}}
            message |= {"content": None, "tool_calls": [call]}
            finish = "tool_calls"
        if self.failing("unknown-finish"):
            finish = "tempered"
        limit = asked.get("max_completion_tokens") or asked.get("max_tokens")
        if self.failing("length"):
            message["content"], finish = text[: len(text) // 2], "length"
        elif limit and finish == "stop" and len(message["content"] or "") // 4 > limit:
            message["content"], finish = message["content"][: 4 * limit], "length"
        sent, written = _tokens(system + user), _tokens(message["content"] or "")
        usage = {
            "prompt_tokens": sent,
            "completion_tokens": written,
            "total_tokens": sent + written,
            "completion_tokens_details": {"reasoning_tokens": 0},
        }
        return message, finish, None if self.failing("no-usage") else usage

    async def _streamed(
        self,
        request: Request,
        about: dict[str, Any],
        message: dict[str, Any],
        finish: str,
        usage: dict[str, Any] | None,
    ) -> AsyncIterator[str]:
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        if "reasoning_content" in message:
            deltas.append({"reasoning_content": message["reasoning_content"]})
        if message.get("refusal"):
            deltas.append({"refusal": message["refusal"]})
        if "tool_calls" in message:
            deltas.append({"tool_calls": [{"index": 0, **call} for call in message["tool_calls"]]})
        content = message["content"] or ""
        deltas += [{"content": content[at : at + PIECE]} for at in range(0, len(content), PIECE)]
        ends = {
            mode: self.failing(mode)
            for mode in ("mid-stream-error", "error-field", "breaks-off", "no-finish", "goes-silent")
        }
        failing = any(ends.values())
        yield ": a comment, as some servers send to keep the connection alive\n\n"
        for delta in deltas[: max(1, len(deltas) // 2)] if failing else deltas:
            yield _event({**about, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
            await asyncio.sleep(0)
        if ends["mid-stream-error"]:
            yield _event({"error": {"message": "The server had an error", "type": "server_error", "code": 503}})
        if ends["error-field"]:
            yield f"error: {json.dumps({'code': 500, 'message': 'context shift failed', 'type': 'server_error'})}\n\n"
        if ends["goes-silent"]:
            await _silence(request)
        if ends["breaks-off"]:
            raise ConnectionAbortedError("as asked: the stand-in lets go in the middle of its answer")
        if not failing:
            yield _event({**about, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
            if usage is not None:
                yield _event({**about, "choices": [], "usage": usage})
        if not failing or ends["no-finish"]:
            yield "data: [DONE]\n\n"


def environment(address: str) -> dict[str, str]:
    """The variables that lead the product here."""
    return {
        "OPENAI_API_KEY": credentials.OPENAI_API_KEY,
        "OPENAI_MODEL": credentials.OPENAI_MODEL,
        "OPENAI_BASE_URL": f"{address}/v1",
    }


def build() -> Fake:
    return OpenAICompatibleFake()


def _admit(request: Request) -> None:
    given = request.headers.get("authorization", "")
    if not given:
        raise Refused(401, "You didn't provide an API key.", code=None)
    if given != f"Bearer {credentials.OPENAI_API_KEY}":
        # The real one echoes part of the key; whoever logs this body leaks it.
        told = f"Incorrect API key provided: {given.removeprefix('Bearer ')[:8]}***. You can find your API key online."
        raise Refused(401, told, code="invalid_api_key")


async def _body_of(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict) or "application/json" not in request.headers.get("content-type", ""):
        raise Refused(400, "We could not parse the JSON body of your request.")
    return body


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _tokens(text: str) -> int:
    return len(re.sub(r"\s+", " ", text)) // 4


async def _silence(request: Request) -> None:
    """Says nothing until the other side gives up."""
    for _ in range(int(LONGEST_SILENCE_S / 0.05)):
        if await request.is_disconnected():
            return
        await asyncio.sleep(0.05)
