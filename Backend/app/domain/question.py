"""What an interview is prepared from, and the questions planned for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.author import Author
from app.domain.profile import ProfileDraft

Seniority = Literal["student", "junior", "mid", "senior", "lead"]


QuestionKind = Literal["project", "decision", "conflict", "gap", "skill", "motivation"]
QuestionForm = Literal["opener", "knowledge", "story", "situation", "closing"]
"""The place a question has in an interview: the way here, what one knows, what one did, what one would do, the end."""
InterviewKind = Literal["mixed", "behavioural", "technical", "screening", "case"]
InterviewLength = Literal[3, 5, 8]
"""How many questions; about 10, 20 and 40 minutes."""


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question of an earlier interview of this person. `weak`: its answer scored low, so its topic may come again."""

    text: str
    topic: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """What an interview is prepared from. All text is the person's own and is data."""

    role: str
    seniority: Seniority
    skills: tuple[str, ...]
    job_description: str
    profile: ProfileDraft
    seed: int = 0
    kind: InterviewKind = "mixed"
    competencies: tuple[str, ...] = ()
    """What the work of the role is made of, as noun phrases."""
    asked_before: tuple[AskedBefore, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One thing a good answer shows. `examples` are short utterances that would count as showing it."""

    text: str
    examples: tuple[str, ...] = ()
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question for this person.

    `grounding` is the exact wording in resume, skills, job description or role that it names; `why` is one
    sentence to the candidate; `key_points` has 3-5 entries.
    """

    kind: QuestionKind
    text: str
    why: str
    grounding: str
    key_points: tuple[KeyPoint, ...]
    author: Author | None = None
    """None: the model that was asked."""
    form: QuestionForm | None = None
    """None: asked before questions had one, or by a person."""
    topic: str = ""
    """What it is about, the same for every wording of it ("staff-nurse/handover"); empty when nobody said."""
