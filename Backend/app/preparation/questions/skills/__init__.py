"""The technical bank: what it means to know a skill, at three levels.

One file per family, our own writing, read by `app.preparation.questions.library`:

    == key | name as said aloud
    titles: other spellings; products the same questions fit
    fields: fields of work whose interviews may ask about it
    -- explain junior: a question?                          (kinds: explain, compare, debug, design)
    * What a right answer holds -> a follow-up              (three)
    wrong: the misconception
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from app.domain.question import KeyPoint
from app.preparation.questions.library import LEVELS, Level, Part, blocks, head_of, names_of, parts_of
from app.preparation.questions.roles import title_words

SkillQuestionKind = Literal["explain", "compare", "debug", "design"]
SKILL_QUESTION_KINDS: tuple[SkillQuestionKind, ...] = get_args(SkillQuestionKind)
_HEAD = re.compile(r"(\w+) (\w+): (.+)")


@dataclass(frozen=True, slots=True)
class SkillQuestion:
    kind: SkillQuestionKind
    level: Level
    text: str
    points: tuple[KeyPoint, ...]
    wrong: str


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill and its questions. `name` as it is said aloud; `titles` are other spellings of the same thing."""

    key: str
    name: str
    titles: tuple[str, ...]
    fields: tuple[str, ...]
    questions: tuple[SkillQuestion, ...]


@cache
def _texts() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.skills")):
        for block in blocks(path.read_text("utf-8")):
            key = head_of(block, path.name, 2)[0]
            if key in found:
                raise ValueError(f"{path.name}: the key {key} stands twice")
            found[key] = (path.name, block)
    return found


def skill_keys() -> tuple[str, ...]:
    """Every skill's key, in the order of the files."""
    return tuple(_texts())


@cache
def skill(key: str) -> Skill:
    """The skill of that key. Raises KeyError for an unknown key and ValueError for a malformed entry."""
    file, block = _texts()[key]
    own, *rest = parts_of(block, file)
    return Skill(
        key=key,
        name=own.head[1],
        titles=names_of(own.value("titles")),
        fields=tuple(own.value("fields").split()),
        questions=tuple(_question(part) for part in rest),
    )


def _question(part: Part) -> SkillQuestion:
    matched = _HEAD.fullmatch(part.head[0])
    kind = next((k for k in SKILL_QUESTION_KINDS if matched and k == matched[1]), None)
    level = next((name for name in LEVELS if matched and name == matched[2]), None)
    if matched is None or kind is None or level is None:
        raise ValueError(f"{part.where}: the head needs a kind, a level and a question")
    if len(part.points) != 1 or len(part.points[0]) != 3:
        raise ValueError(f"{part.where}: needs three points")
    return SkillQuestion(kind, level, matched[3], part.points[0], part.value("wrong"))


@cache
def _titles() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for key in _texts():
        known = skill(key)
        for title in (known.name, *known.titles):
            words = title_words(title)
            if found.setdefault(words, key) != key:
                raise ValueError(f"the skill name '{title}' belongs to {found[words]} and {key}")
    return found


def skill_of(text: str) -> Skill | None:
    """The skill a listed item names, whole: "Advanced Excel" only where that is a title of it."""
    key = _titles().get(title_words(text[:80]))
    return skill(key) if key else None
