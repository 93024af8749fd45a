"""A question and what was answered to it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.profile import Claim
from app.domain.question import KeyPoint, QuestionKind


@dataclass(frozen=True, slots=True)
class AnswerUtterance:
    """One stretch of the candidate's speech within an answer, in order. Times in ms on the interview clock."""

    utterance_id: str
    text: str
    start_ms: int
    end_ms: int
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question (or follow-up) and what was answered, with what a good answer would show."""

    role: str
    question: str
    kind: QuestionKind
    grounding: str
    key_points: tuple[KeyPoint, ...]
    answer: tuple[AnswerUtterance, ...]
    is_follow_up: bool = False
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpIdea:
    """One further question. `reason` is one sentence for the record: what was missing or unclear."""

    text: str
    reason: str
    missing_point: str = ""
