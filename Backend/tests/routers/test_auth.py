"""What signing in promises, whoever keeps the passwords."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select

from app.models import LoginSession, Profile, User
from tests.house import WITH_EITHER_IDENTITY, sign_up

pytestmark = [pytest.mark.anyio, WITH_EITHER_IDENTITY]
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


async def test_all_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    answer = await browser().post(
        "/api/auth/sign-up", json={"email": "a@example.org", "name": "A", "password": "correct horse battery"}
    )
    cookies = answer.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"dost_access", "dost_refresh", "dost_device"}
    for cookie in cookies:
        assert "httponly" in cookie.lower()
        assert "samesite=" in cookie.lower()
        assert "samesite=none" not in cookie.lower()


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
