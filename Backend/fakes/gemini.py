"""A stand-in for the Gemini API: `generateContent`, `streamGenerateContent`, `countTokens`, as strict as the vendor.

Wire as the vendor's documents and its own SDK (google-genai 3.4) have it: v1, v1beta and v1alpha; both spellings of
every field (the SDK mixes them); a field it does not know is refused as proto JSON refuses it; an invalid key is a 400.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from fakes import credentials
from fakes.base import Fake, Mode
from fakes.gemini_refusals import Refused, check_request, violation
from fakes.model_brain import think

MODELS = frozenset(
    {
        "gemini-3.8-flash",
        "gemini-3.7-flash",
        "gemini-3.6-flash",
        "gemini-3.5-flash",
        "gemini-3.5-flash-lite",
        "gemini-3.1-flash-lite",
        "gemini-3.1-pro-preview",
    }
)
ALIASES = {"gemini-flash-latest": "gemini-3.8-flash", "gemini-flash-lite-latest": "gemini-3.5-flash-lite"}
PIECE = 48
"""Characters of the answer in each frame of a stream."""
LONGEST_SILENCE_S = 120.0

MODES = (
    Mode("cut-without-parts", "MAX_TOKENS with no parts at all: thinking used up the limit"),
    Mode("cut-json", "MAX_TOKENS in the middle of the JSON"),
    Mode("fenced-json", "JSON within a code fence"),
    Mode("not-json", "finishes, with a sentence instead of JSON"),
    Mode("wrong-shape", "finishes, with JSON of another shape"),
    Mode("empty", "finishes with STOP and no text"),
    Mode("thinks-aloud", "thought parts come before the answer"),
    Mode("invents-quotes", "quotes and claims that nobody said"),
    Mode("obeys", "follows any instruction it finds outside the fence"),
    Mode("unsafe-answer", "the candidate is withheld: finishReason SAFETY"),
    Mode("recitation", "the candidate is withheld: finishReason RECITATION"),
    Mode("blocked-prompt", "no candidates: promptFeedback.blockReason PROHIBITED_CONTENT"),
    Mode("unknown-finish", "a finishReason that nobody has heard of"),
    Mode("no-usage", "no usageMetadata"),
    Mode("minute-quota", "429, quota per minute, RetryInfo of 0.05 s"),
    Mode("long-minute-quota", "429, quota per minute, RetryInfo of 37 s"),
    Mode("day-quota", "429, quota per day"),
    Mode("overloaded", "503 UNAVAILABLE"),
    Mode("internal", "500 INTERNAL"),
    Mode("deadline", "504 DEADLINE_EXCEEDED"),
    Mode("html-502", "502 with a page of HTML"),
    Mode("not-ok-201", "201 instead of 200"),
    Mode("error-in-list", "503, the error within a list"),
    Mode("key-leaked", "403: the key was reported as leaked"),
    Mode("retired", "404: the model is gone"),
    Mode("no-billing", "400 FAILED_PRECONDITION: not free in this region"),
    Mode("mid-stream-error", "an error frame after half of the answer"),
    Mode("breaks-off", "the connection is lost after half of the answer"),
    Mode("no-finish", "ends cleanly after half of the answer, without a finishReason"),
    Mode("goes-silent", "half of the answer, then nothing"),
    Mode("thinks-long", "a second of silence before its first word"),
    Mode("silent", "takes the request and never answers"),
)


class GeminiFake(Fake):
    def __init__(self) -> None:
        super().__init__("gemini", MODES)
        for version in ("v1", "v1beta", "v1alpha"):
            self.app.add_api_route(f"/{version}/models/{{call}}", self._called, methods=["POST"], name=version)
        self.app.add_exception_handler(404, _no_route)

    async def _called(self, request: Request, call: str) -> Response:
        version = request.url.path.split("/")[1]
        name, _, verb = call.partition(":")
        try:
            self._admit(request)
            model = self._model(name, verb, version)
            if verb not in ("generateContent", "streamGenerateContent", "countTokens"):
                return _no_route(request, None)
            body = await _body_of(request)
            if verb == "countTokens":
                return JSONResponse({"totalTokens": _tokens(json.dumps(body, ensure_ascii=False))})
            asked = check_request(body, model)
            self._fail()
        except Refused as refused:
            return refused.response(in_list=refused.in_list)
        if self.failing("html-502"):
            return HTMLResponse("<html><title>502 Bad Gateway</title><h1>Bad Gateway</h1></html>", 502)
        if self.failing("thinks-long"):
            await asyncio.sleep(1)
        if self.failing("silent"):
            await _silence(request)
        frames = self._frames(asked, model)
        status = 201 if self.failing("not-ok-201") else 200
        if verb == "generateContent":
            return JSONResponse(_merged(frames), status)
        if request.query_params.get("alt") != "sse":
            return JSONResponse(frames, status)
        return StreamingResponse(self._streamed(request, frames), status, media_type="text/event-stream")

    def _admit(self, request: Request) -> None:
        key = request.headers.get("x-goog-api-key") or request.query_params.get("key")
        if not key:
            raise Refused(
                403,
                "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers (callers without established identity). Please use API Key "
                "or other form of API consumer identity to call this API.",
            )
        if key != credentials.GEMINI_API_KEY:
            reason = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"},
            }
            raise Refused(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [reason])
        if self.failing("key-leaked"):
            message = "Your API key was reported as leaked. Please use another API key."
            raise Refused(403, "PERMISSION_DENIED", message)

    def _model(self, name: str, verb: str, version: str) -> str:
        known = name in MODELS or (name in ALIASES and version == "v1beta")
        if not known or self.failing("retired"):
            raise Refused(
                404,
                "NOT_FOUND",
                f"models/{name} is not found for API version {version}, or is not supported for {verb}. Call "
                "ListModels to see the list of available models and their supported methods.",
            )
        return ALIASES.get(name, name)

    def _fail(self) -> None:
        for mode, refused in (
            ("minute-quota", _quota("PerMinute", "0.05s")),
            ("long-minute-quota", _quota("PerMinute", "37.25s")),
            ("day-quota", _quota("PerDay", "41s")),
            ("overloaded", Refused(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")),
            ("internal", Refused(500, "INTERNAL", "An internal error has occurred.")),
            ("deadline", Refused(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")),
            ("error-in-list", Refused(503, "UNAVAILABLE", "The model is overloaded.", in_list=True)),
            (
                "no-billing",
                Refused(
                    400,
                    "FAILED_PRECONDITION",
                    "User location is not supported for the API use without a billing account linked.",
                ),
            ),
        ):
            if self.failing(mode):
                raise refused

    def _frames(self, asked: dict[str, Any], model: str) -> list[dict[str, Any]]:
        """What is streamed, frame by frame; usage counts from the beginning in each, as the vendor's does."""
        config = asked["generationConfig"]
        sent = _tokens(asked["system"] + asked["user"])
        about = {"modelVersion": model, "responseId": secrets.token_urlsafe(16)}
        if self.failing("blocked-prompt"):
            usage = {"promptTokenCount": sent, "totalTokenCount": sent}
            blocked = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **about}
            return [blocked if self.failing("no-usage") else {**blocked, "usageMetadata": usage}]
        text, finish = self._answer(asked), "STOP"
        parts: list[dict[str, Any]] = []
        if self.failing("thinks-aloud"):
            parts.append({"text": "Let me look at the data first. {", "thought": True})
        if self.failing("cut-without-parts"):
            text, finish = "", "MAX_TOKENS"
        elif self.failing("cut-json"):
            text, finish = text[: len(text) // 2], "MAX_TOKENS"
        elif self.failing("unsafe-answer"):
            text, finish = "", "SAFETY"
        elif self.failing("recitation"):
            text, finish = "", "RECITATION"
        elif self.failing("unknown-finish"):
            finish = "TEMPERED"
        elif self.failing("empty"):
            text = ""
        thoughts = 64
        limit = config.get("maxOutputTokens")
        if limit is not None and finish == "STOP" and _tokens(text) + thoughts > limit:
            text, finish = text[: 4 * max(0, limit - thoughts)], "MAX_TOKENS"
        parts += [{"text": text[at : at + PIECE]} for at in range(0, len(text), PIECE)]
        if parts and text:
            parts[-1]["thoughtSignature"] = base64.b64encode(b"signature").decode()
        counted = not self.failing("no-usage")
        frames: list[dict[str, Any]] = []
        written = 0
        shown: list[dict[str, Any] | None] = [*parts] or [None]
        for number, part in enumerate(shown):
            content: dict[str, Any] = {"role": "model"}
            if part is not None:
                content["parts"] = [part]
                written += 0 if part.get("thought") else len(part["text"])
            candidate: dict[str, Any] = {"content": content, "index": 0}
            if number == len(shown) - 1:
                candidate |= {"finishReason": finish, "safetyRatings": []}
                if finish in ("SAFETY", "RECITATION"):
                    del candidate["content"]
            frame: dict[str, Any] = {"candidates": [candidate]}
            if counted:
                tokens = -(-written // 4)
                frame["usageMetadata"] = {
                    "promptTokenCount": sent,
                    **({"candidatesTokenCount": tokens} if tokens else {}),
                    "thoughtsTokenCount": thoughts,
                    "totalTokenCount": sent + tokens + thoughts,
                    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": sent}],
                }
            frames.append({**frame, **about})
        return frames

    def _answer(self, asked: dict[str, Any]) -> str:
        config = asked["generationConfig"]
        schema = config.get("responseJsonSchema") or config.get("responseSchema")
        if self.failing("not-json"):
            return "As a language model I would rather talk about the weather."
        if self.failing("wrong-shape"):
            return '{"verdict": "splendid", "stars": 7}'
        text = think(
            asked["system"],
            asked["user"],
            schema,
            obeys=self.failing("obeys"),
            invents=self.failing("invents-quotes"),
        )
        return f"```json\n{text}\n```" if self.failing("fenced-json") else text

    async def _streamed(self, request: Request, frames: list[dict[str, Any]]) -> AsyncIterator[str]:
        half = max(1, len(frames) // 2)
        halves = {mode: self.failing(mode) for mode in ("mid-stream-error", "breaks-off", "no-finish", "goes-silent")}
        for frame in frames[:half] if any(halves.values()) else frames:
            if any(halves.values()) and "candidates" in frame:
                frame["candidates"][0].pop("finishReason", None)
            yield f"data: {json.dumps(frame, ensure_ascii=False)}\r\n\r\n"
            await asyncio.sleep(0)
        if halves["mid-stream-error"]:
            error = Refused(503, "UNAVAILABLE", "The service is currently unavailable.")
            yield f"data: {json.dumps(error.body, separators=(',', ':'))}\r\n\r\n"
        if halves["goes-silent"]:
            await _silence(request)
        if halves["breaks-off"]:
            raise ConnectionAbortedError("as asked: the stand-in lets go in the middle of its answer")


def environment(address: str) -> dict[str, str]:
    """The variables that lead the product here."""
    return {
        "GEMINI_API_KEY": credentials.GEMINI_API_KEY,
        "GEMINI_API_URL": address,
    }


def build() -> Fake:
    return GeminiFake()


async def _body_of(request: Request) -> dict[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refused(400, "INVALID_ARGUMENT", "Invalid content type. Expected application/json.")
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Refused(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected end of string.") from None
    if not isinstance(body, dict):
        raise violation("", "Invalid JSON payload received. Root element must be a message.")
    return body


def _quota(period: str, delay: str) -> Refused:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [
                {
                    "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
                    "quotaId": f"GenerateRequests{period}PerProjectPerModel-FreeTier",
                    "quotaDimensions": {"location": "global", "model": "gemini-3.8-flash"},
                    "quotaValue": "10",
                }
            ],
        },
        {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]
    message = f"You exceeded your current quota, please check your plan and billing details. Please retry in {delay}."
    return Refused(429, "RESOURCE_EXHAUSTED", message, details)


def _merged(frames: list[dict[str, Any]]) -> dict[str, Any]:
    """The frames of a stream as the one answer of `generateContent`."""
    whole = dict(frames[-1])
    parts = [
        part
        for frame in frames
        for candidate in frame.get("candidates", ())
        for part in candidate.get("content", {}).get("parts", ())
    ]
    if parts:
        candidate = {**whole["candidates"][0]}
        thoughts = [part for part in parts if part.get("thought")]
        said = {"text": "".join(part["text"] for part in parts if not part.get("thought"))}
        candidate["content"] = {"role": "model", "parts": [*thoughts, said]}
        whole["candidates"] = [candidate]
    return whole


def _tokens(text: str) -> int:
    return max(1, len(re.sub(r"\s+", " ", text)) // 4)


async def _silence(request: Request) -> None:
    """Says nothing until the other side gives up."""
    for _ in range(int(LONGEST_SILENCE_S / 0.05)):
        if await request.is_disconnected():
            return
        await asyncio.sleep(0.05)


def _no_route(_: Request, __: Any) -> Response:
    return HTMLResponse("<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>", 404)
