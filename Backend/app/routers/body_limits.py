"""How long the body of a request may be, by route, before anybody has read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from importlib import import_module

from fastapi import Request
from fastapi import Response as HttpResponse
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.limits import size_words
from app.errors import TooLarge
from app.routers.dependencies import identity_of
from app.routers.problems import BodyTooLarge, told
from app.schemas.body_size import largest_body
from app.schemas.interview import NewInterview
from app.schemas.profile import ProfileCorrection
from app.settings import Settings

JSON_BYTES = 64 * 1024
FORM_OVERHEAD = 64 * 1024
"""Bytes of boundaries, headers and names around the file in a multipart body."""

TOO_LONG = TooLarge("body_too_large", "That is more than can be sent here. Please send less.")


@dataclass(frozen=True, slots=True)
class BodyLimit:
    method: str
    path: str
    """As the route names it."""
    most: int
    """Bytes."""
    refusal: TooLarge = TOO_LONG


def body_limits(settings: Settings) -> tuple[BodyLimit, ...]:
    """Whatever needs more than JSON_BYTES."""
    resume, piece = settings.max_resume_bytes, settings.max_piece_bytes
    return (
        BodyLimit("POST", "/api/profiles", resume + FORM_OVERHEAD, resume_too_large(resume)),
        BodyLimit("PATCH", "/api/profiles/{profile_id}", largest_body(ProfileCorrection)),
        BodyLimit("POST", "/api/interviews", largest_body(NewInterview)),
        BodyLimit(
            "PUT",
            "/api/interviews/{interview_id}/recording/takes/{take}/pieces/{piece}",
            piece,
            TooLarge(
                "piece_too_large",
                f"A piece may hold {size_words(piece)}. Record in shorter pieces.",
                params={"bytes": piece},
            ),
        ),
        *(import_module(vendor.webhook).BODY_LIMIT for vendor in settings.vendors if vendor.webhook),
    )


def resume_too_large(most: int) -> TooLarge:
    return TooLarge(
        "resume_too_large",
        f"This file is larger than {size_words(most)}. Save a smaller PDF, or paste the text instead.",
        field="file",
        params={"bytes": most},
    )


class BodyLimitMiddleware:
    """Refuses a longer body unread where its length is told, and otherwise as soon as it is too long.

    The connection is not read on for long after that: see `app.connections`.
    """

    def __init__(self, app: ASGIApp, *, limits: tuple[BodyLimit, ...]) -> None:
        self._app = app
        self._limits = [(limit.method, compile_path(limit.path)[0], limit) for limit in limits]
        self._other = BodyLimit("", "", JSON_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self.limit_of(scope["method"], scope["path"])
        if (_told_length(Headers(scope=scope)) or 0) > limit.most:
            await told(limit.refusal)(scope, receive, send)
            return
        received = 0

        async def receive_so_much() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > limit.most:
                    raise BodyTooLarge(limit.refusal)
            return message

        await self._app(scope, receive_so_much, send)

    def limit_of(self, method: str, path: str) -> BodyLimit:
        for of_method, pattern, limit in self._limits:
            if method == of_method and pattern.match(path):
                return limit
        return self._other


class SignedInRoute(APIRoute):
    """Asks who it is before the body is read, which FastAPI would do first."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[object, None, HttpResponse]]:
        handle = super().get_route_handler()

        async def handle_signed_in(request: Request) -> HttpResponse:
            await identity_of(request)
            return await handle(request)

        return handle_signed_in


_DIGITS = re.compile(r"[0-9]{1,18}")


def _told_length(headers: Headers) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if _DIGITS.fullmatch(value) else None
