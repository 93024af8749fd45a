"""One answer, assessed: its scores and the measurements. Pure; the judging has happened before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.assessment.delivery import AnswerWindow, Span, measure
from app.assessment.judge_notes import with_noticed
from app.assessment.score_kinds import SCORE_KINDS, Basis
from app.domain.answer import Exchange
from app.domain.delivery import Delivery
from app.domain.score import Scores
from app.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Assessment:
    scores: Scores
    delivery: Delivery


def assess(
    exchange: Exchange,
    verdict: Verdict,
    spans: Sequence[Span],
    window: AnswerWindow,
    typed: bool,
) -> Assessment:
    """Every kind of score there is: from `verdict` (its quotes checked against the answer), delivery and wording
    (the counted words, and what the judge noticed besides).

    `spans`: where a voice was heard, `window`: when the answer was given; ms on the interview clock.
    """
    measured = measure(exchange.answer, spans, window, typed=typed)
    delivery = with_noticed(measured, exchange.answer, verdict.wording)
    basis = Basis(exchange, verdict, delivery)
    return Assessment({key: kind.computed(basis) for key, kind in SCORE_KINDS.items()}, delivery)
