"""Ended is ended: nothing of a sign-in that is over opens anything, and its room closes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import delete, event, select, update

from app.accounts.login_register import BELIEVED_S, LoginRegister
from app.accounts.login_sessions import start_login_session, token_hash
from app.capabilities import Capabilities
from app.container import build_capabilities
from app.main import create_app
from app.models import LoginSession, User, now
from app.settings import Settings
from fakes.supabase import SupabaseFake
from tests.house import ON_SQLITE_ONLY, WITH_EITHER_IDENTITY, WITH_SUPABASE, restarted, sign_up
from tests.routers.live_page import page_of, served
from tests.routers.test_live import prepared

pytestmark = pytest.mark.anyio
Browser = Callable[[], AsyncClient]
PASSWORD = "correct horse battery"
NEW_PASSWORD = "a new long password"
OWN_ROUTES = (
    ("GET", "/api/auth/me", None),
    ("GET", "/api/interviews", None),
    ("GET", "/api/progress", None),
    ("POST", "/api/interviews", {"role": "Nurse"}),
    ("PUT", "/api/interviews/some/recording/takes/0/pieces/0", None),
)


def copied(browser: Browser, client: AsyncClient) -> AsyncClient:
    """Another browser with the same cookies, as a thief or a second tab has them."""
    copy = browser()
    for cookie in client.cookies.jar:
        copy.cookies.set(cookie.name, cookie.value or "", domain=cookie.domain, path=cookie.path)
    return copy


async def signed_in_too(browser: Browser, email: str) -> AsyncClient:
    client = browser()
    answer = await client.post("/api/auth/sign-in", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200
    return client


async def statuses(client: AsyncClient) -> set[int]:
    found = {(await client.request(method, path, json=body)).status_code for method, path, body in OWN_ROUTES}
    form = await client.post("/api/profiles", data={"text": "Nurse at St Mary, 2019 to 2024. Cut falls on ward 7."})
    return {*found, form.status_code}


def change_password(client: AsyncClient) -> object:
    return client.post("/api/auth/password", json={"current_password": PASSWORD, "new_password": NEW_PASSWORD})


@WITH_EITHER_IDENTITY
async def test_a_copied_access_token_opens_nothing_after_signing_out(browser: Browser) -> None:
    client = browser()
    await sign_up(client)
    thief = copied(browser, client)
    assert (await thief.get("/api/auth/me")).status_code == 200
    assert (await client.post("/api/auth/sign-out")).status_code == 204
    assert await statuses(thief) == {401}


@WITH_EITHER_IDENTITY
@pytest.mark.parametrize("left", ["dost_access", "dost_refresh"])
async def test_either_cookie_is_enough_to_sign_out_with(browser: Browser, left: str) -> None:
    client = browser()
    await sign_up(client)
    thief = copied(browser, client)
    for name in {"dost_access", "dost_refresh"} - {left}:
        client.cookies.delete(name)
    await client.post("/api/auth/sign-out")
    assert (await thief.get("/api/auth/me")).status_code == 401
    assert (await thief.post("/api/auth/refresh")).status_code == 401


@WITH_EITHER_IDENTITY
async def test_a_deleted_accounts_other_devices_are_refused_and_nothing_breaks(browser: Browser) -> None:
    here = browser()
    me = await sign_up(here)
    there = await signed_in_too(browser, me["email"])
    assert (await there.get("/api/interviews")).status_code == 200
    assert (await here.request("DELETE", "/api/auth/me", json={"password": PASSWORD})).status_code == 200
    assert await statuses(there) == {401}


@WITH_EITHER_IDENTITY
async def test_a_new_password_ends_the_other_devices_at_once_and_not_this_one(browser: Browser) -> None:
    here = browser()
    me = await sign_up(here)
    there = await signed_in_too(browser, me["email"])
    assert (await there.get("/api/auth/me")).status_code == 200
    await change_password(here)  # type: ignore[misc]
    assert await statuses(there) == {401}
    assert (await here.get("/api/auth/me")).status_code == 200


@WITH_EITHER_IDENTITY
async def test_what_was_ended_stays_ended_over_a_restart(settings: Settings, browser: Browser, app: FastAPI) -> None:
    client = browser()
    await sign_up(client)
    cookies = dict(client.cookies)
    await client.post("/api/auth/sign-out")
    async with (
        restarted(settings) as again,
        AsyncClient(transport=ASGITransport(app=again), base_url="http://testserver", cookies=cookies) as thief,
    ):
        assert (await thief.get("/api/auth/me")).status_code == 401


@ON_SQLITE_ONLY
@WITH_SUPABASE
async def test_signing_out_closes_the_access_token_here_while_supabase_cannot_be_reached(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    thief = copied(browser, client)
    supabase.switch("down")
    assert (await client.post("/api/auth/sign-out")).status_code == 204
    assert (await thief.get("/api/auth/me")).status_code == 401
    supabase.switch("")
    assert (await thief.post("/api/auth/refresh")).status_code == 401


@ON_SQLITE_ONLY
@WITH_SUPABASE
async def test_a_reset_password_closes_every_access_token(supabase: SupabaseFake, browser: Browser) -> None:
    client = browser()
    me = await sign_up(client)
    account = next(one for one in supabase.accounts.values() if one.user["email"] == me["email"])
    link = supabase._new_session(account)["access_token"]
    answer = await browser().post("/api/auth/reset", json={"access_token": link, "new_password": NEW_PASSWORD})
    assert answer.status_code == 204
    assert await statuses(client) == {401}


# ---- refresh tokens ---------------------------------------------------------------------------


async def renewed(browser: Browser, client: AsyncClient, times: int) -> list[str]:
    """Every refresh token of this sign-in, the present one last."""
    tokens = [client.cookies["dost_refresh"]]
    for _ in range(times):
        assert (await client.post("/api/auth/refresh")).status_code == 200
        tokens.append(client.cookies["dost_refresh"])
    return tokens


async def spend(browser: Browser, token: str) -> httpx2.Response:
    client = browser()
    client.cookies.set("dost_refresh", token, domain="testserver.local", path="/api/auth")
    return await client.post("/api/auth/refresh")


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_a_used_refresh_token_of_any_age_ends_its_family_and_both_are_told(browser: Browser, which: int) -> None:
    client, bystander = browser(), browser()
    me = await sign_up(client)
    await bystander.post("/api/auth/sign-in", json={"email": me["email"], "password": PASSWORD})
    tokens = await renewed(browser, client, 4)
    thief = await spend(browser, tokens[which])
    assert (thief.status_code, thief.json()["code"]) == (401, "sign_in_ended")
    assert (await client.get("/api/auth/me")).status_code == 401
    owner = await client.post("/api/auth/refresh")
    assert (owner.status_code, owner.json()["code"]) == (401, "sign_in_ended")
    assert "used in two places" in owner.json()["detail"]
    assert (await bystander.get("/api/auth/me")).status_code == 200


async def test_the_owner_who_comes_after_the_thief_ends_it_as_well(app: FastAPI, browser: Browser) -> None:
    owner = browser()
    await sign_up(owner)
    thief = copied(browser, owner)
    assert (await thief.post("/api/auth/refresh")).status_code == 200
    async with app.state.capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(rotated_at=now() - timedelta(minutes=5)))
    told = await owner.post("/api/auth/refresh")
    assert (told.status_code, told.json()["code"]) == (401, "sign_in_ended")
    assert (await thief.get("/api/auth/me")).status_code == 401
    assert (await thief.post("/api/auth/refresh")).status_code == 401


async def test_an_echo_of_a_second_tab_gives_no_new_refresh_token(browser: Browser) -> None:
    client = browser()
    await sign_up(client)
    tab = copied(browser, client)
    await client.post("/api/auth/refresh")
    echo = await tab.post("/api/auth/refresh")
    assert echo.status_code == 200
    assert not [cookie for cookie in echo.headers.get_list("set-cookie") if cookie.startswith("dost_refresh")]


async def test_a_device_signed_out_by_a_new_password_is_told_why(browser: Browser) -> None:
    here = browser()
    me = await sign_up(here)
    there = await signed_in_too(browser, me["email"])
    await change_password(here)  # type: ignore[misc]
    told = await there.post("/api/auth/refresh")
    assert (told.status_code, told.json()["code"]) == (401, "sign_in_ended")
    assert "password" in told.json()["detail"]


async def test_a_refresh_token_from_before_tokens_had_a_family_still_works_and_joins_one(
    app: FastAPI, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    old = "4Q0mZ0o5m7ci2l1nL2jUO3T6fM3m1r0sZb5dYB0cK2w"
    async with app.state.capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(refresh_hash=token_hash(old)))
    answer = await spend(browser, old)
    assert answer.status_code == 200
    async with app.state.capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(rotated_at=now() - timedelta(minutes=5)))
    assert (await spend(browser, old)).json()["code"] == "sign_in_ended"


async def test_a_sign_in_ends_for_good_after_ninety_days_however_much_it_is_used(
    app: FastAPI, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    async with app.state.capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(created_at=now() - timedelta(days=89)))
    assert (await client.post("/api/auth/refresh")).status_code == 200
    async with app.state.capabilities.db.read() as session:
        row = (await session.scalars(select(LoginSession))).one()
    assert row.expires_at == row.created_at + timedelta(days=90)


@ON_SQLITE_ONLY
@WITH_SUPABASE
async def test_a_token_that_comes_back_late_closes_the_access_tokens_of_its_sign_in(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    thief = copied(browser, client)
    await client.post("/api/auth/refresh")
    at = supabase.clock()
    supabase.clock = lambda: at + 60
    assert (await thief.post("/api/auth/refresh")).json()["code"] == "sign_in_ended"
    assert (await client.get("/api/auth/me")).status_code == 401
    assert "used in two places" in (await client.post("/api/auth/refresh")).json()["detail"]


@ON_SQLITE_ONLY
@WITH_SUPABASE
async def test_a_device_signed_in_before_its_sign_in_was_noted_here_goes_on_after_one_renewal(
    app: FastAPI, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    async with app.state.capabilities.db.write() as session:
        await session.execute(delete(LoginSession))
    bare = client.cookies["dost_refresh"].partition(".")[2]
    client.cookies.delete("dost_refresh")
    client.cookies.set("dost_refresh", bare, domain="testserver.local", path="/api/auth")
    assert (await client.post("/api/auth/refresh")).status_code == 200
    assert (await client.get("/api/auth/me")).status_code == 200


# ---- the live room ----------------------------------------------------------------------------


@dataclass
class House:
    address: str
    capabilities: Capabilities
    client: AsyncClient
    me: dict[str, str]
    interview_id: str


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    capabilities = build_capabilities(settings)
    async with (
        served(create_app(settings, capabilities)) as address,
        AsyncClient(base_url=f"http://{address}") as client,
    ):
        me = await sign_up(client)
        interview_id, _ = await prepared(capabilities.db, me["id"])
        yield House(address, capabilities, client, me, interview_id)


async def _sign_out(house: House) -> None:
    await house.client.post("/api/auth/sign-out")


async def _change_elsewhere(house: House) -> None:
    async with AsyncClient(base_url=f"http://{house.address}") as there:
        await there.post("/api/auth/sign-in", json={"email": house.me["email"], "password": PASSWORD})
        await change_password(there)  # type: ignore[misc]


async def _delete(house: House) -> None:
    await house.client.request("DELETE", "/api/auth/me", json={"password": PASSWORD})


async def _end_in_another_process(house: House) -> None:
    async with house.capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(ended_at=now()))


async def _remove_in_another_process(house: House) -> None:
    async with house.capabilities.db.write() as session:
        await session.execute(delete(User))


ENDINGS = (_sign_out, _change_elsewhere, _delete, _end_in_another_process, _remove_in_another_process)


@WITH_EITHER_IDENTITY
@pytest.mark.parametrize("end", ENDINGS)
async def test_the_room_of_an_ended_sign_in_is_closed_as_not_signed_in(
    house: House, end: Callable[[House], object]
) -> None:
    async with page_of(house.address, house.interview_id, dict(house.client.cookies)) as page:
        await page.until(lambda page: page.of("interview.welcomed"))
        await end(house)  # type: ignore[misc]
        await page.until(lambda page: page.close_code)
    assert page.close_code == 4401


async def test_what_was_said_before_signing_out_waits_for_the_next_sign_in(house: House) -> None:
    async with page_of(house.address, house.interview_id, dict(house.client.cookies)) as page:
        await page.wish("interview.begin", listen=False, speak=False)
        await page.until_phase("listening", 0)
        await page.wish("answer.type", text="I measured first.", done=False)
        await page.until(lambda page: [line for line in page.lines() if line["speaker"] == "candidate"])
        await _sign_out(house)
        await page.until(lambda page: page.close_code)
    assert [fact["code"] for fact in page.of("problem.told")] == ["not_signed_in"]
    await house.client.post("/api/auth/sign-in", json={"email": house.me["email"], "password": PASSWORD})
    async with page_of(house.address, house.interview_id, dict(house.client.cookies)) as back:
        await back.until_line("I measured first.")
        assert back.of("interview.welcomed")[0]["begun"]


async def test_another_devices_room_stays_open(house: House) -> None:
    async with AsyncClient(base_url=f"http://{house.address}") as there:
        await there.post("/api/auth/sign-in", json={"email": house.me["email"], "password": PASSWORD})
        async with page_of(house.address, house.interview_id, dict(there.cookies)) as page:
            await page.until(lambda page: page.of("interview.welcomed"))
            await _sign_out(house)
            await page.wish("ping")
            await page.until(lambda page: page.of("pong"))
            assert page.close_code is None


# ---- what it costs ----------------------------------------------------------------------------


async def test_the_database_is_asked_once_a_moment_and_believed_no_longer(settings: Settings) -> None:
    capabilities = build_capabilities(settings)
    asked: list[str] = []
    event.listen(capabilities.db.engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    async with capabilities.db.write() as session:
        user = User(email="a@example.org", name="A", password_hash="x")
        session.add(user)
        await session.flush()
        login_session_id, _ = start_login_session(session, user.id, days=30)
    at = 0.0
    register = LoginRegister(capabilities.db, clock=lambda: at)
    asked.clear()
    for _ in range(50):
        assert await register.find(login_session_id) is not None
    assert len([one for one in asked if "login_sessions" in one]) == 1
    async with capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(ended_at=now()))
    assert BELIEVED_S < 1
    at = BELIEVED_S
    assert await register.find(login_session_id) is None
    await capabilities.db.close()
