"""The library as something to browse: which occupations and skills there are, and what is asked about each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.domain.question import KeyPoint, PlannedQuestion, QuestionForm, QuestionKind
from app.preparation.questions.key_points import key_points
from app.preparation.questions.library import LEVELS, Level
from app.preparation.questions.roles import group, group_keys
from app.preparation.questions.skills import skill, skill_keys

WHY_CHOSEN = "You wanted to be asked this."
STORY_POINTS = ("situation", "own_part", "result", "learning")


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


@cache
def _by_text() -> dict[str, PlannedQuestion]:
    found: dict[str, PlannedQuestion] = {}
    for key in group_keys():
        known = group(key)
        for one in known.competencies:
            topic = f"{key}/{one.key}"
            found[one.story.lower()] = _planned("project", one.story, "story", topic, key_points(STORY_POINTS))
            found[one.situation.lower()] = _planned("decision", one.situation, "situation", topic, one.situation_points)
            for text in one.knowledge.values():
                found[text.lower()] = _planned("skill", text, "knowledge", topic, one.knowledge_points)
    for key in skill_keys():
        for question in skill(key).questions:
            found[question.text.lower()] = _planned(
                "skill", question.text, "knowledge", f"skill:{key}", question.points
            )
    return found


def _planned(
    kind: QuestionKind, text: str, form: QuestionForm, topic: str, points: tuple[KeyPoint, ...]
) -> PlannedQuestion:
    return PlannedQuestion(kind, text, WHY_CHOSEN, "", points, form=form, topic=topic)


def banked(text: str) -> PlannedQuestion | None:
    """The bank's question of these very words, with its key points; None when it is none of the bank's."""
    return _by_text().get(text.lower())


def _by_name(shelf: Shelf) -> str:
    return shelf.name.lower()
