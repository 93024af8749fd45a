"""What routes ask for: the capabilities, who is signed in, and not too often."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from app.capabilities import Capabilities
from app.errors import NotSignedIn, TooMany
from app.routers.cookies import access_token_of
from app.services.identity.base import Identity


def capabilities_of(connection: HTTPConnection) -> Capabilities:
    return cast(Capabilities, connection.app.state.capabilities)


async def identity_of(connection: HTTPConnection) -> Identity:
    """Who the access cookie speaks for, found once for each request. Raises NotSignedIn."""
    found: Identity | None = getattr(connection.state, "identity", None)
    if found is None:
        token = access_token_of(connection)
        if not token:
            raise NotSignedIn("not_signed_in", "Please sign in.")
        found = connection.state.identity = await capabilities_of(connection).accounts.recognise(token)
    return found


# FastAPI hands a Request to these on HTTP routes; the WebSocket route calls the functions above itself.
def _capabilities(request: Request) -> Capabilities:
    return capabilities_of(request)


async def _identity(request: Request) -> Identity:
    return await identity_of(request)


CapabilitiesDep = Annotated[Capabilities, Depends(_capabilities)]
CurrentUser = Annotated[Identity, Depends(_identity)]

LIMITS: dict[str, tuple[str, str]] = {
    # name: (limit, what to tell the person). Sized so that a person never meets them and a script soon does.
    "sign-in": ("10/5 minutes", "Too many tries. Please wait a few minutes."),
    "sign-up": ("20/hour", "Too many new accounts from here. Please wait a while."),
    "mail": ("5/hour", "Too many mails were asked for. Please wait an hour, and look in your spam folder."),
    "refresh": ("60/minute", "Too many requests. Please wait a minute."),
    "upload": ("20/10 minutes", "That is many uploads in a short time. Please wait a few minutes."),
    "interview": ("30/hour", "That is many interviews in a short time. Please wait a while."),
    "question": ("120/hour", "That is many new questions in a short time. Please wait a while."),
    "piece": ("600/minute", "The recording arrives faster than expected. It will be sent again."),
}


class RateLimiter:
    """Counts per process; keys are hashes' inputs such as an address or a user id, kept in memory only."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._items: dict[str, RateLimitItem] = {name: parse(text) for name, (text, _) in LIMITS.items()}

    async def check(self, name: str, *keys: str) -> None:
        """Raises TooMany with the seconds until the next try."""
        if not self._enabled:
            return
        item = self._items[name]
        if not await self._window.hit(item, name, *keys):
            stats = await self._window.get_window_stats(item, name, *keys)
            wait = max(1, int(stats.reset_time - time.time()) + 1)
            raise TooMany("too_many_requests", LIMITS[name][1], retry_after_s=wait)


def limit(name: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that counts calls by signed-in user, or by address when nobody is."""

    async def counted(request: Request) -> None:
        limiter = cast(RateLimiter, request.app.state.rate_limiter)
        try:
            key = (await identity_of(request)).subject
        except NotSignedIn:
            key = request.client.host if request.client else "unknown"
        await limiter.check(name, key)

    return counted
