"""Who gives way to whom on a busy machine.

What people wait for with their eyes on the page (the event loop, its database, a job's steps) keeps the priority of the
process. What takes long stretches of a core outside the interpreter (hearing, speaking, judging, hashing) gives way: on
Linux each thread has a niceness of its own, and the threads it starts inherit it. Elsewhere nothing changes.

Never for work in Python itself: a nice thread that holds the interpreter's lock and is not let onto a busy core makes
the event loop wait with it. Beside two such threads on two busy cores the loop was late by 11 ms at the 95th
percentile; 24 where they were nice by 5, 35 by 10. What helps there is to switch more often (38 ms without it).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

NICENESS: Final = 2
"""Little: on a laptop the browser is on the same cores, and hearing must keep up with it."""
SWITCH_S: Final = 0.0005
"""How long a thread that computes in Python keeps another waiting. Python's own 5 ms are paid at each of the many small
steps of a request or a job."""


def give_way(niceness: int = NICENESS) -> None:
    """This thread, and the threads and processes it starts from now on."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # Never less than the process was started with, which would need a privilege.
        os.setpriority(os.PRIO_PROCESS, thread, max(niceness, os.getpriority(os.PRIO_PROCESS, thread)))


def built_giving_way(build: Callable[[], T]) -> T:
    """What `build` gives. Threads that it leaves behind, an engine's, give way; the caller's does not."""
    results: list[T] = []
    failures: list[BaseException] = []

    def work() -> None:
        give_way()
        try:
            results.append(build())
        except BaseException as error:  # noqa: BLE001 - raised again where it belongs
            failures.append(error)

    thread = threading.Thread(target=work, name="building")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


def switch_often() -> None:
    """For the whole process, from now on."""
    sys.setswitchinterval(SWITCH_S)
