"""How many at once: a bound for each costly thing, so that one full of work holds up nobody beside it.

A pool has its own threads and its own line. Whoever finds the line full is refused at once, with a time to come back.
What is bounded is this machine, so there is one of each in the process.

Whose work gives way is in `app.priority`.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import ParamSpec, TypeVar

from app.errors import TooMany, Unavailable
from app.priority import give_way

P = ParamSpec("P")
T = TypeVar("T")


def busy(retry_after_s: int) -> Unavailable:
    return Unavailable(
        "busy", "Many people are here just now. Please try again in a moment.", retry_after_s=retry_after_s
    )


class Turns:
    """`at_once` have a turn, `waiting` more stand in line, first come first served; the next is refused (`busy`).

    Used from one event loop at a time.
    """

    def __init__(self, *, at_once: int, waiting: int, retry_after_s: int = 5) -> None:
        self._at_once = self._free = at_once
        self._most_waiting = waiting
        self._retry_after_s = retry_after_s
        self._line: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        return len(self._line)

    @property
    def is_idle(self) -> bool:
        """Nobody has a turn, and nobody waits for one."""
        return self._free == self._at_once

    @asynccontextmanager
    async def turn(self, *, patience_s: float | None = None) -> AsyncIterator[None]:
        """Raises Unavailable when the line is full, or when none has come within `patience_s`."""
        await self.take(patience_s=patience_s)
        try:
            yield
        finally:
            self.give_back()

    async def take(self, *, patience_s: float | None = None) -> None:
        """As `turn`, for whoever calls `give_back` on every way out."""
        if self._free > 0:
            self._free -= 1
            return
        if len(self._line) >= self._most_waiting:
            raise busy(self._retry_after_s)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(mine)
        try:
            async with asyncio.timeout(patience_s):
                await mine
        except BaseException as error:
            if mine.done() and not mine.cancelled():
                # It came in the very moment in which the wait was given up.
                self.give_back()
            else:
                # A turn that was given back in between has passed over it and taken it out of the line.
                with suppress(ValueError):
                    self._line.remove(mine)
            if isinstance(error, TimeoutError):
                raise busy(self._retry_after_s) from None
            raise

    def give_back(self) -> None:
        while self._line:
            following = self._line.popleft()
            if not following.done():
                following.set_result(None)
                return
        self._free += 1


class Pool:
    """`at_once` threads of its own and a line of at most `waiting` calls."""

    def __init__(
        self, name: str, *, at_once: int, waiting: int, gives_way: bool = False, retry_after_s: int = 5
    ) -> None:
        self.name = name
        self.at_once = at_once
        self.waiting = waiting
        self._retry_after_s = retry_after_s
        self._threads = ThreadPoolExecutor(
            at_once, thread_name_prefix=name, initializer=give_way if gives_way else None
        )
        self._lock = threading.Lock()
        self._under_way = 0

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`work`, in one of the pool's threads and the caller's context. Raises Unavailable when the line is full.

        A caller that is cancelled leaves the line; work that has begun keeps its thread until it is done.
        """
        with self._lock:
            if self._under_way >= self.at_once + self.waiting:
                raise busy(self._retry_after_s)
            self._under_way += 1
        context = contextvars.copy_context()
        future = self._threads.submit(context.run, functools.partial(work, *args, **kwargs))
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def _done(self, _future: Future[T]) -> None:
        with self._lock:
            self._under_way -= 1


class Quota:
    """`most` at once for each person; one more is TooMany."""

    def __init__(self, code: str, message: str, *, most: int = 1, retry_after_s: int = 5) -> None:
        self._code = code
        self._message = message
        self._most = most
        self._retry_after_s = retry_after_s
        self._used: Counter[str] = Counter()

    @contextmanager
    def used(self, user_id: str) -> Iterator[None]:
        if self._used[user_id] >= self._most:
            raise TooMany(self._code, self._message, retry_after_s=self._retry_after_s)
        self._used[user_id] += 1
        try:
            yield
        finally:
            self._used[user_id] -= 1
            if not self._used[user_id]:
                del self._used[user_id]


# 46 MiB and one lane each: one at a time, so that the others keep a core. The last of sixty is answered within the
# page's patience.
PASSWORDS = Pool("passwords", at_once=1, waiting=60, gives_way=True, retry_after_s=10)
# They wait for the disk, not for a core.
DISK = Pool("disk", at_once=4, waiting=200, retry_after_s=2)
REMOVAL = Pool("removal", at_once=1, waiting=1000)
PICTURES = Pool("pictures", at_once=1, waiting=30)
ASSEMBLY = Pool("assembly", at_once=1, waiting=1000)
PLANS = Pool("plans", at_once=1, waiting=60)
# An interview waits for each of these: what is chosen within two seconds is asked.
FOLLOW_UPS = Pool("follow-ups", at_once=2, waiting=60)
JUDGEMENTS = Pool("judgements", at_once=1, waiting=200, gives_way=True)
