"""A vendor's video on its way through us to the one person who may see it: in ranges, and never held in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from fastapi import Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import ProviderError, Unavailable
from app.recordings.parts import Part
from app.routers.problems import problem
from app.services.video_storage.base import Delivery, DirectStorage

PRIVATE = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


async def passed_on(direct: DirectStorage | None, part: Part, range_header: str | None, *, head: bool) -> Response:
    """Raises Unavailable when the vendor cannot deliver now."""
    if direct is None or direct.key != part.storage:
        raise Unavailable("video_elsewhere", "This video is kept at a service that is switched off just now.")
    url = direct.expiring_url(part.key)
    if url is not None:
        return RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})
    delivering = direct.deliver(part.key, range_header, head=head)
    try:
        delivery = await delivering.__aenter__()
    except ProviderError as error:
        if error.category == "busy":
            wait = str(max(1, round(error.retry_after_s or 5)))
            detail = "Your video is being prepared. It will play in a moment."
            return problem(503, "video_being_made", detail, headers={"Retry-After": wait})
        raise Unavailable(
            "video_unreachable", "The service that keeps your video does not answer. Please try again soon."
        ) from error
    return _Passing(delivery, delivering)


class _Passing(StreamingResponse):
    """Lets go of the vendor's connection whatever becomes of ours."""

    def __init__(self, delivery: Delivery, delivering: AbstractAsyncContextManager[Delivery]) -> None:
        super().__init__(delivery.body or _nothing(), delivery.status, headers={**delivery.headers, **PRIVATE})
        self._delivering = delivering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._delivering.__aexit__(None, None, None)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
