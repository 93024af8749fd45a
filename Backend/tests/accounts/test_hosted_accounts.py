"""Accounts whose passwords Supabase keeps, against its stand-in: first sight, renewals, mails, deletion, failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select

from app import cli
from app.accounts.hosted_accounts import HostedAccounts
from app.main import create_app
from app.models import Profile, User, new_id
from app.services.identity.base import Identity
from app.settings import Settings
from fakes.supabase import SupabaseFake
from tests.house import ON_SQLITE_ONLY, WITH_SUPABASE, sign_up

pytestmark = [pytest.mark.anyio, WITH_SUPABASE]
Browser = Callable[[], AsyncClient]
PASSWORD = "correct horse battery"


def people(app: FastAPI) -> Any:
    async def all_of_them() -> list[User]:
        async with app.state.capabilities.db.read() as session:
            return list(await session.scalars(select(User)))

    return all_of_them()


async def signing_in(client: AsyncClient, email: str, password: str = PASSWORD) -> httpx2.Response:
    return await client.post("/api/auth/sign-in", json={"email": email, "password": password})


async def signing_up(client: AsyncClient, email: str, password: str = PASSWORD) -> httpx2.Response:
    return await client.post("/api/auth/sign-up", json={"email": email, "name": "Asha", "password": password})


def account_of(fake: SupabaseFake, email: str) -> dict[str, Any]:
    return next(one.user for one in fake.accounts.values() if one.user["email"] == email)


async def test_first_sight_makes_a_row_named_by_issuer_and_subject_and_keeps_no_password(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    me = await sign_up(browser(), "  Asha   Verma ")
    (user,) = await people(app)
    assert user.external_subject == f"{supabase.address}/auth/v1#{account_of(supabase, me['email'])['id']}"
    assert (user.id, user.name, user.password_hash, user.role) == (
        me["id"],
        "Asha   Verma".replace("   ", " "),
        "",
        "candidate",
    )


async def test_two_first_requests_at_once_make_one_row(app: FastAPI) -> None:
    accounts = app.state.capabilities.accounts
    assert isinstance(accounts, HostedAccounts)
    vouched = Identity(new_id(), "https://x.supabase.co/auth/v1", "candidate", email="a@example.org", name="A")
    found = await asyncio.gather(*(accounts._known(vouched) for _ in range(4)))
    assert len({user.id for user in found}) == 1
    assert len(await people(app)) == 1


@ON_SQLITE_ONLY
async def test_an_address_of_an_account_made_here_is_never_taken_over(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    async with app.state.capabilities.db.write() as session:
        session.add(User(email="taken@example.org", name="Before", password_hash="x"))
    client = browser()
    answer = await signing_up(client, "taken@example.org")
    assert (answer.status_code, answer.json()["code"]) == (409, "email_belongs_to_another")
    assert not client.cookies
    assert [user.external_subject for user in await people(app)] == [None]


@ON_SQLITE_ONLY
async def test_the_role_comes_from_app_metadata_alone_and_follows_it(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    me = await sign_up(client)
    theirs = account_of(supabase, me["email"])
    theirs["user_metadata"] |= {"role": "admin", "interviewdost_role": "admin"}
    assert (await client.post("/api/auth/refresh")).json()["role"] == "candidate"
    theirs["app_metadata"]["role"] = "admin"
    assert (await client.get("/api/admin/users")).status_code == 404
    assert (await client.post("/api/auth/refresh")).json()["role"] == "admin"
    assert (await client.get("/api/admin/users")).status_code == 200
    theirs["app_metadata"]["role"] = "emperor"
    assert (await client.post("/api/auth/refresh")).json()["role"] == "candidate"
    assert (await client.get("/api/admin/users")).status_code == 404


@ON_SQLITE_ONLY
async def test_a_changed_address_follows_unless_somebody_else_here_has_it(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    client, other = browser(), browser()
    me, them = await sign_up(client), await sign_up(other)
    theirs = account_of(supabase, me["email"])
    theirs["email"] = "new@example.org"
    assert (await client.post("/api/auth/refresh")).json()["email"] == "new@example.org"
    theirs["email"] = them["email"]
    assert (await client.post("/api/auth/refresh")).json()["email"] == "new@example.org"


@ON_SQLITE_ONLY
async def test_where_addresses_are_confirmed_nobody_is_signed_in_before_the_link(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    supabase.switch("confirm-mail")
    client = browser()
    answer = await signing_up(client, "new@example.org")
    assert (answer.status_code, answer.json()) == (202, {"mail_sent_to": "new@example.org"})
    assert not client.cookies and await people(app) == []
    early = await signing_in(client, "new@example.org")
    assert (early.status_code, early.json()["code"]) == (422, "email_not_confirmed")
    async with AsyncClient() as mail_reader:
        followed = await mail_reader.get(supabase.mails[0].link)
    assert followed.headers["location"].startswith("http://localhost:8000/auth/callback#")
    assert (await signing_in(client, "new@example.org")).status_code == 200


@ON_SQLITE_ONLY
async def test_an_address_that_has_an_account_gets_the_same_answer_and_the_made_up_person_is_not_kept(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    me = await sign_up(browser())
    supabase.switch("confirm-mail")
    known, new = await signing_up(browser(), me["email"]), await signing_up(browser(), "new@example.org")
    assert known.status_code == new.status_code == 202
    assert known.json().keys() == new.json().keys()
    assert [user.email for user in await people(app)] == [me["email"]]


@ON_SQLITE_ONLY
async def test_tabs_that_renew_at_the_same_moment_spend_the_token_once(
    supabase: SupabaseFake, browser: Browser
) -> None:
    supabase.switch("no-reuse-window")
    client = browser()
    await sign_up(client)
    tabs = [browser() for _ in range(5)]
    for tab in tabs:
        tab.cookies.set("dost_refresh", client.cookies["dost_refresh"], domain="testserver.local", path="/api/auth")
    answers = await asyncio.gather(*(tab.post("/api/auth/refresh") for tab in tabs))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({tab.cookies["dost_refresh"] for tab in tabs}) == 1
    assert sum(one.query == "grant_type=refresh_token" for one in supabase.asked) == 1


@ON_SQLITE_ONLY
async def test_a_token_that_comes_back_late_ends_the_sign_in_kindly(supabase: SupabaseFake, browser: Browser) -> None:
    client, thief = browser(), browser()
    await sign_up(client)
    thief.cookies.set("dost_refresh", client.cookies["dost_refresh"], domain="testserver.local", path="/api/auth")
    await client.post("/api/auth/refresh")
    at = supabase.clock()
    supabase.clock = lambda: at + 60
    answer = await thief.post("/api/auth/refresh")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_ended")
    assert "dost_refresh" not in thief.cookies
    assert (await client.post("/api/auth/refresh")).status_code == 401


@ON_SQLITE_ONLY
async def test_a_renewal_that_meets_a_stumbling_server_is_tried_once_more(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    supabase.switch("down", times=1)
    assert (await client.post("/api/auth/refresh")).status_code == 200


@ON_SQLITE_ONLY
async def test_signing_out_ends_this_device_there_and_leaves_the_others(
    supabase: SupabaseFake, browser: Browser
) -> None:
    here, there = browser(), browser()
    me = await sign_up(here)
    await signing_in(there, me["email"])
    assert (await here.post("/api/auth/sign-out")).status_code == 204
    assert len(supabase.sessions) == 1
    assert (await there.post("/api/auth/refresh")).status_code == 200


@ON_SQLITE_ONLY
async def test_signing_out_with_an_access_token_that_ran_out_still_ends_the_sign_in_there(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    del client.cookies["dost_access"]
    assert (await client.post("/api/auth/sign-out")).status_code == 204
    assert supabase.sessions == {}


@ON_SQLITE_ONLY
async def test_signing_out_works_here_while_supabase_cannot_be_reached(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    supabase.switch("down")
    assert (await client.post("/api/auth/sign-out")).status_code == 204
    assert {cookie.name for cookie in client.cookies.jar} == {"dost_device"}, "which opens nothing"


@ON_SQLITE_ONLY
async def test_after_changing_the_password_this_device_holds_the_only_sign_in(
    supabase: SupabaseFake, browser: Browser
) -> None:
    here, there = browser(), browser()
    me = await sign_up(here)
    await signing_in(there, me["email"])
    change = {"current_password": PASSWORD, "new_password": "a new long password"}
    assert (await here.post("/api/auth/password", json=change)).status_code == 204
    assert len(supabase.sessions) == 1
    assert (await here.post("/api/auth/refresh")).status_code == 200
    assert (await there.post("/api/auth/refresh")).status_code == 401


@ON_SQLITE_ONLY
async def test_a_weak_new_password_is_refused_with_advice_and_leaves_everything_as_it_was(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    me = await sign_up(client)
    supabase.switch("weak-password")
    change = {"current_password": PASSWORD, "new_password": "a new long password"}
    answer = await client.post("/api/auth/password", json=change)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "weak_password", "new_password")
    assert "leak" in answer.json()["detail"] and "digits" in answer.json()["detail"]
    supabase.switch("")
    assert len(supabase.sessions) == 1
    assert (await client.post("/api/auth/refresh")).status_code == 200
    assert (await signing_in(browser(), me["email"])).status_code == 200


@ON_SQLITE_ONLY
async def test_a_forgotten_password_is_replaced_through_the_mail_and_all_devices_are_signed_out(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    me = await sign_up(client)
    known = await client.post("/api/auth/recover", json={"email": me["email"]})
    unknown = await client.post("/api/auth/recover", json={"email": "nobody@example.org"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (204, b"")
    (mail,) = supabase.mails
    async with AsyncClient() as mail_reader:
        fragment = parse_qs(urlsplit((await mail_reader.get(mail.link)).headers["location"]).fragment)
        again = parse_qs(urlsplit((await mail_reader.get(mail.link)).headers["location"]).fragment)
    assert again["error_code"] == ["otp_expired"]
    assert fragment["type"] == ["recovery"]
    reset = {"access_token": fragment["access_token"][0], "new_password": "another long password"}
    assert (await browser().post("/api/auth/reset", json=reset)).status_code == 204
    assert supabase.sessions == {}
    assert (await signing_in(browser(), me["email"])).status_code == 422
    assert (await signing_in(browser(), me["email"], "another long password")).status_code == 200
    twice = await browser().post("/api/auth/reset", json={**reset, "new_password": "one more long password"})
    assert (twice.status_code, twice.json()["code"]) == (422, "link_used_up")


@ON_SQLITE_ONLY
async def test_a_limit_on_mails_does_not_tell_who_has_an_account(supabase: SupabaseFake, browser: Browser) -> None:
    me = await sign_up(browser())
    supabase.switch("mail-rate-limit")
    assert (await browser().post("/api/auth/recover", json={"email": me["email"]})).status_code == 204


@ON_SQLITE_ONLY
async def test_deleting_the_account_removes_the_person_there_too(
    app: FastAPI, supabase: SupabaseFake, browser: Browser
) -> None:
    here, there = browser(), browser()
    me = await sign_up(here)
    await signing_in(there, me["email"])
    await here.post("/api/profiles", data={"text": "Nurse at St Mary, 2019 to 2024. Cut falls by 30% on ward 7."})
    assert (await here.get("/api/setup")).json()["deletes_sign_in"] is True
    answer = await here.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
    assert (answer.status_code, answer.json()) == (200, {"sign_in_remains": False})
    assert supabase.accounts == {} and await people(app) == []
    async with app.state.capabilities.db.read() as session:
        assert (await session.scalars(select(Profile))).all() == []
    # The other device's token is valid for an hour yet: it opens nothing, and makes nothing new.
    assert (await there.get("/api/auth/me")).status_code == 401
    assert (await there.post("/api/auth/refresh")).status_code == 401
    assert await people(app) == []


@ON_SQLITE_ONLY
async def test_without_the_secret_key_it_is_said_that_the_sign_in_remains_and_every_device_is_signed_out(
    settings: Settings, supabase: SupabaseFake
) -> None:
    app = create_app(Settings(_env_file=None, **{**settings.model_dump(), "supabase_secret_key": ""}))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as here,
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as there,
    ):
        me = await sign_up(here)
        await signing_in(there, me["email"])
        assert (await here.get("/api/setup")).json()["deletes_sign_in"] is False
        answer = await here.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
        assert answer.json() == {"sign_in_remains": True}
        assert len(supabase.accounts) == 1 and supabase.sessions == {}
        assert (await there.post("/api/auth/refresh")).status_code == 401
        assert await people(app) == []


@ON_SQLITE_ONLY
@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        ("sign-ups-closed", 403, "sign_up_closed"),
        ("weak-password", 422, "weak_password"),
        ("rate-limit", 429, "too_many_requests"),
        ("down", 503, "sign_in_unreachable"),
        ("error-500", 503, "sign_in_unreachable"),
        ("gateway-401", 503, "sign_in_unreachable"),
    ],
)
@pytest.mark.parametrize("format", ["", "new-errors"])
async def test_a_refused_sign_up_says_what_it_is_in_either_format(
    app: FastAPI, supabase: SupabaseFake, browser: Browser, mode: str, status: int, code: str, format: str
) -> None:
    supabase.switch(mode)
    if format:
        supabase.switch(format)
    client = browser()
    answer = await signing_up(client, "new@example.org")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not client.cookies and await people(app) == []


@ON_SQLITE_ONLY
async def test_the_wait_that_supabase_asks_for_is_passed_on(supabase: SupabaseFake, browser: Browser) -> None:
    supabase.switch("confirm-mail")
    supabase.switch("mail-rate-limit")
    answer = await signing_up(browser(), "new@example.org")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "too_many_mails", "42")


@ON_SQLITE_ONLY
@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        ("banned", 403, "account_blocked"),
        ("rate-limit", 429, "too_many_requests"),
        ("nonsense", 503, "sign_in_unreachable"),
        ("down", 503, "sign_in_unreachable"),
        ("wrong-audience", 503, "sign_in_misconfigured"),
        ("hs256", 503, "sign_in_misconfigured"),
    ],
)
async def test_a_sign_in_that_fails_says_why_and_leaves_no_cookie(
    supabase: SupabaseFake, browser: Browser, mode: str, status: int, code: str
) -> None:
    me = await sign_up(browser())
    supabase.switch(mode)
    client = browser()
    answer = await signing_in(client, me["email"])
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not client.cookies


@ON_SQLITE_ONLY
async def test_old_servers_with_errors_of_the_oauth_kind_are_understood(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    me = await sign_up(client)
    supabase.switch("oauth-errors")
    assert (await signing_in(browser(), me["email"], "wrong password")).json()["code"] == "wrong_sign_in"
    client.cookies.set("dost_refresh", "never-issued", domain="testserver.local", path="/api/auth")
    assert (await client.post("/api/auth/refresh")).json()["code"] == "sign_in_ended"
    supabase.switch("confirm-mail")
    await signing_up(browser(), "new@example.org")
    assert (await signing_in(browser(), "new@example.org")).json()["code"] == "email_not_confirmed"


@ON_SQLITE_ONLY
async def test_a_blocked_person_is_signed_out_at_the_next_renewal(supabase: SupabaseFake, browser: Browser) -> None:
    client = browser()
    await sign_up(client)
    supabase.switch("banned")
    answer = await client.post("/api/auth/refresh")
    assert (answer.status_code, answer.json()["code"]) == (401, "account_blocked")


@ON_SQLITE_ONLY
async def test_nobody_is_signed_out_because_supabase_cannot_be_reached(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    await sign_up(client)
    supabase.switch("down")
    assert (await client.get("/api/auth/me")).status_code == 200
    assert (await client.post("/api/auth/refresh")).status_code == 503
    assert client.cookies["dost_refresh"] and client.cookies["dost_access"]


@ON_SQLITE_ONLY
async def test_a_token_of_five_kilobytes_travels_in_several_cookies_and_a_short_one_takes_its_place(
    supabase: SupabaseFake, browser: Browser
) -> None:
    client = browser()
    supabase.switch("huge-token")
    me = await sign_up(client)
    parts = [cookie for cookie in client.cookies.jar if cookie.name.startswith("dost_access")]
    assert len(parts) == 2 and all(len(cookie.value or "") < 3_600 for cookie in parts)
    assert (await client.get("/api/auth/me")).json()["id"] == me["id"]
    supabase.switch("")
    assert (await client.post("/api/auth/refresh")).status_code == 200
    assert [cookie.name for cookie in client.cookies.jar if cookie.name.startswith("dost_access")] == ["dost_access"]
    assert (await client.get("/api/auth/me")).status_code == 200


@ON_SQLITE_ONLY
async def test_no_token_key_or_password_reaches_the_log_or_an_error(
    supabase: SupabaseFake, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "app")
    client = browser()
    me = await sign_up(client)
    secrets = [client.cookies["dost_access"], client.cookies["dost_refresh"], PASSWORD, me["email"], "sb_secret_"]
    told = ""
    for mode in ("down", "gateway-401", "nonsense", "weak-password", "wrong-issuer", "new-errors"):
        supabase.switch("")
        supabase.switch(mode)
        told += (await signing_in(browser(), me["email"])).text
        told += (await client.post("/api/auth/refresh")).text
        told += (await signing_up(browser(), "x@example.org", "some long password")).text
    assert not [secret for secret in secrets[:3] if secret in told]
    assert not [secret for secret in secrets if secret in caplog.text]


@ON_SQLITE_ONLY
def test_an_admin_is_not_made_here_where_the_role_is_read_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.Settings", lambda: settings)
    assert cli.main(["create", "--email", "a@example.org"]) == 2
    assert "app_metadata" in capsys.readouterr().err
