"""The kinds of score there are, each in one record. Whatever computes, sums up, sends or explains scores asks here.

A further kind is a function from a `Basis` to a `Score` in a module of its own, a record in this table, and its texts
in the catalogue: its label, what it means, the labels and reasons of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.assessment.confidence import confidence
from app.assessment.relevance import relevance
from app.domain.answer import Exchange
from app.domain.delivery import Delivery
from app.domain.message import Message, message
from app.domain.score import CONFIDENCE, RELEVANCE, Score, ScoreKind, Scores, not_scored
from app.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Basis:
    """What a score may rest on: what was asked and answered, how its content was judged, how it was said."""

    exchange: Exchange
    verdict: Verdict
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class ScoreKindRecord:
    """`weight`: its share of the overall score beside the others'. `needed`: without it there is no overall score.

    `label` and `meaning` are what the page calls it and how it explains it.
    """

    label: Message
    meaning: Message
    weight: float
    computed: Callable[[Basis], Score]
    needed: bool = False


SCORE_KINDS: dict[ScoreKind, ScoreKindRecord] = {
    RELEVANCE: ScoreKindRecord(
        label=message("score.relevance.label"),
        meaning=message("score.relevance.meaning"),
        weight=0.7,
        computed=lambda basis: relevance(basis.verdict, basis.exchange.answer),
        needed=True,
    ),
    CONFIDENCE: ScoreKindRecord(
        label=message("score.confidence.label"),
        meaning=message("score.confidence.meaning"),
        weight=0.3,
        computed=lambda basis: confidence(basis.delivery),
    ),
}
"""In the order in which they are shown."""


def all_not_scored(reason: Message) -> Scores:
    return {key: not_scored(reason) for key in SCORE_KINDS}


def combined(values: Mapping[ScoreKind, float | None]) -> float | None:
    """One number out of one of each kind: the weighted mean of those there are; None where a needed one is missing."""
    if any(kind.needed and values.get(key) is None for key, kind in SCORE_KINDS.items()):
        return None
    given = [(kind.weight, value) for key, kind in SCORE_KINDS.items() if (value := values.get(key)) is not None]
    if len(given) < 2:
        # As it is: a division by its own weight would move the last digit.
        return given[0][1] if given else None
    return sum(weight * value for weight, value in given) / sum(weight for weight, _ in given)
