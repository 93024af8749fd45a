"""The overall score of an interview, and how it is made.

1. A question's score of each kind: the answer counts two parts, each follow-up's answer one part, of those that were
   scored. A follow-up refines its question; it is no sixth question.
2. The interview's score of each kind: the plain mean over the questions that have one.
3. Overall: each kind by its weight (`score_kinds`). Relevance counts 70 %, Confidence 30 %, since what was said can be
   held against the question, while nobody's data validates confidence. A kind that could not be scored is left out;
   without a needed one (Relevance), there is no overall.
What was skipped, silent or too short is not scored: it is left out and named, never counted as 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from app.assessment.score_kinds import SCORE_KINDS, combined
from app.domain.message import Message, message
from app.domain.overall import OverallScore, QuestionScore
from app.domain.score import Score, ScoreKind, Scores

ANSWER_PARTS = 2
FOLLOW_UP_PARTS = 1


@dataclass(frozen=True, slots=True)
class ResponseScores:
    """One response's scores; `position` of its question from 0."""

    question_id: str
    position: int
    is_follow_up: bool
    skipped: bool
    scores: Scores


def overall(responses: Sequence[ResponseScores], *, planned: int | None = None) -> OverallScore:
    """Scores an interview. The order of `responses` does not matter.

    Args:
        responses: every response, skipped ones included; of several attempts at one place only the one that counts.
        planned: how many questions the interview had, for those never reached.
    """
    # A kind that has come since these answers were assessed is no score that they lack.
    kinds = [key for key in SCORE_KINDS if not responses or any(key in one.scores for one in responses)]
    exact = _by_question(responses, kinds)
    means = {key: _mean([one.scores[key] for one in exact]) for key in kinds}
    questions = tuple(
        QuestionScore(
            one.question_id,
            one.position,
            {key: _whole(value) for key, value in one.scores.items()},
            one.reasons,
            one.counted,
        )
        for one in exact
    )
    scores = {key: _whole(value) for key, value in means.items()}
    value = combined(means)
    if value is None:
        return OverallScore(None, scores, _why_none(questions), (), questions)
    return OverallScore(_whole(value), scores, None, _how(questions, scores, planned), questions)


def value_of(one: QuestionScore) -> int | None:
    """One number out of all kinds, as the whole interview's is made."""
    return _whole(combined(one.scores))


def reason_of(one: QuestionScore) -> Message | None:
    """Why a kind was not scored; a needed one's reason before the others'. None where all were."""
    reasons = [one.reasons[key] for key in sorted(SCORE_KINDS, key=_needed_first) if key in one.reasons]
    return reasons[0] if reasons else None


@dataclass(frozen=True, slots=True)
class _Exact:
    question_id: str
    position: int
    scores: Mapping[ScoreKind, float | None]
    reasons: Mapping[ScoreKind, Message]
    counted: int


def _by_question(responses: Sequence[ResponseScores], kinds: Sequence[ScoreKind]) -> list[_Exact]:
    grouped: dict[str, list[ResponseScores]] = {}
    for one in sorted(responses, key=lambda one: (one.position, one.question_id, one.is_follow_up)):
        grouped.setdefault(one.question_id, []).append(one)
    result = []
    for question_id, own in grouped.items():
        scores = {key: _weighted([(one, one.scores.get(key)) for one in own]) for key in kinds}
        reasons = {key: _why_not(own, key) for key, value in scores.items() if value is None}
        counted = sum(1 for one in own if not one.skipped and _all_needed(one.scores))
        result.append(_Exact(question_id, own[0].position, scores, reasons, counted))
    return result


def _all_needed(scores: Scores) -> bool:
    return all(key in scores and scores[key].scored for key, kind in SCORE_KINDS.items() if kind.needed)


def _weighted(scores: Sequence[tuple[ResponseScores, Score | None]]) -> float | None:
    total = parts = 0
    for response, score in scores:
        if score is None or score.value is None or response.skipped:
            continue
        weight = FOLLOW_UP_PARTS if response.is_follow_up else ANSWER_PARTS
        total += weight * score.value
        parts += weight
    return total / parts if parts else None


def _why_not(own: Sequence[ResponseScores], key: ScoreKind) -> Message:
    if own[0].skipped:
        return message("not_scored.skipped")
    reasons = (score.reason for one in own if (score := one.scores.get(key)) is not None and score.reason is not None)
    return next(reasons, message("not_scored.unknown"))


def _needed_first(key: ScoreKind) -> bool:
    return not SCORE_KINDS[key].needed


def _why_none(questions: Sequence[QuestionScore]) -> Message:
    reasons = {reason for one in questions if value_of(one) is None and (reason := reason_of(one)) is not None}
    if len(reasons) == 1:
        return message("not_scored.nothing_because", reason=reasons.pop())
    return message("not_scored.nothing")


def _how(
    questions: Sequence[QuestionScore], scores: Mapping[ScoreKind, int | None], planned: int | None
) -> tuple[Message, ...]:
    total = max(planned or 0, len(questions))
    scored = [key for key, value in scores.items() if value is not None]
    how = []
    for key, value in scores.items():
        label = SCORE_KINDS[key].label
        if value is not None:
            count = sum(1 for one in questions if one.scores[key] is not None)
            how.append(message("overall.mean", score=label, value=value, count=count, total=total))
        elif len(scored) == 1:
            how.append(message("overall.alone", missing=label, score=SCORE_KINDS[scored[0]].label))
        else:
            how.append(message("overall.without", missing=label))
    if len(scored) > 1:
        how.append(message("overall.sum", shares=_shares(scored)))
    if any(one.responses_counted > 1 for one in questions):
        how.append(message("overall.follow_ups"))
    for one in questions:
        if value_of(one) is None and (reason := reason_of(one)) is not None:
            how.append(message("overall.left_out", number=one.position + 1, reason=reason))
    missing = total - len(questions)
    if missing > 0:
        how.append(message("overall.not_reached", count=missing))
    return tuple(how)


def _shares(keys: Sequence[ScoreKind]) -> tuple[Message, ...]:
    kinds = [SCORE_KINDS[key] for key in keys]
    whole = sum(kind.weight for kind in kinds)
    return tuple(message("overall.share", percent=round(100 * kind.weight / whole), score=kind.label) for kind in kinds)


def _mean(values: Sequence[float | None]) -> float | None:
    present = [value for value in values if value is not None]
    # fsum: the order of the questions must not move the last digit.
    return fsum(present) / len(present) if present else None


def _whole(value: float | None) -> int | None:
    # Halves go up: round() would send 66.5 to 66 and 67.5 to 68.
    return None if value is None else int(value + 0.5)
