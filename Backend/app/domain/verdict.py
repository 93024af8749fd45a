"""A judgement of one answer's content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.author import Author
from app.domain.message import Message
from app.domain.score import ScorePart


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """Whether one key point was shown; `quote` must occur in the answer, else it is dropped by assessment."""

    point: str
    level: Literal["covered", "partly", "missed"]
    quote: str = ""
    utterance_id: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases of the answer, copied, that weaken what is said (`hedges`) or state an act or a conviction (`firm`).

    Assessment counts only those that occur in the answer, beside the words it counts by itself.
    """

    hedges: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement of content. `relevance` 0-100, or None with the reason in `not_scored`.

    `on_topic` 0-1. `quotes` are (utterance_id, quote) pairs the relevance rests on, in addition to the points'; an
    empty utterance_id leaves finding the place to assessment. `parts`: how the relevance was summed up, `notes`: what
    was said of it besides. `author` None: the model that was asked.
    """

    relevance: int | None
    on_topic: float
    points: tuple[PointVerdict, ...]
    not_scored: Message | None = None
    quotes: tuple[tuple[str, str], ...] = ()
    parts: tuple[ScorePart, ...] = ()
    notes: tuple[Message, ...] = ()
    wording: Wording = Wording()
    author: Author | None = None
