"""Nobody has more under way than their share, and nobody waits for anybody but themselves."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Unavailable
from app.fair_share import FairShare
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio

AT_ONCE, WAITING = 2, 3
CUSTOMERS = ("asha", "bilal", "chen")


@dataclass(eq=False)
class Call:
    customer: str
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False
    task: asyncio.Task[None] | None = None
    began: bool = False
    refused: bool = False


class House:
    """Calls that run until they are let go, and in which order they began."""

    def __init__(self, share: FairShare) -> None:
        self.share = share
        self.calls: list[Call] = []
        self.began: dict[str, list[Call]] = defaultdict(list)
        self.running: set[int] = set()

    def of(self, customer: str) -> list[Call]:
        return [call for call in self.calls if call.customer == customer and call.task and not call.task.done()]

    def arrive(self, customer: str) -> None:
        call = Call(customer)
        call.task = asyncio.create_task(self._take(call))
        self.calls.append(call)

    async def _take(self, call: Call) -> None:
        try:
            async with self.share.turn(call.customer):
                call.began = True
                self.began[call.customer].append(call)
                self.running.add(id(call))
                try:
                    await call.go_on.wait()
                    if call.fails:
                        raise LookupError
                finally:
                    self.running.discard(id(call))
        except Unavailable:
            call.refused = True

    async def settle(self) -> None:
        for _ in range(6):
            await asyncio.sleep(0)


steps = st.lists(
    st.tuples(st.sampled_from(["arrive", "arrive", "finish", "fail", "cancel"]), st.sampled_from(CUSTOMERS))
)


@given(steps)
def test_whatever_happens_everybody_has_their_share_and_nothing_is_lost(steps: list[tuple[str, str]]) -> None:
    async def run() -> None:
        share = FairShare(at_once=AT_ONCE, waiting=WAITING, longest_s=None)
        house = House(share)
        for what, customer in steps:
            mine = house.of(customer)
            running = [call for call in mine if call.began]
            if what == "arrive":
                house.arrive(customer)
                await house.settle()
                assert house.calls[-1].refused == (len(mine) == AT_ONCE + WAITING)
            elif what == "cancel" and mine:
                # Whoever goes away may have a turn or wait for one.
                assert mine[-1].task and mine[-1].task.cancel()
            elif running:
                running[0].fails = what == "fail"
                running[0].go_on.set()
            await house.settle()
            for each in CUSTOMERS:
                left = house.of(each)
                assert sum(id(call) in house.running for call in left) == min(AT_ONCE, len(left))
        for call in house.calls:
            call.go_on.set()
        await asyncio.gather(*(call.task for call in house.calls if call.task), return_exceptions=True)
        assert all(call.began or call.refused or (call.task and call.task.cancelled()) for call in house.calls)
        for began in house.began.values():
            assert began == sorted(began, key=house.calls.index)
        assert len(share) == 0

    asyncio.run(run())


async def test_what_lasts_for_long_keeps_its_owners_next_request_waiting_no_longer_than_a_turn() -> None:
    house = House(FairShare(at_once=1, longest_s=0))
    for _ in range(3):
        house.arrive("asha")

    async def all_run() -> bool:
        return len(house.running) == 3

    await until(all_run, "a turn for each")
    for call in house.calls:
        call.go_on.set()
    await asyncio.gather(*(call.task for call in house.calls if call.task))
    assert len(house.share) == 0


async def test_a_full_line_says_when_to_come_back() -> None:
    share = FairShare(at_once=1, waiting=0, retry_after_s=7)
    async with share.turn("asha"):
        async with share.turn("bilal"):
            pass
        with pytest.raises(Unavailable) as refused:
            async with share.turn("asha"):
                pass
    assert (refused.value.code, refused.value.retry_after_s) == ("busy", 7)
    assert len(share) == 0
