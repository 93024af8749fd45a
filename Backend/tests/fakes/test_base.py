from __future__ import annotations

import asyncio
import contextlib
import threading

import httpx2
import pytest
from fastapi import Request

from fakes.base import Fake, Mode, served


def _fake() -> Fake:
    fake = Fake("stand-in", (Mode("down", "answers 503"), Mode("slow", "takes its time")))

    @fake.app.post("/thing")
    async def thing(request: Request) -> dict[str, str]:
        await request.body()
        return {"state": "down" if fake.failing("down") else "up"}

    return fake


def test_a_mode_holds_for_as_many_requests_as_asked_and_then_lets_go() -> None:
    fake = _fake()
    with served(fake) as address:
        assert httpx2.post(f"{address}/_fake/modes", json={"mode": "down", "times": 2}).status_code == 200
        states = [httpx2.post(f"{address}/thing").json()["state"] for _ in range(3)]
    assert states == ["down", "down", "up"]


def test_a_mode_without_a_count_holds_until_all_are_switched_off() -> None:
    fake = _fake()
    fake.switch("down")
    assert [fake.failing("down") for _ in range(3)] == [True, True, True]
    fake.switch("")
    assert not fake.failing("down")


def test_an_unknown_mode_is_refused_by_name() -> None:
    fake = _fake()
    with pytest.raises(ValueError, match="no mode 'asleep'"):
        fake.switch("asleep")
    with served(fake) as address:
        assert httpx2.post(f"{address}/_fake/modes", json={"mode": "asleep"}).status_code == 404


def test_what_was_asked_is_remembered_with_its_body_and_the_control_routes_are_not() -> None:
    fake = _fake()
    with served(fake) as address:
        httpx2.post(f"{address}/thing?a=1", json={"word": "hello"}, headers={"x-key": "k"})
        told = httpx2.get(f"{address}/_fake/requests").json()
    assert [(one["method"], one["path"], one["query"]) for one in told] == [("POST", "/thing", "a=1")]
    assert b"hello" in fake.asked[0].body
    assert fake.asked[0].headers["x-key"] == "k"


def test_a_request_that_never_ends_does_not_outlive_the_stand_in() -> None:
    fake = _fake()

    @fake.app.get("/never")
    async def never() -> None:
        await asyncio.Event().wait()

    with served(fake) as address, contextlib.suppress(httpx2.ReadTimeout):
        httpx2.get(f"{address}/never", timeout=0.2)
    assert [one.path for one in fake.asked] == ["/never"]
    assert f"fake-{fake.name}" not in [thread.name for thread in threading.enumerate()]


def test_help_lists_every_mode() -> None:
    assert _fake().help().splitlines() == ["stand-in:", "  down  answers 503", "  slow  takes its time"]
