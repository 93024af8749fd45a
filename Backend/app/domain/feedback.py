"""The sheet of facts that feedback is written from, and the words that come of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.author import Author
from app.domain.profile import Claim
from app.domain.question import KeyPoint, QuestionKind


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One answered (or skipped) question as a sheet of facts for the feedback's words."""

    question_id: str
    question: str
    kind: QuestionKind
    grounding: str
    answer: str
    relevance: int | None
    confidence: int | None
    covered: tuple[tuple[str, str], ...]
    """(point, quote) pairs."""
    missed: tuple[KeyPoint, ...]
    measurements: tuple[tuple[str, float], ...]
    """(name, value) pairs, names as in assessment.delivery."""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """What the results page says of one question. `better_answer` uses only the person's own facts."""

    question_id: str
    went_well: tuple[str, ...]
    covered: tuple[str, ...]
    missed: tuple[str, ...]
    better_answer: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """The overall words. Lists hold 1-3 entries; each names its evidence."""

    summary: str
    strengths: tuple[str, ...]
    suggestions: tuple[str, ...]
    questions: tuple[QuestionFeedback, ...]
    author: Author | None = None
    """None: the model that was asked."""
