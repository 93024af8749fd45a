"""Whether there is room for one more live interview: better refused at the door than failing everybody inside.

An interview that is heard costs a core's share for as long as somebody speaks, one that is typed next to nothing, so
each kind has places of its own. Being heard also needs ears that keep up: measured, not guessed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import TooMany, Unavailable

VOICES_PER_CORE = 4
"""Eight on two cores are heard in time; with ten a decision took 9.5 s (everybody speaking at once)."""
MOST_TYPED = 50
EACH = 2
"""Of one person: a laptop and a phone."""
MAX_LAG_MS = 2_000
"""Ears that are this far behind those who are speaking have no time for one more."""
KEPT_S = 180.0
"""So long after its connection is gone an interview keeps its place: a tunnel, a reload, a laptop put to sleep."""
KEPT_AT_THE_DOOR_S = 20.0
"""The same before it has begun."""
RETRY_AFTER_S = 30


@dataclass(slots=True)
class _Place:
    user_id: str
    heard: bool
    until: float | None = None
    """When it is given up; None while somebody is connected."""


def voices_here() -> int:
    """How many interviews this machine can hear at once."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return VOICES_PER_CORE * cores


class VoicePlaces:
    """Who has a place, by interview. `clock` gives seconds."""

    def __init__(
        self, *, heard: int | None = None, typed: int = MOST_TYPED, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = {True: voices_here() if heard is None else heard, False: typed}
        self._clock = clock
        self._places: dict[str, _Place] = {}

    def take(self, interview_id: str, user_id: str, *, heard: bool, lag_ms: int) -> None:
        """`lag_ms`: how far the ears are behind those who are in now. Whoever comes back within time has a place.

        Raises Unavailable when there is none, TooMany when this person has enough.
        """
        self._give_up_old()
        mine = self._places.get(interview_id)
        if mine is not None and mine.heard == heard:
            mine.until = None
            return
        self._check_own(interview_id, user_id)
        full = sum(place.heard == heard for place in self._places.values()) >= self._most[heard]
        if full or (heard and lag_ms > MAX_LAG_MS):
            raise Unavailable(
                "too_many_live",
                "Many interviews are running now. Please try again in a few minutes.",
                retry_after_s=RETRY_AFTER_S,
            )
        self._places[interview_id] = _Place(user_id, heard)

    def leave(self, interview_id: str, *, keep_s: float = 0.0) -> None:
        """The connection is gone. The place is kept so long for its coming back."""
        place = self._places.get(interview_id)
        if place is not None:
            place.until = self._clock() + keep_s
            self._give_up_old()

    def _check_own(self, interview_id: str, user_id: str) -> None:
        own = {key: place for key, place in self._places.items() if place.user_id == user_id and key != interview_id}
        if len(own) < EACH:
            return
        left = [key for key, place in own.items() if place.until is not None]
        if not left:
            raise TooMany(
                "own_rooms_full",
                "You are in two interviews already. Leave one of them, then come back here.",
                retry_after_s=RETRY_AFTER_S,
            )
        # What is kept for coming back to does not keep a person from going on elsewhere.
        del self._places[min(left, key=lambda key: own[key].until or 0.0)]

    def _give_up_old(self) -> None:
        now = self._clock()
        for key in [key for key, place in self._places.items() if place.until is not None and place.until <= now]:
            del self._places[key]
