"""How often is too often, and for whom: each account, each device, each address.

Sized so that a person never meets them, a class of sixty behind one address neither, and a script soon does.
docs/operations.md has the table for whoever runs the site; a test compares the two.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.requests import HTTPConnection

from app.client_addresses import counted_as
from app.errors import AppError, TooMany

LIMITS: dict[str, tuple[str, str]] = {
    # name: (so many in a row, and then one in each equal part of the time; what to say before how long to wait).
    # Where fewer come in a row than in the whole time, both are named.
    # Wrong passwords only. A device that signed in to the account before has a count of its own: what others try
    # elsewhere never keeps it out. All other devices share the account's and their address's.
    "sign-in": ("10/5 minutes", "That password was wrong several times."),
    "sign-in, account": ("30/5 minutes", "Several wrong passwords were tried for this account just now."),
    "sign-in, address": ("120/hour", "Many wrong passwords came from your network just now."),
    "password": ("10/5 minutes", "That password was wrong several times."),
    # Right or wrong: what it costs to check them.
    "attempt, address": ("300/5 minutes", "Many sign-ins came from your network just now."),
    "sign-up, address": ("120/hour", "Many new accounts were made from your network just now."),
    "mail": ("5/hour", "Several mails were asked for. Please look in your spam folder, too."),
    "mail, address": ("60/hour", "Many mails were asked for from your network just now."),
    "refresh": ("60/minute", "That was a little too often."),
    "refresh, address": ("600/minute", "Many requests came from your network just now."),
    "upload": ("20/10 minutes", "That is many uploads in a short time."),
    "upload, address": ("300/10 minutes", "Many uploads came from your network just now."),
    "interview": ("30/hour, 6 in a row", "That is many interviews in a short time."),
    "interview, address": ("600/hour", "Many interviews were made from your network just now."),
    "question": ("120/hour, 20 in a row", "That is many new questions in a short time."),
    "question, address": ("2400/hour", "Many new questions were asked for from your network just now."),
    # Everything else that somebody signed in asks for. Players ask for a video bit by bit.
    "request": ("300/minute, 30 in a row", "That was a little too much at once."),
    "recording": ("1200/minute, 200 in a row", "That was a little too much at once."),
    "room": ("120/minute, 30 in a row", "This room was opened very often just now."),
    "piece": ("600/minute", "The recording arrives faster than expected. It will be sent again."),
    # Two MB a second, some ten times what a camera makes: what a lost line has kept back still comes quickly.
    "piece, kB": (
        "120000/minute, 16000 in a row",
        "The recording arrives faster than expected. It will be sent again.",
    ),
}
REFUSED = "too_many_requests"
WRONG = frozenset({"wrong_sign_in", "wrong_password"})
MOST_KEYS = 20_000
"""For each limit: some megabytes. Whoever tries many names or addresses fills it, and must not fill the memory."""

PATIENCE_S = 2.0
"""A request that would be allowed so soon waits for that moment instead of being refused."""
PAUSE_S = 2.0
"""So long a refusal is kept back, and a wrong password for half of it: whoever asks in a loop asks that much less
often, and takes that much less of the time that is everybody's."""

_SECONDS = {"minute": 60, "hour": 3600}
_RATE = re.compile(r"(\d+)/(\d*) ?(minute|hour)s?(?:, (\d+) in a row)?")

Wanted = tuple[str, str]
"""The name of a limit, and whom to count it for."""


