"""So many at once, in their order, and the next is refused. Nothing here depends on how long anything takes."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Iterator

import pytest

from app.errors import TooMany, Unavailable
from app.pools import DISK, FOLLOW_UPS, JUDGEMENTS, PASSWORDS, PLANS, Pool, Quota, Turns

pytestmark = pytest.mark.anyio


class Gate:
    """Work that waits to be let on, and how much of it there was at once."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered: list[int] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def work(self, number: int) -> int:
        with self._lock:
            self.entered.append(number)
            self._now += 1
            self.most = max(self.most, self._now)
        self.open.wait()
        with self._lock:
            self._now -= 1
        return number


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


async def test_a_pool_works_on_so_many_at_once_in_their_order_and_refuses_what_its_line_cannot_hold(gate: Gate) -> None:
    pool = Pool("test", at_once=2, waiting=3, retry_after_s=7)
    calls = [asyncio.ensure_future(pool.run(gate.work, number)) for number in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await pool.run(gate.work, 5)
    assert (refused.value.code, refused.value.retry_after_s) == ("busy", 7)
    gate.open.set()
    assert await asyncio.gather(*calls) == [0, 1, 2, 3, 4]
    assert sorted(gate.entered) == [0, 1, 2, 3, 4]
    assert gate.most <= 2
    assert await pool.run(gate.work, 6) == 6


async def test_whoever_is_cancelled_in_line_leaves_it(gate: Gate) -> None:
    pool = Pool("test", at_once=1, waiting=2)
    first, second, third = (asyncio.ensure_future(pool.run(gate.work, number)) for number in range(3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    fourth = asyncio.ensure_future(pool.run(gate.work, 3))
    await asyncio.sleep(0)
    gate.open.set()
    assert await asyncio.gather(*[first, third, fourth]) == [0, 2, 3]
    assert gate.entered == [0, 2, 3]


async def test_work_that_fails_gives_its_place_back_and_tells_why() -> None:
    pool = Pool("test", at_once=1, waiting=0)

    def fail() -> None:
        raise LookupError("nothing there")

    for _ in range(3):
        with pytest.raises(LookupError):
            await pool.run(fail)


async def test_work_sees_the_callers_context() -> None:
    said: contextvars.ContextVar[str] = contextvars.ContextVar("said")
    said.set("hello")
    assert await Pool("test", at_once=1, waiting=0).run(said.get) == "hello"


async def test_a_full_pool_holds_up_no_other(gate: Gate) -> None:
    calls = [asyncio.ensure_future(PASSWORDS.run(gate.work, number)) for number in range(30)]
    await asyncio.sleep(0)
    for pool in (DISK, FOLLOW_UPS, JUDGEMENTS, PLANS):
        async with asyncio.timeout(60):
            assert await pool.run(int, "1") == 1
    assert not any(call.done() for call in calls)
    gate.open.set()
    await asyncio.gather(*calls)
    assert gate.most == 1


async def test_turns_come_in_order_and_are_given_on() -> None:
    turns = Turns(at_once=2, waiting=10)
    order: list[str] = []

    async def take(name: str, go_on: asyncio.Event) -> None:
        async with turns.turn():
            order.append(name)
            await go_on.wait()

    events = {name: asyncio.Event() for name in "abcde"}
    tasks = {name: asyncio.create_task(take(name, event)) for name, event in events.items()}
    await asyncio.sleep(0)
    assert (order, turns.waiting) == (["a", "b"], 3)
    tasks["c"].cancel()
    await asyncio.gather(tasks["c"], return_exceptions=True)
    events["b"].set()
    await tasks["b"]
    await asyncio.sleep(0)
    assert (order, turns.waiting) == (["a", "b", "d"], 1)
    for event in events.values():
        event.set()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    assert (order, turns.waiting) == (["a", "b", "d", "e"], 0)


async def test_a_line_that_is_full_and_a_patience_that_ends_are_refusals() -> None:
    turns = Turns(at_once=1, waiting=1, retry_after_s=3)
    await turns.take()
    with pytest.raises(Unavailable) as tired:
        await turns.take(patience_s=0)
    waiting = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as full:
        await turns.take()
    assert tired.value.retry_after_s == full.value.retry_after_s == 3
    turns.give_back()
    await waiting
    turns.give_back()
    await turns.take(patience_s=0)


async def test_whoever_gives_up_in_the_moment_a_turn_passes_over_them_goes_quietly() -> None:
    turns = Turns(at_once=1, waiting=5)
    await turns.take()
    gone = asyncio.create_task(turns.take())
    following = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    gone.cancel()
    turns.give_back()
    with pytest.raises(asyncio.CancelledError):
        await gone
    async with asyncio.timeout(60):
        await following
    assert turns.waiting == 0


async def test_a_turn_that_comes_in_the_moment_of_giving_up_is_given_on() -> None:
    turns = Turns(at_once=1, waiting=5)
    await turns.take()
    late = asyncio.create_task(turns.take())
    following = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    turns.give_back()
    late.cancel()
    await asyncio.gather(late, return_exceptions=True)
    async with asyncio.timeout(60):
        await following


def test_a_quota_is_each_persons_own() -> None:
    quota = Quota("too_many", "One at a time.", most=1, retry_after_s=4)
    with quota.used("asha"), quota.used("bilal"):
        with pytest.raises(TooMany) as refused, quota.used("asha"):
            pass
        assert (refused.value.code, refused.value.retry_after_s) == ("too_many", 4)
    with quota.used("asha"):
        pass
