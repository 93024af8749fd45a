from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, WebSocket
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Message, Scope

from app.client_addresses import read_networks
from app.main import create_app
from app.routers.clients import ClientMiddleware
from app.routers.rate_limits import LIMITS, RateLimiter
from app.settings import Settings
from tests.house import ON_SQLITE_ONLY
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio

PROXY = ("10.0.0.7", 4711)


def house(at_once: int = 3) -> FastAPI:
    """Says who asks; /hold until `over` is set."""
    app = FastAPI()
    app.state.over = asyncio.Event()
    app.state.held = Counter[str]()

    @app.get("/who")
    async def who(request: Request) -> list[str]:
        assert request.client is not None
        return [request.client.host, request.url.scheme]

    @app.get("/hold")
    async def hold(request: Request) -> None:
        assert request.client is not None
        app.state.held[request.client.host] += 1
        await app.state.over.wait()

    @app.websocket("/room")
    async def room(socket: WebSocket) -> None:
        assert socket.client is not None
        app.state.held[socket.client.host] += 1
        await app.state.over.wait()

    app.add_middleware(ClientMiddleware, proxies=read_networks("10.0.0.0/8"), at_once=at_once)
    return app


@asynccontextmanager
async def client(app: FastAPI, peer: tuple[str, int] = PROXY) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app, client=peer), base_url="http://testserver") as made:
        yield made


async def test_behind_a_proxy_on_another_host_everybody_is_somebody() -> None:
    async with client(house()) as proxy:
        headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Proto": "https"}
        assert (await proxy.get("/who", headers=headers)).json() == ["203.0.113.9", "https"]


async def test_a_stranger_is_not_believed() -> None:
    async with client(house(), ("203.0.113.9", 1)) as stranger:
        headers = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
        assert (await stranger.get("/who", headers=headers)).json() == ["203.0.113.9", "http"]


@pytest.mark.parametrize(
    ("told", "scheme"), [("javascript", "http"), ("http, https", "https"), ("https, http", "http")]
)
async def test_of_the_scheme_the_nearest_proxy_is_believed_and_only_in_what_there_is(told: str, scheme: str) -> None:
    async with client(house()) as proxy:
        assert (await proxy.get("/who", headers={"X-Forwarded-Proto": told})).json()[1] == scheme


async def until_held(app: FastAPI, host: str, count: int) -> None:
    async def does() -> bool:
        return bool(app.state.held[host] >= count)

    await until(does, "requests under way")


async def hold_socket(app: FastAPI, host: str) -> None:
    async def receive() -> Message:
        await app.state.over.wait()
        return {"type": "websocket.connect"}

    async def send(_message: Message) -> None:
        return

    scope: Scope = {
        "type": "websocket",
        "path": "/room",
        "raw_path": b"/room",
        "query_string": b"",
        "scheme": "ws",
        "root_path": "",
        "subprotocols": [],
        "state": {},
        "headers": [(b"x-forwarded-for", host.encode())],
        "client": PROXY,
        "server": ("testserver", 80),
    }
    await app(scope, receive, send)


async def test_through_a_proxy_too_each_address_has_so_much_under_way_and_no_more_live_rooms_included() -> None:
    app = house(at_once=3)
    async with AsyncExitStack() as stack:
        group = await stack.enter_async_context(asyncio.TaskGroup())
        proxy = await stack.enter_async_context(client(app))
        mine, neighbour = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
        group.create_task(hold_socket(app, "203.0.113.9"))
        for _ in range(2):
            group.create_task(proxy.get("/hold", headers=mine))
        await until_held(app, "203.0.113.9", 3)
        refused = await proxy.get("/who", headers=mine)
        assert (refused.status_code, refused.json()["code"]) == (503, "full")
        assert int(refused.headers["retry-after"]) > 0
        assert (await proxy.get("/who", headers=neighbour)).status_code == 200
        app.state.over.set()
    async with client(app) as again:
        assert (await again.get("/who", headers=mine)).status_code == 200


async def test_addresses_of_one_ipv6_customer_share_what_they_may() -> None:
    app = house(at_once=3)
    async with asyncio.TaskGroup() as group, client(app) as proxy:
        for number in range(3):
            host = f"2001:db8:0:1::{number + 1}"
            group.create_task(proxy.get("/hold", headers={"X-Forwarded-For": host}))
            await until_held(app, host, 1)
        one_more = {"X-Forwarded-For": "2001:db8:0:1:ffff::"}
        assert (await proxy.get("/who", headers=one_more)).status_code == 503
        assert (await proxy.get("/who", headers={"X-Forwarded-For": "2001:db8:0:2::1"})).status_code == 200
        app.state.over.set()


async def no_wait(_seconds: float) -> None:
    return


@ON_SQLITE_ONLY
async def test_a_limit_is_each_persons_own_behind_a_trusted_proxy(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"rate_limits": True, "trusted_proxies": "10.0.0.7"}))
    # Time stands still: nothing is allowed again because a machine was slow.
    app.state.rate_limiter = RateLimiter(enabled=True, clock=lambda: 1000.0, sleep=no_wait)
    body = {"email": "a@example.org", "name": "A", "password": "short"}
    allowed = int(LIMITS["sign-up, address"][0].split("/")[0])
    async with app.router.lifespan_context(app), client(app) as proxy:

        async def status(host: str) -> int:
            return (await proxy.post("/api/auth/sign-up", json=body, headers={"X-Forwarded-For": host})).status_code

        for _ in range(allowed):
            assert await status("203.0.113.9") == 422
        assert await status("203.0.113.9") == 429
        assert await status("203.0.113.10") == 422


@ON_SQLITE_ONLY
async def test_the_proxies_of_the_settings_are_the_ones_of_the_application(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings.model_copy(update={"connections_per_address": 0, "trusted_proxies": "10.0.0.7"}))
    async with client(app) as proxy:
        refused = await proxy.get("/api/health")
    assert (refused.status_code, refused.json()["code"]) == (503, "full")
    assert refused.headers["x-content-type-options"] == "nosniff"
