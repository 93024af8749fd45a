"""What everybody may see, and the live room, when Supabase vouches for people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.container import build_capabilities
from app.main import create_app
from app.settings import Settings
from fakes.supabase import SupabaseFake
from tests.house import ON_SQLITE_ONLY, WITH_SUPABASE, sign_up
from tests.routers.live_page import page_of, served
from tests.routers.test_live import prepared
from tests.routers.test_ownership import ROUTES, Row, ask
from tests.routers.test_ownership import ids as ids_of_the_owner

pytestmark = [pytest.mark.anyio, ON_SQLITE_ONLY, WITH_SUPABASE]
ids = ids_of_the_owner

MAILING = {
    "POST /api/auth/recover": Row(204, 204, {"email": "x@example.org"}),
    "POST /api/auth/reset": replace(ROUTES["POST /api/auth/reset"], stranger=422, nobody=422),
}
"""What only a keeper who sends mail can do."""


async def test_somebody_else_gets_nothing(app: FastAPI, browser: Any, ids: dict[str, str]) -> None:
    answers = {}
    for route in ROUTES:
        stranger = browser()
        await sign_up(stranger, "Someone Else")
        answers[route] = await ask(stranger, route, {**ROUTES, **MAILING}[route], ids)
    assert answers == {route: row.stranger for route, row in {**ROUTES, **MAILING}.items()}


async def test_nobody_gets_nothing(app: FastAPI, browser: Any, ids: dict[str, str]) -> None:
    answers = {route: await ask(browser(), route, {**ROUTES, **MAILING}[route], ids) for route in ROUTES}
    assert answers == {route: row.nobody for route, row in {**ROUTES, **MAILING}.items()}


@dataclass
class Room:
    address: str
    interview_id: str
    client: AsyncClient


@pytest.fixture
async def room(settings: Settings) -> AsyncIterator[Room]:
    capabilities = build_capabilities(settings)
    async with (
        served(create_app(settings, capabilities)) as address,
        AsyncClient(base_url=f"http://{address}") as client,
    ):
        me = await sign_up(client)
        interview_id, _ = await prepared(capabilities.db, me["id"])
        yield Room(address, interview_id, client)


@pytest.mark.parametrize("mode", ["", "huge-token"])
async def test_the_live_room_opens_for_the_owner_by_their_cookie(room: Room, supabase: SupabaseFake, mode: str) -> None:
    supabase.switch(mode)
    assert (await room.client.post("/api/auth/refresh")).status_code == 200
    async with page_of(room.address, room.interview_id, dict(room.client.cookies)) as page:
        welcome = await page.until(lambda page: page.of("interview.welcomed"))
    assert welcome


async def test_the_live_room_stays_shut_for_others_and_for_forged_tokens(room: Room, supabase: SupabaseFake) -> None:
    async with AsyncClient(base_url=f"http://{room.address}") as other:
        await sign_up(other)
        async with page_of(room.address, room.interview_id, dict(other.cookies)) as page:
            await page.until(lambda page: page.close_code)
        assert page.close_code == 4404
    account = next(iter(supabase.accounts.values()))
    for mode in ("alg-none", "anon-role", "wrong-issuer"):
        supabase.switch("")
        supabase.switch(mode)
        forged = {"dost_access": supabase.signer.issue(account.user, "x")}
        async with page_of(room.address, room.interview_id, forged) as page:
            await page.until(lambda page: page.close_code)
        assert page.close_code == 4401


async def test_a_room_whose_visitor_cannot_be_vouched_for_just_now_says_try_later(
    settings: Settings, supabase: SupabaseFake
) -> None:
    supabase.switch("keys-down")
    async with served(create_app(settings)) as address:
        cookies = {
            "dost_access": supabase.signer.issue(
                {"id": "x", "email": "x", "app_metadata": {}, "user_metadata": {}}, "x"
            )
        }
        async with page_of(address, "any", cookies) as page:
            await page.until(lambda page: page.close_code)
    assert page.close_code == 1013
    assert page.of("problem.told")[0]["code"] == "sign_in_unreachable"
