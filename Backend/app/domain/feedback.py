"""The sheet of facts that feedback is written from, and the words that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.author import Author
from app.domain.message import Message
from app.domain.profile import Claim
from app.domain.question import KeyPoint, QuestionKind
from app.domain.score import CONFIDENCE, RELEVANCE, ScoreKind


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One answered (or skipped) question as a sheet of facts for the feedback's words."""

    question_id: str
    question: str
    kind: QuestionKind
    grounding: str
    answer: str
    scores: Mapping[ScoreKind, int | None]
    covered: tuple[tuple[str, str], ...]
    """(point, quote) pairs."""
    missed: tuple[KeyPoint, ...]
    measurements: tuple[tuple[str, float], ...]
    """(name, value) pairs, names as in assessment.delivery."""
    claims: tuple[Claim, ...] = ()

    @property
    def relevance(self) -> int | None:
        return self.scores.get(RELEVANCE)

    @property
    def confidence(self) -> int | None:
        return self.scores.get(CONFIDENCE)


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """What the results page says of one question.

    `missed` holds the words of key points. `better_answer` is told sentence by sentence and uses only the person's own
    facts.
    """

    question_id: str
    went_well: tuple[Message, ...] = ()
    covered: tuple[Message, ...] = ()
    missed: tuple[str, ...] = ()
    better_answer: tuple[Message, ...] = ()
    suggestions: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """The overall words; `summary` sentence by sentence. The other lists hold 1-3 entries, each names its evidence."""

    summary: tuple[Message, ...]
    strengths: tuple[Message, ...]
    suggestions: tuple[Message, ...]
    questions: tuple[QuestionFeedback, ...]
    author: Author | None = None
    """None: the model that was asked."""
