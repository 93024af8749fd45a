"""For every sort of key point: how to name it when it was shown, the gap it leaves when not, and what to do next time.

The words are our own writing and stand in the catalogue, as `advice.<sort>.…`. A gap stands in square brackets there,
so that nobody takes it for a fact; it is filled by the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.assessment.point_cues import sorts_of
from app.domain.message import Message, message
from app.domain.question import KeyPoint


@dataclass(frozen=True, slots=True)
class Advice:
    """`rank` is the place in a told story. `shown` follows "you" ("you said what …"), `rule` is an order to oneself."""

    rank: int
    shown: Message
    gap: Message
    rule: Message
    next_time: Message


# In the order in which a story is told.
_RANKS: Final[dict[str, int]] = {
    "situation": 1, "motive": 1,
    "transfer": 2,
    "obstacle": 3, "other_view": 3,
    "cause": 4, "order": 4,
    "alternatives": 5,
    "own": 6, "talked": 6, "shared_out": 6, "plan": 6,
    "reason": 7,
    "given_up": 8, "check": 8,
    "settled": 9, "result": 9,
    "lasting": 10, "limits": 10,
    "learned": 11,
}  # fmt: skip
_NO_SORT: Final = 6

# Where a point asks for two things, the more telling one gives the words.
_MORE_TELLING: Final = (
    "situation", "own", "settled", "result", "other_view", "talked", "alternatives", "given_up", "learned", "plan",
    "motive", "reason", "transfer", "limits", "obstacle", "cause", "lasting", "order", "shared_out", "check",
)  # fmt: skip


def kind_of(point: KeyPoint) -> str:
    """The sort of point by which it is spoken of, or the point's own text where it is of no sort."""
    names = {sort.name for sort in sorts_of(point)}
    return next((name for name in _MORE_TELLING if name in names), point.text)


def advice_for(point: KeyPoint) -> Advice:
    sort = kind_of(point)
    if sort in _RANKS:
        return Advice(
            _RANKS[sort],
            message(f"advice.{sort}.shown"),
            message(f"advice.{sort}.gap"),
            message(f"advice.{sort}.rule"),
            message(f"advice.{sort}.next_time"),
        )
    # In the point's own words, as the page shows them: how they would bend to a sentence nobody can know.
    own = point.text.strip().rstrip(".")
    ask = point.follow_up or message("advice.point.ask", point=own)
    return Advice(
        _NO_SORT,
        message("advice.point.shown", point=own),
        message("advice.point.gap", point=own),
        message("advice.point.rule", point=own),
        message("advice.point.next_time", ask=ask),
    )
