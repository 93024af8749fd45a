"""What routes ask for: the capabilities, who is signed in, and not too often."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from app.access import Access
from app.capabilities import Capabilities
from app.errors import NotSignedIn, Unavailable
from app.fair_share import FairShare
from app.routers.cookies import access_token_of
from app.routers.rate_limits import LIMITS, Wanted, address_of, rate_limiter_of
from app.services.identity.base import Identity


def capabilities_of(connection: HTTPConnection) -> Capabilities:
    found: Capabilities = connection.app.state.capabilities
    return found


def fair_share_of(connection: HTTPConnection) -> FairShare:
    found: FairShare = connection.app.state.fair_share
    return found


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


async def _identity(request: Request) -> AsyncIterator[Identity]:
    who = await identity_of(request)
    # A recording is sent and played beside everything else, which it must not keep waiting.
    kind = "recording" if "/recording" in request.url.path else "request"
    await rate_limiter_of(request).pace(kind, who.subject)
    async with fair_share_of(request).turn(f"{kind} {who.subject}"):
        yield who


CapabilitiesDep = Annotated[Capabilities, Depends(_capabilities)]
CurrentUser = Annotated[Identity, Depends(_identity, scope="function")]
"""Who is signed in, not too often, and not too much of theirs at a time."""


def _access(user: CurrentUser) -> Access:
    return Access(user.subject)


CurrentAccess = Annotated[Access, Depends(_access)]
"""To what is theirs. Whoever needs no more of a signed-in person than that takes it instead of CurrentUser."""


def limit(name: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that counts calls by signed-in user and, whoever is signed in, by address: where LIMITS says so."""
    by_address = f"{name}, address"

    async def counted(request: Request) -> None:
        wanted: list[Wanted] = []
        if name in LIMITS:
            # Who cannot be recognised is refused by the route itself, or need not be.
            with contextlib.suppress(NotSignedIn, Unavailable):
                wanted.append((name, (await identity_of(request)).subject))
        if by_address in LIMITS or not wanted:
            wanted.append((by_address if by_address in LIMITS else name, address_of(request)))
        rate_limiter_of(request).take(*wanted)

    return counted
