"""One answer, assessed: the two scores and the measurements. Pure; the judging has happened before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.assessment.confidence import confidence
from app.assessment.delivery import AnswerWindow, Delivery, Span, measure
from app.assessment.judge_notes import with_noticed
from app.assessment.relevance import relevance
from app.assessment.score import Score
from app.domain.answer import Exchange
from app.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Assessment:
    relevance: Score
    confidence: Score
    delivery: Delivery


def assess(
    exchange: Exchange,
    verdict: Verdict,
    spans: Sequence[Span],
    window: AnswerWindow,
    typed: bool,
) -> Assessment:
    """Relevance from `verdict` (its quotes checked against the answer), Confidence from delivery and wording
    (the counted words, and what the judge noticed besides).

    `spans`: where a voice was heard, `window`: when the answer was given; ms on the interview clock.
    """
    measured = measure(exchange.answer, spans, window, typed=typed)
    delivery = with_noticed(measured, exchange.answer, verdict.wording)
    return Assessment(relevance(verdict, exchange.answer), confidence(delivery), delivery)
