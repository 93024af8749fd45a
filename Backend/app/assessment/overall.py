"""The overall score of an interview, and how it is made.

1. A question's Relevance and Confidence: the answer counts two parts, each follow-up's answer one part, of those that
   were scored. A follow-up refines its question; it is no sixth question.
2. The interview's Relevance and Confidence: the plain mean over the questions that have one.
3. Overall: Relevance counts 70 %, Confidence 30 %, since what was said can be held against the question, while nobody's
   data validates confidence. Without a Confidence, overall is Relevance; without a Relevance, there is no overall.
What was skipped, silent or too short is not scored: it is left out and named, never counted as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import fsum
from typing import Any

from app.assessment.score import Score

RELEVANCE_WEIGHT = 0.7
CONFIDENCE_WEIGHT = 0.3
ANSWER_PARTS = 2
FOLLOW_UP_PARTS = 1


@dataclass(frozen=True, slots=True)
class ResponseScores:
    """One response's scores; `position` of its question from 0."""

    question_id: str
    position: int
    is_follow_up: bool
    skipped: bool
    relevance: Score
    confidence: Score


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """A question's scores out of its responses; None with the reason where there is none."""

    question_id: str
    position: int
    relevance: int | None
    confidence: int | None
    relevance_reason: str
    confidence_reason: str
    responses_counted: int


@dataclass(frozen=True, slots=True)
class Overall:
    """`value` None with `reason`; otherwise `how` says in plain sentences how it is made."""

    value: int | None
    relevance: int | None
    confidence: int | None
    reason: str
    how: tuple[str, ...]
    questions: tuple[QuestionScore, ...]
    relevance_weight: float = RELEVANCE_WEIGHT
    confidence_weight: float = CONFIDENCE_WEIGHT


def overall(responses: Sequence[ResponseScores], *, planned: int | None = None) -> Overall:
    """Scores an interview. The order of `responses` does not matter.

    Args:
        responses: every response, skipped ones included; of several attempts at one place only the one that counts.
        planned: how many questions the interview had, for those never reached.
    """
    exact = _by_question(responses)
    relevance = _mean([one.relevance for one in exact])
    confidence = _mean([one.confidence for one in exact])
    questions = tuple(
        QuestionScore(
            one.question_id,
            one.position,
            _whole(one.relevance),
            _whole(one.confidence),
            one.relevance_reason,
            one.confidence_reason,
            one.counted,
        )
        for one in exact
    )
    if relevance is None:
        reasons = list(dict.fromkeys(one.relevance_reason for one in questions if one.relevance_reason))
        reason = "No answer could be scored."
        if len(reasons) == 1:
            reason = f"No answer could be scored: {reasons[0]}"
        return Overall(None, None, _whole(confidence), reason, (), questions)
    value = relevance if confidence is None else RELEVANCE_WEIGHT * relevance + CONFIDENCE_WEIGHT * confidence
    return Overall(
        _whole(value),
        _whole(relevance),
        _whole(confidence),
        "",
        _how(questions, _whole(relevance), _whole(confidence), planned),
        questions,
    )


def to_json(result: Overall) -> dict[str, Any]:
    """Plain dicts, lists, strings and numbers, as stored in `Feedback.overall`."""
    return {**asdict(result), "how": list(result.how), "questions": [asdict(one) for one in result.questions]}


@dataclass(frozen=True, slots=True)
class _Exact:
    question_id: str
    position: int
    relevance: float | None
    confidence: float | None
    relevance_reason: str
    confidence_reason: str
    counted: int


def _by_question(responses: Sequence[ResponseScores]) -> list[_Exact]:
    grouped: dict[str, list[ResponseScores]] = {}
    for one in sorted(responses, key=lambda one: (one.position, one.question_id, one.is_follow_up)):
        grouped.setdefault(one.question_id, []).append(one)
    result = []
    for question_id, own in grouped.items():
        relevance = _weighted([(one, one.relevance) for one in own])
        confidence = _weighted([(one, one.confidence) for one in own])
        counted = sum(1 for one in own if not one.skipped and one.relevance.scored)
        result.append(
            _Exact(
                question_id,
                own[0].position,
                relevance,
                confidence,
                "" if relevance is not None else _why_not(own, [one.relevance for one in own]),
                "" if confidence is not None else _why_not(own, [one.confidence for one in own]),
                counted,
            )
        )
    return result


def _weighted(scores: Sequence[tuple[ResponseScores, Score]]) -> float | None:
    total = parts = 0
    for response, score in scores:
        if score.value is None or response.skipped:
            continue
        weight = FOLLOW_UP_PARTS if response.is_follow_up else ANSWER_PARTS
        total += weight * score.value
        parts += weight
    return total / parts if parts else None


def _why_not(own: Sequence[ResponseScores], scores: Sequence[Score]) -> str:
    if own[0].skipped:
        return "You skipped this question."
    return next((score.reason for score in scores if score.reason), "Not scored.")


def _how(
    questions: Sequence[QuestionScore], relevance: int | None, confidence: int | None, planned: int | None
) -> tuple[str, ...]:
    scored = [one for one in questions if one.relevance is not None]
    total = max(planned or 0, len(questions))
    how = [f"Relevance {relevance} is the mean of {_n(len(scored), 'question')} of {total}."]
    if confidence is None:
        how.append("Confidence could not be scored, so the overall score is Relevance alone.")
    else:
        voiced = sum(1 for one in questions if one.confidence is not None)
        how.append(f"Confidence {confidence} is the mean of {_n(voiced, 'question')} of {total}.")
        how.append("Overall = 70 % Relevance + 30 % Confidence.")
    if any(one.responses_counted > 1 for one in questions):
        how.append("Within a question the answer counts twice as much as the answer to its follow-up.")
    for one in questions:
        if one.relevance is None:
            how.append(f"Question {one.position + 1} is left out: {one.relevance_reason}")
    missing = total - len(questions)
    if missing > 0:
        were, are = ("was", "is") if missing == 1 else ("were", "are")
        how.append(f"{_n(missing, 'question')} {were} not reached and {are} left out.")
    return tuple(how)


def _mean(values: Sequence[float | None]) -> float | None:
    present = [value for value in values if value is not None]
    # fsum: the order of the questions must not move the last digit.
    return fsum(present) / len(present) if present else None


def _whole(value: float | None) -> int | None:
    # Halves go up: round() would send 66.5 to 66 and 67.5 to 68.
    return None if value is None else int(value + 0.5)


def _n(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
