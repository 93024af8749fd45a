"""Who asks, seen through trusted proxies, and how much one address may have under way at a time."""

from __future__ import annotations

from collections import Counter

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.client_addresses import Networks, client_of, counted_as, is_within, read_address
from app.routers.problems import problem

RETRY_AFTER_S = 5
SCHEMES = {
    "http": {"http": "http", "https": "https", "ws": "http", "wss": "https"},
    "websocket": {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"},
}
"""What each kind of request calls it, by what a proxy does."""


class ClientMiddleware:
    """Afterwards `client` and `scheme` of a request are those of the person's own connection.

    Live WebSockets count as long as they last.
    """

    def __init__(self, app: ASGIApp, *, proxies: Networks, at_once: int) -> None:
        self._app = app
        self._proxies = proxies
        self._at_once = at_once
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        self._look_through(scope)
        customer = counted_as(scope["client"][0]) if scope.get("client") else ""
        if self._under_way[customer] >= self._at_once:
            refused = problem(
                503,
                "full",
                "Too much is under way from your network. Please try again in a moment.",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
            await refused(scope, receive, send)
            return
        self._under_way[customer] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way[customer] -= 1
            if not self._under_way[customer]:
                del self._under_way[customer]

    def _look_through(self, scope: Scope) -> None:
        peer: tuple[str, int] | None = scope.get("client")
        if peer is None or not is_within(read_address(peer[0]), self._proxies):
            return
        headers = Headers(scope=scope)
        client = client_of(peer[0], headers.getlist("x-forwarded-for"), self._proxies)
        scope["client"] = (client, 0)
        # What the nearest proxy says; the ones before it are told to it.
        told = ",".join(headers.getlist("x-forwarded-proto")).rpartition(",")[2].strip().lower()
        if told in SCHEMES[scope["type"]]:
            scope["scheme"] = SCHEMES[scope["type"]][told]
