"""Limits hit whoever overdoes it: not the owner of an account, not a class behind one address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial

import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.container import build_capabilities
from app.main import create_app
from app.routers.rate_limits import PAUSE_S, RateLimiter
from app.settings import Settings
from fakes.supabase import SupabaseFake
from tests.house import ON_SQLITE_ONLY, WITH_EITHER_IDENTITY, WITH_SUPABASE
from tests.inline_jobs import InlineJobs

pytestmark = [pytest.mark.anyio, ON_SQLITE_ONLY]
From = Callable[[str], AsyncClient]
PASSWORD = "correct horse battery"
OWNER = "owner@example.org"
HOME, CAFE = "198.51.100.7", "192.0.2.44"


@pytest.fixture
async def at(settings: Settings) -> AsyncIterator[From]:
    """Makes a browser at that address, where limits count as in production."""
    capabilities = build_capabilities(settings.model_copy(update={"rate_limits": True}))
    capabilities.jobs = InlineJobs(capabilities)
    app: FastAPI = create_app(settings.model_copy(update={"rate_limits": True}), capabilities)
    # Time stands still: nothing is allowed again because a machine was slow.
    app.state.waits = []
    app.state.rate_limiter = RateLimiter(enabled=True, clock=lambda: 1000.0, sleep=partial(_noted, app.state.waits))
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        clients: list[AsyncClient] = []
        stack.push_async_callback(_close, clients)

        def make(address: str) -> AsyncClient:
            transport = ASGITransport(app=app, client=(address, 40000))
            clients.append(AsyncClient(transport=transport, base_url="http://testserver"))
            return clients[-1]

        make.waits = app.state.waits  # type: ignore[attr-defined]
        yield make


@pytest.fixture
def waits(at: From) -> list[float]:
    """Seconds for which the limiter has let somebody wait; the tests do not."""
    found: list[float] = at.waits  # type: ignore[attr-defined]
    return found


async def _noted(waits: list[float], seconds: float) -> None:
    waits.append(seconds)


async def _close(clients: list[AsyncClient]) -> None:
    for client in clients:
        await client.aclose()


async def test_one_account_cannot_ask_without_end_and_nobody_else_notices(at: From, waits: list[float]) -> None:
    busy, quiet = at(HOME), at(HOME)
    await signing_up(busy, OWNER)
    await signing_up(quiet, "quiet@example.org")
    assert [(await busy.get("/api/interviews")).status_code for _ in range(30)] == [200] * 30
    assert waits == []
    # What comes faster than five in a second waits for its turn, and what would wait too long is refused.
    assert [(await busy.get("/api/interviews")).status_code for _ in range(10)] == [200] * 10
    assert waits == pytest.approx([0.2 * number for number in range(1, 11)])
    waits.clear()
    refused = await busy.get("/api/interviews")
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert waits == [PAUSE_S]
    waits.clear()
    assert (await quiet.get("/api/interviews")).status_code == 200
    assert waits == []


async def test_a_wrong_password_is_answered_after_a_pause_and_a_right_one_at_once(at: From, waits: list[float]) -> None:
    owner = at(HOME)
    await signing_up(owner, OWNER)
    assert (await signing_in(owner)).status_code == 200
    assert waits == []
    assert (await signing_in(owner, password="wrong password")).status_code == 422
    assert waits == [PAUSE_S / 2]


async def test_the_largest_pieces_arrive_no_faster_than_two_megabytes_a_second(at: From, waits: list[float]) -> None:
    owner = at(HOME)
    await signing_up(owner, OWNER)
    # Nobody's interview: how much may come is asked before whose it is.
    place = "/api/interviews/none/recording/takes/0/pieces/0"
    megabytes = b"x" * 8_000_000
    answers = [await owner.put(place, content=megabytes, headers={"Content-Type": "video/webm"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert "It will be sent again" in answers[2].json()["detail"]
    assert (
        await owner.put(place, content=megabytes[:4_000_000], headers={"Content-Type": "video/webm"})
    ).status_code == 404
    assert waits == [PAUSE_S, 2.0]


async def signing_up(client: AsyncClient, email: str) -> httpx2.Response:
    return await client.post("/api/auth/sign-up", json={"email": email, "name": "A", "password": PASSWORD})


async def signing_in(client: AsyncClient, email: str = OWNER, password: str = PASSWORD) -> httpx2.Response:
    return await client.post("/api/auth/sign-in", json={"email": email, "password": password})


async def guess_until_slowed(client: AsyncClient, email: str = OWNER) -> httpx2.Response:
    for _ in range(400):
        answer = await signing_in(client, email, "wrong password")
        if answer.status_code == 429:
            return answer
        assert answer.status_code == 422
    raise AssertionError("nobody was slowed")


@WITH_EITHER_IDENTITY
async def test_strangers_who_guess_never_lock_the_owner_out_of_a_known_device(at: From) -> None:
    owner = at(HOME)
    await signing_up(owner, OWNER)
    await owner.post("/api/auth/sign-out")
    for number in range(40):
        await signing_in(at(f"203.0.113.{number}"), password="wrong password")
    # Also from the owner's own network, and worse.
    await guess_until_slowed(at(HOME))
    assert (await signing_in(at("203.0.113.250"), password="wrong password")).status_code == 429
    assert (await signing_in(owner)).status_code == 200
    # And signing in has made nothing easier for the others.
    assert (await signing_in(at(HOME), password="wrong password")).status_code == 429


@WITH_EITHER_IDENTITY
async def test_ten_wrong_tries_from_ten_addresses_keep_nobody_out(at: From) -> None:
    await signing_up(at(HOME), OWNER)
    for number in range(10):
        await signing_in(at(f"203.0.113.{number}"), password="wrong password")
    assert (await signing_in(at(CAFE))).status_code == 200


@WITH_EITHER_IDENTITY
async def test_on_a_new_device_the_owner_waits_shortly_and_is_told_why_and_how_long(at: From) -> None:
    await signing_up(at(HOME), OWNER)
    for number in range(40):
        await signing_in(at(f"203.0.113.{number}"), password="wrong password")
    answer = await signing_in(at(CAFE))
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["retry-after"]) <= 10
    assert "wrong passwords were tried for this account" in answer.json()["detail"]
    assert f"wait {answer.headers['retry-after']} second" in answer.json()["detail"]


async def test_one_guesser_at_one_address_does_not_slow_the_owner_elsewhere_even_on_a_new_device(at: From) -> None:
    await signing_up(at(HOME), OWNER)
    slowed = await guess_until_slowed(at("203.0.113.9"))
    assert 0 < int(slowed.headers["retry-after"]) <= 30
    assert (await signing_in(at(CAFE))).status_code == 200


async def test_a_device_that_is_known_to_one_account_is_a_stranger_to_another(at: From) -> None:
    guesser = at("203.0.113.9")
    await signing_up(at(HOME), OWNER)
    await signing_up(guesser, "guesser@example.org")
    slowed = await guess_until_slowed(guesser)
    assert slowed.status_code == 429
    for cookie in ("dost_device", "dost_access", "dost_refresh"):
        guesser.cookies.delete(cookie)
    assert (await signing_in(guesser, password="wrong password")).status_code == 429


async def test_a_known_device_is_slowed_as_well_by_its_own_count(at: From) -> None:
    owner = at(HOME)
    await signing_up(owner, OWNER)
    for _ in range(10):
        assert (await signing_in(owner, password="wrong password")).status_code == 422
    answer = await signing_in(owner)
    assert (answer.status_code, int(answer.headers["retry-after"]) <= 30) == (429, True)


async def test_right_passwords_are_not_counted(at: From) -> None:
    await signing_up(at(HOME), OWNER)
    for _ in range(40):
        assert (await signing_in(at(CAFE))).status_code == 200


@WITH_EITHER_IDENTITY
async def test_a_class_of_sixty_behind_one_address_signs_up_and_in_and_a_script_does_not_go_on(at: From) -> None:
    for number in range(60):
        pupil = at(HOME)
        assert (await signing_up(pupil, f"pupil{number}@example.org")).status_code == 201
    for number in range(60):
        pupil = at(HOME)
        assert (await signing_in(pupil, f"pupil{number}@example.org", "a slip of the hand")).status_code == 422
        assert (await signing_in(pupil, f"pupil{number}@example.org")).status_code == 200
    answers = [await signing_up(at(HOME), f"script{number}@example.org") for number in range(80)]
    assert answers[-1].status_code == 429
    assert "accounts were made from your network" in answers[-1].json()["detail"]


@pytest.mark.parametrize("what", ["sign-up", "sign-in"])
async def test_the_cookie_of_a_fresh_account_is_no_way_around_the_address(at: From, what: str) -> None:
    # Accounts that exist: an unknown one costs a whole hash, even here.
    fresh = [at(CAFE) for _ in range(20)]
    for number, client in enumerate(fresh):
        assert (await signing_up(client, f"somebody{number}@example.org")).status_code == 201
    answers: list[httpx2.Response] = []
    for number in range(140):
        client = at(HOME)
        client.cookies.update(fresh[number % 20].cookies)
        if what == "sign-up":
            answers.append(await signing_up(client, f"script{number}@example.org"))
        else:
            guessed = f"somebody{(number + 1) % 20}@example.org"
            answers.append(await signing_in(client, guessed, "a common password"))
    assert answers[-1].status_code == 429
    assert sum(answer.status_code != 429 for answer in answers) <= 120


async def test_a_stolen_sign_in_cannot_guess_the_password_and_strangers_do_not_stop_its_owner(at: From) -> None:
    owner = at(HOME)
    await signing_up(owner, OWNER)
    await guess_until_slowed(at(CAFE))
    change = {"current_password": "wrong password", "new_password": "a new long password"}
    for _ in range(10):
        assert (await owner.post("/api/auth/password", json=change)).status_code == 422
    assert (await owner.post("/api/auth/password", json=change)).status_code == 429
    assert (await owner.request("DELETE", "/api/auth/me", json={"password": "wrong password"})).status_code == 429
    # What was said about the password says nothing about signing in.
    assert (await signing_in(owner)).status_code == 200


@WITH_SUPABASE
async def test_nobody_uses_up_the_mails_of_the_owners_device(at: From, supabase: SupabaseFake) -> None:
    owner = at(HOME)
    await signing_up(owner, OWNER)
    asked = [await at(CAFE).post("/api/auth/recover", json={"email": OWNER}) for _ in range(8)]
    assert [answer.status_code for answer in asked] == [204] * 5 + [429] * 3
    assert (await owner.post("/api/auth/recover", json={"email": OWNER})).status_code == 204


@WITH_SUPABASE
async def test_a_keeper_who_cannot_be_reached_counts_against_nobody(at: From, supabase: SupabaseFake) -> None:
    await signing_up(at(HOME), OWNER)
    supabase.switch("down")
    for _ in range(40):
        assert (await signing_in(at(CAFE))).status_code == 503
    supabase.switch("")
    assert (await signing_in(at(CAFE))).status_code == 200
