"""A score and what it rests on. No score without evidence; what cannot be scored says why instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a score rests on.

    A ``quote`` is the candidate's own words with the utterance they stand in; a ``measurement`` has a `name`
    (as in `assessment.delivery` and `assessment.relevance`), a `value` and its `unit`. Times in ms on the
    interview clock, where there are any. `text` is what a person reads.
    """

    kind: Literal["quote", "measurement"]
    text: str
    utterance_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    name: str | None = None
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one component gave: `points` of `out_of`, with the reason in `note`."""

    name: str
    label: str
    points: float
    out_of: float
    note: str


@dataclass(frozen=True, slots=True)
class Score:
    """0-100 with evidence, or None with the reason why it is not scored.

    Raises:
        ValueError: a number outside 0-100 or without evidence, or no number and no reason.
    """

    value: int | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[ScorePart, ...] = ()

    def __post_init__(self) -> None:
        if self.value is None:
            if not self.reason:
                raise ValueError("an answer that is not scored needs the reason why")
        elif not 0 <= self.value <= 100:
            raise ValueError("a score lies between 0 and 100")
        elif not self.evidence:
            raise ValueError("a score needs the evidence it rests on")

    @property
    def scored(self) -> bool:
        return self.value is not None


def not_scored(reason: str, evidence: tuple[Evidence, ...] = ()) -> Score:
    """`reason` is a sentence to the candidate, such as "You did not answer."."""
    return Score(None, reason, evidence)


def to_json(score: Score) -> dict[str, Any]:
    """Plain dicts, lists, strings and numbers, as stored and as sent."""
    return {
        "value": score.value,
        "reason": score.reason,
        "evidence": [asdict(one) for one in score.evidence],
        "parts": [asdict(one) for one in score.parts],
    }


def from_json(stored: Mapping[str, Any]) -> Score:
    """What `to_json` made.

    Raises:
        ValueError, KeyError, TypeError: `stored` was not made by `to_json`.
    """
    return Score(
        value=stored["value"],
        reason=stored["reason"],
        evidence=tuple(Evidence(**one) for one in stored["evidence"]),
        parts=tuple(ScorePart(**one) for one in stored["parts"]),
    )
