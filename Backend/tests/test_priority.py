"""What takes a core for long gives way to what people wait for. Nothing here depends on how long anything takes."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from app.conversation.room.recognizer_feed import Ears
from app.conversation.room.voice_queue import Mouth, SpokenWords
from app.pools import DISK, FOLLOW_UPS, JUDGEMENTS, PASSWORDS, PLANS
from app.priority import NICENESS, SWITCH_S, built_giving_way
from app.settings import Settings
from tests.conversation.engines import ScriptedRecognizer
from tests.house import ON_SQLITE_ONLY, restarted

pytestmark = pytest.mark.anyio
linux = pytest.mark.skipif(sys.platform != "linux", reason="a niceness for each thread is Linux's")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def threads() -> set[int]:
    return {int(each.name) for each in Path("/proc/self/task").iterdir()}


@linux
async def test_hashing_and_judging_give_way_and_what_computes_in_python_does_not() -> None:
    here = niceness()
    for pool in (PASSWORDS, JUDGEMENTS):
        assert await pool.run(niceness) == max(here, NICENESS), pool.name
    for pool in (DISK, FOLLOW_UPS, PLANS):
        assert await pool.run(niceness) == here, pool.name
    assert niceness() == here


@linux
def test_hearing_and_speaking_give_way() -> None:
    ears = Ears(ScriptedRecognizer([]), (), now_ms=lambda: 0, report=lambda _event: None, dropped=lambda: None)
    mouth = Mouth(
        None,
        SpokenWords(),
        voice_id="",
        play=lambda *_sound: True,
        missing=lambda *_words: None,
        lost=lambda: None,
    )
    for pool in (ears._thread, mouth._thread):
        assert pool.submit(niceness).result() >= NICENESS
        pool.shutdown()


@linux
def test_an_engines_own_threads_give_way_and_its_builder_does_not() -> None:
    here, gate = niceness(), threading.Event()

    def build() -> threading.Thread:
        engine = threading.Thread(target=gate.wait)
        engine.start()
        return engine

    engine = built_giving_way(build)
    try:
        assert engine.native_id is not None
        assert os.getpriority(os.PRIO_PROCESS, engine.native_id) >= NICENESS
        assert niceness() == here
    finally:
        gate.set()
        engine.join()


def test_an_engine_that_cannot_be_built_tells_its_builder() -> None:
    def build() -> None:
        raise LookupError("no such voice")

    with pytest.raises(LookupError, match="no such voice"):
        built_giving_way(build)


@ON_SQLITE_ONLY
async def test_while_it_serves_no_thread_keeps_another_waiting_for_long(settings: Settings) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        async with restarted(settings):
            assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    finally:
        sys.setswitchinterval(before)
