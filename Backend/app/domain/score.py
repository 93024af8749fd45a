"""A score and what it rests on. No score without evidence; what cannot be scored says why instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NewType

from app.domain.message import Message

ScoreKind = NewType("ScoreKind", str)
"""What is scored. An open set: the kinds there are stand in `assessment.score_kinds`, and nowhere a second time."""

RELEVANCE: Final = ScoreKind("relevance")
CONFIDENCE: Final = ScoreKind("confidence")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a score rests on. Times in ms on the interview clock, where there are any.

    A ``quote`` is the candidate's own words, in `text`, with the utterance they stand in; a ``measurement`` has a
    `name` (as in `assessment.delivery`), a `value`, its `unit`, and says itself in `note`.
    """

    kind: Literal["quote", "measurement"]
    text: str = ""
    note: Message | None = None
    utterance_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    name: str | None = None
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one component gave: `points` of `out_of`, and why. `about`: the words of the key point, for a ``point``."""

    kind: str
    points: float
    out_of: float
    reason: Message
    about: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """0-100 with evidence, or None with the reason why it is not scored. A scored one may carry a remark in `reason`.

    Raises:
        ValueError: a number outside 0-100 or without evidence, or no number and no reason.
    """

    value: int | None
    reason: Message | None = None
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[ScorePart, ...] = ()

    def __post_init__(self) -> None:
        if self.value is None:
            if self.reason is None:
                raise ValueError("an answer that is not scored needs the reason why")
        elif not 0 <= self.value <= 100:
            raise ValueError("a score lies between 0 and 100")
        elif not self.evidence:
            raise ValueError("a score needs the evidence it rests on")

    @property
    def scored(self) -> bool:
        return self.value is not None


Scores = Mapping[ScoreKind, Score]


def not_scored(reason: Message, evidence: tuple[Evidence, ...] = ()) -> Score:
    return Score(None, reason, evidence)
