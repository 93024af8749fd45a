"""Money is counted from the vendor's tokens, capped by the day, and never stated where no price is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.access import Access
from app.admin.spending import SpendingMeter, cost_micros, dearest, spending
from app.db import Database
from app.models import Interview, User
from app.services.language_model.generation import Usage
from app.services.language_model.meter import Attribution, MeteredCall
from app.services.vendor import Price
from app.settings import Settings

pytestmark = pytest.mark.anyio
PRICES = {"known": Price(input=1.0, output=10.0), "free": Price(input=0.0, output=0.0)}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def db(settings: Settings) -> Database:
    return Database(settings.resolved_database_url)


def meter(db: Database, clock: Clock, *, cap: float = 1.0, user_cap: float = 0.5) -> SpendingMeter:
    return SpendingMeter(db, prices=PRICES, daily_cap_usd=cap, daily_user_cap_usd=user_cap, clock=clock)


def call(user: str = "asha", *, model: str = "known", tokens: int = 10_000, outcome: str = "ok") -> MeteredCall:
    return MeteredCall(Attribution(user, f"of-{user}"), "gemini", model, "judge", outcome, Usage(tokens, tokens), 900)


def test_dollars_per_million_are_micros_per_token() -> None:
    assert cost_micros(PRICES["known"], Usage(1_000_000, 100_000)) == 2_000_000
    assert cost_micros(None, Usage(1, 1)) is None


async def test_a_user_over_their_cap_waits_for_tomorrow_and_others_do_not(db: Database) -> None:
    clock = Clock()
    counting = meter(db, clock)
    asha, ravi = Attribution("asha"), Attribution("ravi")
    for _ in range(4):
        await counting.record(call())
        assert await counting.allows("known", asha)
    await counting.record(call(tokens=6_000))
    assert not await counting.allows("known", asha)
    assert await counting.allows("known", ravi)
    clock.now = NOON.replace(hour=0) + timedelta(days=1)
    assert await counting.allows("known", asha)
    await db.close()


async def test_over_the_cap_for_all_nobody_spends_more(db: Database) -> None:
    counting = meter(db, Clock())
    for user in ("a", "b", "c"):
        await counting.record(call(user, tokens=31_000))
    assert not await counting.allows("known", Attribution("d"))
    assert not await counting.allows("known", Attribution())
    await db.close()


async def test_a_model_without_a_price_is_stopped_as_if_it_were_the_dearest(db: Database) -> None:
    counting = meter(db, Clock())
    assert dearest(PRICES) == Price(input=1.5, output=10.0)
    await counting.record(call(model="unknown", tokens=50_000))
    assert not await counting.allows("unknown", Attribution("asha"))
    told = await spending(db, Access("admin", "admin"), clock=Clock())
    assert (told.days[0][1].cost_micros, told.days[0][1].unpriced) == (0, 1)
    await db.close()


async def test_a_model_that_is_free_is_never_stopped(db: Database) -> None:
    counting = meter(db, Clock(), cap=0.0, user_cap=0.0)
    await counting.record(call(model="free", tokens=10_000_000))
    assert await counting.allows("free", Attribution("asha"))
    assert not await counting.allows("known", Attribution("asha"))
    await db.close()


async def test_what_was_spent_is_told_by_day_user_interview_and_model(db: Database) -> None:
    clock = Clock()
    counting = meter(db, clock)
    async with db.write() as session:
        session.add(User(id="asha", email="asha@example.org", name="Asha", password_hash=""))
        await session.flush()
        session.add(Interview(id="of-asha", user_id="asha", role="Nurse", seniority="mid"))
    clock.now = NOON - timedelta(days=1)
    await counting.record(call("gone", tokens=3_000, outcome="timeout"))
    clock.now = NOON - timedelta(days=40)
    await counting.record(call("old"))
    clock.now = NOON
    await counting.record(call())
    await counting.record(call(model="unknown", tokens=500))
    told = await spending(db, Access("admin", "admin"), clock=clock)
    assert [(day, spent.calls, spent.failed) for day, spent in told.days] == [
        ("2026-11-22", 2, 0),
        ("2026-11-21", 1, 1),
    ]
    assert [(name, spent.input_tokens, spent.cost_micros, spent.unpriced) for _, name, spent in told.users] == [
        ("Asha", 10_500, 110_000, 1),
        ("", 3_000, 33_000, 0),
    ]
    assert [(each, role) for each, role, _ in told.interviews] == [("of-asha", "Nurse"), ("of-gone", "")]
    assert [model for model, _ in told.models] == ["known", "unknown"]
    await db.close()
