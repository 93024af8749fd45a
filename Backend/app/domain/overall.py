"""The overall score of an interview and its questions', as made by `assessment.overall`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.message import Message
from app.domain.score import ScoreKind


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """A question's scores out of its responses; a kind that has none has a reason instead."""

    question_id: str
    position: int
    scores: Mapping[ScoreKind, int | None]
    reasons: Mapping[ScoreKind, Message]
    responses_counted: int


@dataclass(frozen=True, slots=True)
class OverallScore:
    """`value` None with `reason`; otherwise `how` says how it is made."""

    value: int | None
    scores: Mapping[ScoreKind, int | None]
    reason: Message | None
    how: tuple[Message, ...]
    questions: tuple[QuestionScore, ...]
