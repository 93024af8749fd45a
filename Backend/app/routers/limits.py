"""How often is too often, and for whom: each account, each device, each address.

Sized so that a person never meets them, a class of sixty behind one address neither, and a script soon does.
docs/operations.md has the table for whoever runs the site; a test compares the two.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.requests import HTTPConnection

from app.addresses import counted_as
from app.errors import AppError, TooMany

LIMITS: dict[str, tuple[str, str]] = {
    # name: (so many in a row, and then one in each equal part of the time; what to say before how long to wait)
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
    "interview": ("30/hour", "That is many interviews in a short time."),
    "interview, address": ("600/hour", "Many interviews were made from your network just now."),
    "question": ("120/hour", "That is many new questions in a short time."),
    "question, address": ("2400/hour", "Many new questions were asked for from your network just now."),
    # Everything else that somebody signed in asks for. Players ask for a video bit by bit.
    "request": ("300/minute", "That was a little too much at once."),
    "recording": ("1200/minute", "That was a little too much at once."),
    "room": ("120/minute", "This room was opened very often just now."),
    "piece": ("600/minute", "The recording arrives faster than expected. It will be sent again."),
}
WRONG = frozenset({"wrong_sign_in", "wrong_password"})
MOST_KEYS = 20_000
"""For each limit: some megabytes. Whoever tries many names or addresses fills it, and must not fill the memory."""

_SECONDS = {"minute": 60, "hour": 3600}
_RATE = re.compile(r"(\d+)/(\d*) ?(minute|hour)s?")

Wanted = tuple[str, str]
"""The name of a limit, and whom to count it for."""


class Allowance:
    """One limit for many keys: `count` in a row, and then one in each `period_s / count`.

    Of each key only the moment is kept at which it will have its whole allowance back.
    """

    def __init__(self, count: int, period_s: float, clock: Callable[[], float]) -> None:
        self._period_s = period_s
        self._step_s = period_s / count
        self._clock = clock
        self._whole_at: dict[str, float] = {}

    def wait_s(self, key: str) -> float:
        """Until one more is allowed."""
        at = self._clock()
        whole_at = max(at, self._whole_at.get(key, at))
        # A hair of tolerance, so that sums of fractions do not ask for a wait of nothing.
        wait = whole_at + self._step_s - self._period_s - at
        return wait if wait > 1e-6 else 0.0

    def take(self, key: str) -> None:
        at = self._clock()
        if key not in self._whole_at and len(self._whole_at) >= MOST_KEYS:
            self._forget(at)
        self._whole_at[key] = max(at, self._whole_at.get(key, at)) + self._step_s

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

    def __init__(self, *, enabled: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._enabled = enabled
        self._allowances = {name: Allowance(*_rate(text), clock) for name, (text, _) in LIMITS.items()}

    def take(self, *wanted: Wanted) -> None:
        """All of them or none. Raises TooMany with the seconds until the next try."""
        if not self._enabled:
            return
        wait_s, name = max((self._allowances[name].wait_s(key), name) for name, key in wanted)
        if wait_s:
            wait = math.ceil(wait_s)
            message = f"{LIMITS[name][1]} Please wait {_words(wait)} and try again."
            raise TooMany("too_many_requests", message, retry_after_s=wait)
        for name, key in wanted:
            self._allowances[name].take(key)

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


def _rate(text: str) -> tuple[int, float]:
    """`10/5 minutes`: (10, 300)."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"no rate: {text}")
    return int(found[1]), float(int(found[2] or 1) * _SECONDS[found[3]])


def _words(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
