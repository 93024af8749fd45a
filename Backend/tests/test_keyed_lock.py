"""One holder for each key, whatever is cancelled when; and nothing kept of keys that nobody wants."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.keyed_lock import KeyedLock

pytestmark = pytest.mark.anyio


@given(seed=st.integers(0, 2**32), people=st.integers(2, 24), keys=st.integers(1, 3))
def test_no_two_hold_one_key_and_no_key_is_kept(seed: int, people: int, keys: int) -> None:
    asyncio.run(_crowd(Random(seed), people, keys))


async def _crowd(random: Random, people: int, keys: int) -> None:
    lock = KeyedLock()
    inside: dict[str, int] = {}
    most = 0

    async def one(key: str, before: int, within: int) -> None:
        nonlocal most
        for _ in range(before):
            await asyncio.sleep(0)
        async with lock.hold(key):
            inside[key] = inside.get(key, 0) + 1
            most = max(most, inside[key])
            try:
                for _ in range(within):
                    await asyncio.sleep(0)
            finally:
                inside[key] -= 1

    tasks = [
        asyncio.create_task(one(f"key {random.randrange(keys)}", random.randrange(6), random.randrange(4)))
        for _ in range(people)
    ]
    for _ in range(people):
        await asyncio.sleep(0)
        if random.random() < 0.3:
            random.choice(tasks).cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert most <= 1
    assert len(lock) == 0


async def test_who_comes_between_a_release_and_the_next_in_line_waits_behind_them() -> None:
    lock, order = KeyedLock(), list[str]()

    async def second() -> None:
        async with lock.hold("room"):
            order.append("second in")
            await asyncio.sleep(0)
            order.append("second out")

    async with lock.hold("room"):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0)
    # Free, and nobody has it yet: the moment in which a lock must not be forgotten.
    async with lock.hold("room"):
        order.append("third")
    await waiting
    assert order == ["second in", "second out", "third"]


async def test_one_key_does_not_wait_for_another() -> None:
    lock = KeyedLock()
    async with lock.hold("one"), lock.hold("other"):
        assert len(lock) == 2
