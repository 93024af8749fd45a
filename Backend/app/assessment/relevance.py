"""Relevance: a judge's verdict turned into a score, once its quotes have been found in the answer.

Whoever judged (the built-in judge or a vendor's model), nothing is believed that cannot be pointed at: a quote that
does not occur in the answer is dropped with the point it carried, and a verdict that loses all its quotes, or more
than half of its shown points, is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.answer import AnswerUtterance
from app.domain.message import message
from app.domain.score import Evidence, Score, ScorePart, not_scored
from app.domain.verdict import PointVerdict, Verdict
from app.english.grounding import normalised


def relevance(verdict: Verdict, answer: Sequence[AnswerUtterance]) -> Score:
    """Scores one verdict on `answer`.

    Evidence: a quote for every point shown, then the further quotes. Parts: the judge's own parts where it stated
    them, then one per key point (1 covered, ½ partly, 0 missed).
    """
    if verdict.relevance is None:
        return not_scored(verdict.not_scored or message("not_scored.not_judged"))
    if not 0 <= verdict.relevance <= 100:
        return not_scored(message("not_scored.out_of_range"))
    checked = verified(verdict, answer)
    claimed = _shown(verdict)
    kept = _shown(checked)
    if claimed and len(kept) * 2 < len(claimed):
        return not_scored(message("not_scored.not_your_words"))
    evidence = _evidence(checked, answer)
    if not evidence:
        return not_scored(message("not_scored.no_words"))
    return Score(verdict.relevance, None, evidence, (*checked.parts, *_point_parts(checked.points)))


def verified(verdict: Verdict, answer: Sequence[AnswerUtterance]) -> Verdict:
    """The verdict with only those quotes that occur in the answer.

    A point whose quote does not occur becomes missed and loses the quote; a quote found in another utterance than
    the one named is moved there. Case, punctuation and spacing do not matter.
    """
    points = []
    for point in verdict.points:
        if point.level == "missed":
            points.append(replace(point, quote="", utterance_id=""))
            continue
        place = find(point.quote, point.utterance_id, answer)
        points.append(
            replace(point, level="missed", quote="", utterance_id="")
            if place is None
            else replace(point, utterance_id=place[0].utterance_id)
        )
    quotes = []
    for utterance_id, quote in verdict.quotes:
        place = find(quote, utterance_id, answer)
        if place is not None:
            quotes.append((place[0].utterance_id, quote))
    return replace(verdict, points=tuple(points), quotes=tuple(dict.fromkeys(quotes)))


def find(quote: str, utterance_id: str, answer: Sequence[AnswerUtterance]) -> tuple[AnswerUtterance, ...] | None:
    """The utterances, in order, that `quote` stands in; None where it does not occur.

    The named utterance is tried first, then each other one, then quotes that run over an utterance's end.
    """
    wanted = normalised(quote)
    if not wanted:
        return None
    named_first = sorted(answer, key=lambda one: one.utterance_id != utterance_id)
    for one in named_first:
        if _within(wanted, normalised(one.text)):
            return (one,)
    for first in range(len(answer)):
        text = normalised(answer[first].text)
        for last in range(first + 1, len(answer)):
            text = f"{text} {normalised(answer[last].text)}".strip()
            if _within(wanted, text):
                # Each but the last alone did not hold it; the last start that still does is the right one.
                while first < last and _within(
                    wanted, normalised(" ".join(s.text for s in answer[first + 1 : last + 1]))
                ):
                    first += 1
                return tuple(answer[first : last + 1])
    return None


def _within(wanted: str, text: str) -> bool:
    return f" {wanted} " in f" {text} "


def _shown(verdict: Verdict) -> list[PointVerdict]:
    return [point for point in verdict.points if point.level != "missed"]


def _evidence(verdict: Verdict, answer: Sequence[AnswerUtterance]) -> tuple[Evidence, ...]:
    pairs = [(point.utterance_id, point.quote) for point in _shown(verdict)]
    evidence: list[Evidence] = []
    for utterance_id, quote in dict.fromkeys([*pairs, *verdict.quotes]):
        place = find(quote, utterance_id, answer)
        if place is None:
            continue
        evidence.append(
            Evidence(
                "quote", quote, utterance_id=place[0].utterance_id, start_ms=place[0].start_ms, end_ms=place[-1].end_ms
            )
        )
    return tuple(evidence)


def _point_parts(points: Sequence[PointVerdict]) -> tuple[ScorePart, ...]:
    worth = {"covered": 1.0, "partly": 0.5, "missed": 0.0}
    return tuple(
        ScorePart("point", worth[point.level], 1.0, message("judge.point", level=point.level), about=point.point)
        for point in points
    )
