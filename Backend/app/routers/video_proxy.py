"""A vendor's video on its way through us to the one person who may see it: in ranges, and never held in memory.

An adaptive video (HLS) is a playlist of playlists of pieces; each address in them is one of ours, so that every piece
is asked for here, too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from urllib.parse import quote

from fastapi import Request
from fastapi import Response as HttpResponse
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.domain.recording import Part
from app.errors import NotFound, ProviderError, Unavailable
from app.routers.problems import problem
from app.services.video_storage.base import PLAYLIST_TYPE, DirectStorage, VideoDelivery

PRIVATE = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


_CHOSEN_BY = ("user-agent", "accept")
"""What a vendor chooses a form by."""


async def passed_on(
    direct: DirectStorage | None, part: Part, request: Request, folder: str, key: str = ""
) -> HttpResponse:
    """`key`: the sealed key of a piece of this part, or nothing for the part itself.

    `folder`: our address of a part's pieces.

    Raises Unavailable when the vendor cannot deliver now, NotFound for a piece of something else.
    """
    if direct is None or direct.key != part.storage:
        raise Unavailable("video_elsewhere", "This video is kept at a service that is switched off just now.")
    wanted = direct.unsealed(key, part.key) if key else part.key
    if wanted is None:
        raise NotFound("video_not_found", "This recording has no such part.")
    try:
        if wanted.endswith(".m3u8"):
            text = await direct.playlist(wanted, lambda piece: f"{folder}/{quote(piece, safe='/,:')}")
            return HttpResponse(text, media_type=PLAYLIST_TYPE, headers=PRIVATE)
        url = direct.expiring_url(wanted)
        if url is not None:
            return RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})
        viewer = {name: request.headers[name] for name in _CHOSEN_BY if name in request.headers}
        is_head = request.method == "HEAD"
        delivering = direct.deliver(wanted, request.headers.get("range"), head=is_head, viewer=viewer)
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


async def poster_of(direct: DirectStorage | None, part: Part) -> bytes | None:
    """None also where the vendor cannot be asked now: a picture is worth no error."""
    if direct is None or direct.key != part.storage:
        return None
    try:
        return await direct.poster(part.key)
    except ProviderError:
        return None


class _Passing(StreamingResponse):
    """Lets go of the vendor's connection whatever becomes of ours."""

    def __init__(self, delivery: VideoDelivery, delivering: AbstractAsyncContextManager[VideoDelivery]) -> None:
        super().__init__(delivery.body or _nothing(), delivery.status, headers={**delivery.headers, **PRIVATE})
        self._delivering = delivering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._delivering.__aexit__(None, None, None)


async def _nothing() -> AsyncIterator[bytes]:
    empty: tuple[bytes, ...] = ()
    for chunk in empty:
        yield chunk
