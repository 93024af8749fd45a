"""A fair share of the event loop and the database: nobody has more under way at a time than a few requests.

Whatever is under way takes its turns on the loop one after the other. So whoever has no more of it than others gets no
more of the time, however much they ask for: the rest of theirs waits in a line of their own, and nobody else in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.pools import Turns

AT_ONCE: Final = 3
"""A page asks for two or three things at a time; each of them takes some milliseconds."""
WAITING: Final = 60
LONGEST_S: Final = 1.0
"""No request takes so much of the loop. What is under way for longer waits for something else (a vendor, a slow line, a
file being read), and must not keep its owner's other requests waiting for it."""
RETRY_AFTER_S: Final = 2


class FairShare:
    """`at_once` turns of each customer at a time, `waiting` more in their line; the next is refused (`busy`).

    A turn ends with its block, or after `longest_s`. Used from one event loop at a time.
    """

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        longest_s: float | None = LONGEST_S,
        retry_after_s: int = RETRY_AFTER_S,
    ) -> None:
        self._at_once = at_once
        self._most_waiting = waiting
        self._longest_s = longest_s
        self._retry_after_s = retry_after_s
        self._lines: dict[str, Turns] = {}

    @asynccontextmanager
    async def turn(self, customer: str) -> AsyncIterator[None]:
        """Raises Unavailable when this customer's line is full."""
        line = self._lines.get(customer)
        if line is None:
            line = Turns(at_once=self._at_once, waiting=self._most_waiting, retry_after_s=self._retry_after_s)
            self._lines[customer] = line
        try:
            await line.take()
            turn = _Turn(line)
            timer = None
            if self._longest_s is not None:
                timer = asyncio.get_running_loop().call_later(self._longest_s, turn.end)
            try:
                yield
            finally:
                if timer is not None:
                    timer.cancel()
                turn.end()
        finally:
            if line.is_idle and self._lines.get(customer) is line:
                del self._lines[customer]

    def __len__(self) -> int:
        """How many customers have something under way or waiting."""
        return len(self._lines)


class _Turn:
    """Given back once, by whichever comes first."""

    def __init__(self, line: Turns) -> None:
        self._line: Turns | None = line

    def end(self) -> None:
        if self._line is not None:
            self._line.give_back()
            self._line = None
