"""One account that asks for much waits in its own line; nobody else does, and its own sign-in and recording go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.fair_share import AT_ONCE, FairShare
from app.routers.auth import PASSWORD_CHECKS
from tests.house import ON_SQLITE_ONLY
from tests.routers.live_page import page_of, served
from tests.routers.test_interviews import me, scheduled
from tests.routers.test_recordings import consented, send, start
from tests.workflows.waiting import until

pytestmark = [pytest.mark.anyio, ON_SQLITE_ONLY]
"""Whose turn it is is decided without the database."""

GENEROUS_S = 60.0


@asynccontextmanager
async def full(share: FairShare, customer: str) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for _ in range(AT_ONCE):
            await stack.enter_async_context(share.turn(customer))
        yield


def patient(app: FastAPI, *, waiting: int = 60) -> FairShare:
    """Turns that last until they are given back."""
    share = app.state.fair_share = FairShare(waiting=waiting, longest_s=None)
    return share


async def until_waiting(share: FairShare, customer: str) -> None:
    async def waits() -> bool:
        return customer in share._lines and share._lines[customer].waiting > 0

    await until(waits, "somebody in line")


async def test_whoever_has_their_share_under_way_waits_and_nobody_else_does(
    app: FastAPI, candidate: AsyncClient, other: AsyncClient
) -> None:
    interview_id = await consented(candidate)
    assert (await start(candidate, interview_id)).status_code == 201
    share, customer = patient(app), f"request {await me(candidate)}"
    async with full(share, customer):
        waiting = asyncio.create_task(candidate.get("/api/interviews"))
        await until_waiting(share, customer)
        async with asyncio.timeout(GENEROUS_S):
            assert (await other.get("/api/interviews")).status_code == 200
            assert (await send(candidate, interview_id, 0, b"piece")).status_code == 200
            assert (await candidate.post("/api/auth/refresh")).status_code == 200
        assert not waiting.done()
    assert (await waiting).status_code == 200
    assert len(share) == 0


async def test_whoever_fills_their_own_line_is_told_when_to_come_back(app: FastAPI, candidate: AsyncClient) -> None:
    share, customer = patient(app, waiting=0), f"request {await me(candidate)}"
    async with full(share, customer):
        refused = await candidate.get("/api/interviews")
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert (await candidate.get("/api/interviews")).status_code == 200


async def test_a_request_that_fails_or_is_not_found_gives_its_turn_back(app: FastAPI, candidate: AsyncClient) -> None:
    share = patient(app)
    for _ in range(2 * AT_ONCE):
        assert (await candidate.get("/api/interviews/nothing-there")).status_code == 404
        assert (await candidate.get("/api/interviews?limit=many")).status_code == 422
        assert (await candidate.get("/api/admin/overview")).status_code == 404
    assert len(share) == 0


async def test_entering_a_room_is_a_request_like_others(app: FastAPI) -> None:
    async with served(app) as address, AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        account = {"email": "asha@example.org", "name": "Asha", "password": "correct horse battery"}
        assert (await client.post("/api/auth/sign-up", json=account)).status_code == 201
        interview_id = (await scheduled(client))["id"]
        share, customer = patient(app, waiting=0), f"request {await me(client)}"
        async with full(share, customer), page_of(address, interview_id, dict(client.cookies)) as page:
            await page.until(lambda page: page.close_code)
            assert (page.close_code, page.of("problem.told")[0]["code"]) == (1013, "busy")
        async with page_of(address, interview_id, dict(client.cookies)) as page:
            await page.until(lambda page: page.of("interview.welcomed"))


async def test_one_addresss_passwords_wait_for_each_other_and_for_nobody_elses(
    app: FastAPI, browser: Callable[[], AsyncClient]
) -> None:
    body = {"email": "nobody@example.org", "password": "wrong horse battery"}
    there = ASGITransport(app=app, client=("198.51.100.7", 1))
    async with full(PASSWORD_CHECKS, "127.0.0.1"):
        near = asyncio.create_task(browser().post("/api/auth/sign-in", json=body))
        await until_waiting(PASSWORD_CHECKS, "127.0.0.1")
        async with AsyncClient(transport=there, base_url="http://testserver") as far, asyncio.timeout(GENEROUS_S):
            assert (await far.post("/api/auth/sign-in", json=body)).status_code == 422
        assert not near.done()
    assert (await near).status_code == 422
