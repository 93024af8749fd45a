"""What limits are made of: allowances of bounded memory, addresses, and the cookie of a known device."""

from __future__ import annotations

import contextlib
from random import Random
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from app.errors import InvalidInput, TooMany, Unavailable
from app.routers.device_cookie import KnownDevices
from app.routers.rate_limits import LIMITS, MOST_KEYS, Allowance, RateLimiter, address_of
from app.settings import PROJECT_ROOT

OWNER = "owner@example.org"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_address_counts_as_its_network(host: str, counted: str) -> None:
    assert address_of(HTTPConnection({"type": "http", "client": (host, 1), "headers": []})) == counted


def test_after_the_burst_one_more_is_allowed_in_each_part_of_the_time() -> None:
    now = 1000.0
    allowance = Allowance(10, 300, lambda: now)
    for _ in range(10):
        assert allowance.wait_s("a") == 0
        allowance.take("a")
    assert allowance.wait_s("a") == pytest.approx(30)
    assert allowance.wait_s("b") == 0
    now += 30
    assert allowance.wait_s("a") == 0
    allowance.take("a")
    assert allowance.wait_s("a") == pytest.approx(30)
    allowance.give_back("a")
    assert allowance.wait_s("a") == 0
    now += 10_000
    for _ in range(10):
        assert allowance.wait_s("a") == 0
        allowance.take("a")
    assert allowance.wait_s("a") > 0


def test_fewer_may_be_allowed_in_a_row_than_in_the_whole_time() -> None:
    now = 1000.0
    allowance = Allowance(30, 3600, lambda: now, in_a_row=6)
    for _ in range(6):
        assert allowance.wait_s("a") == 0
        allowance.take("a")
    assert allowance.wait_s("a") == pytest.approx(120)
    now += 360
    assert allowance.wait_s("a", 3) == 0
    assert allowance.wait_s("a", 4) == pytest.approx(120)


def test_memory_is_bounded_and_who_is_being_slowed_is_not_forgotten_for_it() -> None:
    allowance = Allowance(10, 300, lambda: 1000.0)
    for _ in range(10):
        allowance.take("the account under attack")
    for number in range(3 * MOST_KEYS):
        allowance.take(f"address {number}")
        assert len(allowance) <= MOST_KEYS
    assert allowance.wait_s("the account under attack") > 0


async def no_wait(_seconds: float) -> None:
    return


@pytest.mark.anyio
async def test_many_wrong_tries_at_once_are_no_way_around_and_leaving_early_is_a_try() -> None:
    limiter = RateLimiter(enabled=True, clock=lambda: 1000.0, sleep=no_wait)
    wanted = ("sign-in", "a")
    waiting = [limiter.wrong_only(wanted) for _ in range(10)]
    for each in waiting:
        await each.__aenter__()
    with pytest.raises(TooMany):
        limiter.take(wanted)
    outcomes: list[Any] = [None, Unavailable("x", "x"), *[InvalidInput("wrong_sign_in", "x")] * 7, GeneratorExit()]
    for each, outcome in zip(waiting, outcomes, strict=True):
        with contextlib.suppress(InvalidInput, Unavailable, GeneratorExit):
            await each.__aexit__(type(outcome) if outcome else None, outcome, None)
    for _ in range(2):
        limiter.take(wanted)
    with pytest.raises(TooMany):
        limiter.take(wanted)


def test_the_device_cookie_names_nobody_cannot_be_made_up_and_holds_a_few_accounts() -> None:
    devices = KnownDevices(b"k" * 32)
    cookie = devices.noted("", OWNER)
    name = devices.find(cookie, OWNER)
    assert name is not None and OWNER not in cookie
    assert devices.find(cookie, "other@example.org") is None
    assert KnownDevices(b"x" * 32).find(cookie, OWNER) is None
    assert devices.noted(cookie, OWNER) == cookie
    more = cookie
    for number in range(5):
        more = devices.noted(more, f"{number}@example.org")
    assert devices.find(more, OWNER) == name
    for number in range(50):
        more = devices.noted(more, f"{number}@example.org")
    assert devices.find(more, OWNER) is None and len(more) < 600
    random = Random(1)
    for _ in range(200):
        junk = "".join(random.choice("abc.AB_-é\0") for _ in range(random.randrange(200)))
        assert devices.find(junk, OWNER) is None
        assert devices.find(devices.noted(junk, OWNER), OWNER)


def test_the_limits_are_in_the_operators_table_as_they_are() -> None:
    table = (PROJECT_ROOT / "docs" / "operations.md").read_text()
    rows = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in table.splitlines() if line.count("|") == 4
    }
    assert {name: rows.get(name) for name in LIMITS} == {name: rate for name, (rate, _) in LIMITS.items()}
