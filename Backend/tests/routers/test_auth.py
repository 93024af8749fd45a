from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, update

from app.models import LoginSession, Profile, User, now
from app.settings import Settings, signing_key
from tests.conftest import sign_up

pytestmark = pytest.mark.anyio
Browser = Callable[[], AsyncClient]


async def test_a_new_account_is_signed_in_at_once(browser: Browser) -> None:
    client = browser()
    me = await sign_up(client, "Asha Verma")
    assert me["name"] == "Asha Verma"
    assert me["role"] == "candidate"
    assert (await client.get("/api/auth/me")).json()["id"] == me["id"]


async def test_the_role_is_never_taken_from_the_client(browser: Browser) -> None:
    answer = await browser().post(
        "/api/auth/sign-up",
        json={"email": "a@example.org", "name": "A", "password": "correct horse battery", "role": "admin"},
    )
    assert answer.status_code == 422


async def test_both_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    answer = await browser().post(
        "/api/auth/sign-up", json={"email": "a@example.org", "name": "A", "password": "correct horse battery"}
    )
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "httponly" in cookie.lower()
        assert "samesite=" in cookie.lower()
        assert "samesite=none" not in cookie.lower()


async def test_the_password_is_kept_as_an_argon2id_hash(app: FastAPI, browser: Browser) -> None:
    await sign_up(browser())
    async with app.state.capabilities.db.read() as session:
        stored = await session.scalar(select(User.password_hash))
    assert stored is not None and stored.startswith("$argon2id$")


async def test_one_address_has_one_account_whatever_its_case(browser: Browser) -> None:
    body = {"email": "Case@Example.org", "name": "A", "password": "correct horse battery"}
    assert (await browser().post("/api/auth/sign-up", json=body)).status_code == 201
    again = await browser().post("/api/auth/sign-up", json={**body, "email": "case@example.org"})
    assert again.status_code == 409
    assert again.json()["code"] == "email_taken"


async def test_a_wrong_password_and_an_unknown_address_look_the_same(browser: Browser) -> None:
    me = await sign_up(browser())
    wrong = await browser().post("/api/auth/sign-in", json={"email": me["email"], "password": "wrong password"})
    unknown = await browser().post("/api/auth/sign-in", json={"email": "x@example.org", "password": "wrong password"})
    assert wrong.json() == unknown.json()
    assert wrong.status_code == unknown.status_code == 422


async def test_signing_out_ends_the_refresh_token(browser: Browser) -> None:
    client = browser()
    await sign_up(client)
    token = client.cookies["dost_refresh"]
    assert (await client.post("/api/auth/sign-out")).status_code == 204
    assert (await client.get("/api/auth/me")).status_code == 401
    thief = browser()
    thief.cookies.set("dost_refresh", token, path="/api/auth")
    assert (await thief.post("/api/auth/refresh")).status_code == 401


async def test_a_refresh_token_is_replaced_each_time_it_is_used(browser: Browser) -> None:
    client = browser()
    await sign_up(client)
    first = client.cookies["dost_refresh"]
    assert (await client.post("/api/auth/refresh")).status_code == 200
    assert client.cookies["dost_refresh"] != first


async def test_two_tabs_may_refresh_at_the_same_moment(browser: Browser) -> None:
    client, tab = browser(), browser()
    await sign_up(client)
    tab.cookies.set("dost_refresh", client.cookies["dost_refresh"], path="/api/auth")
    assert (await client.post("/api/auth/refresh")).status_code == 200
    assert (await tab.post("/api/auth/refresh")).status_code == 200
    assert (await client.post("/api/auth/refresh")).status_code == 200


async def test_a_used_refresh_token_that_comes_back_later_ends_the_sign_in(app: FastAPI, browser: Browser) -> None:
    client, thief = browser(), browser()
    await sign_up(client)
    thief.cookies.set("dost_refresh", client.cookies["dost_refresh"], path="/api/auth")
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


async def test_a_changed_password_signs_other_devices_out_but_not_this_one(browser: Browser) -> None:
    here, there = browser(), browser()
    me = await sign_up(here)
    await there.post("/api/auth/sign-in", json={"email": me["email"], "password": me["password"]})
    answer = await here.post(
        "/api/auth/password", json={"current_password": me["password"], "new_password": "a new long password"}
    )
    assert answer.status_code == 204
    assert (await there.post("/api/auth/refresh")).status_code == 401
    assert (await here.post("/api/auth/refresh")).status_code == 200
    old = await browser().post("/api/auth/sign-in", json={"email": me["email"], "password": me["password"]})
    assert old.status_code == 422


async def test_deleting_the_account_needs_the_password_and_removes_everything(app: FastAPI, browser: Browser) -> None:
    client = browser()
    me = await sign_up(client)
    await client.post("/api/profiles", data={"text": "Nurse at St Mary, 2019 to 2024. Cut falls by 30% on ward 7."})
    refused = await client.request("DELETE", "/api/auth/me", json={"password": "not my password"})
    assert refused.status_code == 422
    assert (await client.request("DELETE", "/api/auth/me", json={"password": me["password"]})).status_code == 200
    async with app.state.capabilities.db.read() as session:
        for table in (User, Profile, LoginSession):
            assert (await session.scalars(select(table))).all() == []
    assert (
        await browser().post("/api/auth/sign-in", json={"email": me["email"], "password": me["password"]})
    ).status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "no address", "name": "A", "password": "correct horse battery"}, "email"),
        ({"email": "a@example.org", "name": " ", "password": "correct horse battery"}, "name"),
        ({"email": "a@example.org", "name": "A", "password": "short"}, "password"),
    ],
)
async def test_bad_input_names_the_field_and_never_repeats_the_password(
    browser: Browser, body: dict[str, str], field: str
) -> None:
    answer = await browser().post("/api/auth/sign-up", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid_input"
    assert field in [item["field"] for item in answer.json()["errors"]]
    assert body["password"] not in answer.text