class Allowance:
    """One limit for many keys: `in_a_row` (or `count`) at once, and then one in each `period_s / count`.

    Of each key only the moment is kept at which it will have its whole allowance back.
    """

    def __init__(self, count: int, period_s: float, clock: Callable[[], float], *, in_a_row: int | None = None) -> None:
        self._step_s = period_s / count
        self._row_s = self._step_s * (in_a_row or count)
        self._clock = clock
        self._whole_at: dict[str, float] = {}

    def wait_s(self, key: str, amount: float = 1.0) -> float:
        """Until so many more are allowed."""
        at = self._clock()
        whole_at = max(at, self._whole_at.get(key, at))
        # A hair of tolerance, so that sums of fractions do not ask for a wait of nothing.
        wait = whole_at + self._step_s * amount - self._row_s - at
        return wait if wait > 1e-6 else 0.0

    def take(self, key: str, amount: float = 1.0) -> None:
        at = self._clock()
        if key not in self._whole_at and len(self._whole_at) >= MOST_KEYS:
            self._forget(at)
        self._whole_at[key] = max(at, self._whole_at.get(key, at)) + self._step_s * amount

    def give_back(self, key: str) -> None:
        whole_at = self._whole_at.get(key, 0.0) - self._step_s
        if whole_at > self._clock():
            self._whole_at[key] = whole_at
        else:
            self._whole_at.pop(key, None)

    def _forget(self, at: float) -> None:
        """Who has all of it back anyway, and then those who took least: never who is being slowed first."""
        left = sorted(((whole_at, key) for key, whole_at in self._whole_at.items() if whole_at > at), reverse=True)
        self._whole_at = {key: whole_at for whole_at, key in left[: MOST_KEYS * 3 // 4]}

    def __len__(self) -> int:
        return len(self._whole_at)


class RateLimiter:
    """Counts per process, in memory only."""

    def __init__(
        self,
        *,
        enabled: bool,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._enabled = enabled
        self._sleep = sleep
        self._allowances = {name: _allowance(text, clock) for name, (text, _) in LIMITS.items()}

    def take(self, *wanted: Wanted) -> None:
        """All of them or none. Raises TooMany with the seconds until the next try."""
        if not self._enabled:
            return
        wait_s, name = max((self._allowances[name].wait_s(key), name) for name, key in wanted)
        if wait_s:
            raise _refusal(name, wait_s)
        for name, key in wanted:
            self._allowances[name].take(key)

    async def pace(self, name: str, key: str, amount: float = 1.0) -> None:
        """Takes so many; comes back when it is their turn, or raises TooMany where that is not within PATIENCE_S."""
        if not self._enabled:
            return
        allowance = self._allowances[name]
        wait_s = allowance.wait_s(key, amount)
        if wait_s > PATIENCE_S + 1e-6:
            raise _refusal(name, wait_s)
        allowance.take(key, amount)
        if wait_s:
            await self._sleep(wait_s)

    async def keep_back(self, refusal: AppError) -> None:
        """Before a refusal of this limiter goes out."""
        if refusal.code == REFUSED:
            await self._sleep(PAUSE_S)

    @asynccontextmanager
    async def wrong_only(self, *wanted: Wanted) -> AsyncIterator[None]:
        """Counts a password that turns out to be wrong.

        Taken before it is checked and given back when it was right, so that many at once are no way around. Whoever
        leaves before the answer has tried.
        """
        self.take(*wanted)
        try:
            yield
        except AppError as error:
            if error.code not in WRONG:
                self._give_back(wanted)
            elif self._enabled:
                await self._sleep(PAUSE_S / 2)
            raise
        self._give_back(wanted)

    def _give_back(self, wanted: tuple[Wanted, ...]) -> None:
        if self._enabled:
            for name, key in wanted:
                self._allowances[name].give_back(key)


def rate_limiter_of(connection: HTTPConnection) -> RateLimiter:
    found: RateLimiter = connection.app.state.rate_limiter
    return found


def address_of(connection: HTTPConnection) -> str:
    """Whom to count: an IPv4 address, or the /64 of an IPv6 one, of which each household has a whole network."""
    return counted_as(connection.client.host) if connection.client else ""


def _refusal(name: str, wait_s: float) -> TooMany:
    wait = math.ceil(wait_s)
    return TooMany(REFUSED, f"{LIMITS[name][1]} Please wait {_words(wait)} and try again.", retry_after_s=wait)


def _allowance(text: str, clock: Callable[[], float]) -> Allowance:
    """`10/5 minutes`: 10 in 300 seconds; `30/hour, 6 in a row`: 30 in 3,600, and no more than 6 at once."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"no rate: {text}")
    in_a_row = int(found[4]) if found[4] else None
    return Allowance(int(found[1]), float(int(found[2] or 1) * _SECONDS[found[3]]), clock, in_a_row=in_a_row)


def _words(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
