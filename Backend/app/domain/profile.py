"""What a resume tells of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a resume says the person did. `text` is the resume's own wording, one bullet or sentence."""

    text: str
    organisation: str = ""
    title: str = ""
    period: str = ""
    numbers: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One job, study or project. `start` and `end` as `YYYY-MM`, `YYYY` or empty; `end` may be `present`."""

    title: str
    organisation: str = ""
    start: str = ""
    end: str = ""
    kind: Literal["job", "education", "project", "volunteering"] = "job"


@dataclass(frozen=True, slots=True)
class ProfileWarning:
    """Something the person should know about how well we understood; `message` says what to do."""

    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What was understood of a resume; the person corrects it. `language` is an ISO 639-1 code or ``und``."""

    headline: str = ""
    skills: tuple[str, ...] = ()
    experience: tuple[Position, ...] = ()
    claims: tuple[Claim, ...] = ()
    years_of_experience: float | None = None
    language: str = "en"
    looks_like_resume: bool = True
