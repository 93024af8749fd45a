"""The library as something to browse: which occupations and skills there are, and what is asked about each."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.question import QuestionForm
from app.preparation.questions.library import LEVELS, Level
from app.preparation.questions.roles import group, group_keys
from app.preparation.questions.skills import skill, skill_keys


@dataclass(frozen=True, slots=True)
class Shelf:
    """`key` finds it again, `name` is what a person reads."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class BankedQuestion:
    text: str
    form: QuestionForm
    level: Level | None
    about: str


def role_shelves() -> tuple[Shelf, ...]:
    return tuple(sorted((Shelf(key, group(key).label) for key in group_keys()), key=_by_name))


def skill_shelves() -> tuple[Shelf, ...]:
    return tuple(sorted((Shelf(key, skill(key).name) for key in skill_keys()), key=_by_name))


def questions_for_role(key: str) -> tuple[str, tuple[BankedQuestion, ...]]:
    """Its name and questions. Raises KeyError for an unknown key."""
    known = group(key)
    return known.label, tuple(
        question
        for one in known.competencies
        for question in (
            BankedQuestion(one.story, "story", None, one.name),
            BankedQuestion(one.situation, "situation", None, one.name),
            *(BankedQuestion(one.knowledge[level], "knowledge", level, one.name) for level in LEVELS),
        )
    )


def questions_for_skill(key: str) -> tuple[str, tuple[BankedQuestion, ...]]:
    """Its name and questions. Raises KeyError for an unknown key."""
    known = skill(key)
    return known.name, tuple(BankedQuestion(q.text, "knowledge", q.level, known.name) for q in known.questions)


def _by_name(shelf: Shelf) -> str:
    return shelf.name.lower()
