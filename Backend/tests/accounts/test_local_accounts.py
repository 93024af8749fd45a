"""Accounts whose passwords are kept here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, update

from app.models import LoginSession, User, now
from app.settings import Settings, signing_key
from tests.house import sign_up

pytestmark = pytest.mark.anyio
Browser = Callable[[], AsyncClient]


async def test_the_password_is_kept_as_an_argon2id_hash(app: FastAPI, browser: Browser) -> None:
    await sign_up(browser())
    async with app.state.capabilities.db.read() as session:
        stored = await session.scalar(select(User.password_hash))
    assert stored is not None and stored.startswith("$argon2id$")


async def test_a_used_refresh_token_that_comes_back_later_ends_the_sign_in(app: FastAPI, browser: Browser) -> None:
    client, thief = browser(), browser()
    await sign_up(client)
    thief.cookies.set("dost_refresh", client.cookies["dost_refresh"], domain="testserver.local", path="/api/auth")
    await client.post("/api/auth/refresh")
    async with app.state.capabilities.db.write() as session:
        await session.execute(update(LoginSession).values(rotated_at=now() - timedelta(minutes=5)))
    stolen = await thief.post("/api/auth/refresh")
    assert stolen.status_code == 401
    assert stolen.json()["code"] == "sign_in_ended"
    assert (await client.post("/api/auth/refresh")).status_code == 401


@pytest.mark.parametrize("change", ["expired", "other_key", "no_algorithm", "other_audience"])
async def test_a_forged_or_expired_access_token_is_refused(settings: Settings, browser: Browser, change: str) -> None:
    client = browser()
    me = await sign_up(client)
    claims = {
        "iss": "interviewdost",
        "aud": "interviewdost-api" if change != "other_audience" else "someone-else",
        "sub": me["id"],
        "role": "admin",
        "sid": "x",
        "exp": now() + timedelta(minutes=-1 if change == "expired" else 5),
    }
    key = b"k" * 48 if change == "other_key" else signing_key(settings)
    unsigned = change == "no_algorithm"
    token = jwt.encode(claims, "" if unsigned else key, "none" if unsigned else "HS256")
    forger = browser()
    forger.cookies.set("dost_access", token)
    assert (await forger.get("/api/auth/me")).status_code == 401


@pytest.mark.parametrize("password", ["nobody has this password", "x"])
async def test_who_has_no_password_here_cannot_sign_in_with_any(app: FastAPI, browser: Browser, password: str) -> None:
    async with app.state.capabilities.db.write() as session:
        session.add(User(email="kept@example.org", name="K", password_hash="", external_subject="elsewhere#1"))
    answer = await browser().post("/api/auth/sign-in", json={"email": "kept@example.org", "password": password})
    assert answer.status_code == 422


async def test_without_anybody_who_sends_mail_a_password_cannot_be_reset_and_the_page_knows(browser: Browser) -> None:
    setup = (await browser().get("/api/setup")).json()
    assert (setup["can_reset_password"], setup["deletes_sign_in"]) == (False, True)
    answer = await browser().post("/api/auth/recover", json={"email": "a@example.org"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_mail")


async def test_a_refused_renewal_takes_the_useless_cookies_away(browser: Browser) -> None:
    client = browser()
    client.cookies.set("dost_refresh", "never-issued", domain="testserver.local", path="/api/auth")
    assert (await client.post("/api/auth/refresh")).status_code == 401
    assert "dost_refresh" not in client.cookies
