"""Ears and how far they are behind, with a clock that the test turns and a recogniser that waits to be let on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from app.conversation.room.recognizer_feed import BEHIND_MS, Ears
from app.conversation.rules.events import Flushed, Heard, HearingLost
from app.services.speech import base
from tests.conversation.engines import ScriptedRecognizer, ScriptedStream, voiced

pytestmark = pytest.mark.anyio
GENEROUS_S = 60.0


class GatedRecognizer(ScriptedRecognizer):
    """Reads as soon as it is let, and remembers of each piece whether it was told that it is behind."""

    def __init__(self) -> None:
        super().__init__(["I led the migration."])
        self.let = threading.Event()
        self.behind: list[bool] = []

    def open(self, *, vocabulary: Sequence[str] = ()) -> base.RecognitionStream:
        return GatedStream(self)


class GatedStream(ScriptedStream):
    def __init__(self, owner: GatedRecognizer) -> None:
        super().__init__(owner)
        self._gate = owner

    def feed(self, pcm: bytes, *, behind: bool = False) -> base.Recognition:
        self._gate.behind.append(behind)
        self._gate.let.wait()
        return super().feed(pcm, behind=behind)


class Room:
    def __init__(self) -> None:
        self.now_ms = 0
        self.reported: list[Heard | Flushed | HearingLost] = []
        self.news = asyncio.Event()
        self.recognizer = GatedRecognizer()
        self.ears = Ears(self.recognizer, (), now_ms=lambda: self.now_ms, report=self._report, dropped=lambda: None)

    def _report(self, event: Heard | Flushed | HearingLost) -> None:
        self.reported.append(event)
        self.news.set()

    async def until_heard(self, pieces: int) -> None:
        async with asyncio.timeout(GENEROUS_S):
            while sum(isinstance(event, Heard) for event in self.reported) < pieces:
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def a_room() -> AsyncIterator[Room]:
    room = Room()
    running = asyncio.create_task(room.ears.run())
    try:
        yield room
    finally:
        room.recognizer.let.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await room.ears.close()


async def test_ears_are_as_late_as_the_oldest_sound_that_they_have_not_read() -> None:
    async with a_room() as room:
        assert room.ears.lag_ms == 0
        room.ears.offer(1, voiced(1, 200))
        await asyncio.sleep(0)
        room.now_ms = 4_000
        assert room.ears.lag_ms == 4_000
        room.recognizer.let.set()
        await room.until_heard(1)
        room.now_ms = 9_000
        assert room.ears.lag_ms == 4_000, "the worst of the last seconds"


async def test_five_seconds_that_a_network_brings_at_once_are_no_lag() -> None:
    async with a_room() as room:
        room.recognizer.let.set()
        room.now_ms = 5_000
        for number in range(25):
            room.ears.offer(number, voiced(1, 200))
        await room.until_heard(25)
        assert room.ears.lag_ms == 0


async def test_ears_that_are_behind_leave_out_what_is_only_for_show_until_they_have_caught_up() -> None:
    async with a_room() as room:
        for number in range(3):
            room.ears.offer(number, voiced(1, 200))
        await asyncio.sleep(0)
        room.now_ms = BEHIND_MS + 1
        room.recognizer.let.set()
        await room.until_heard(3)
        room.ears.offer(3, voiced(1, 200))
        await room.until_heard(4)
        assert room.recognizer.behind == [False, True, True, False]
