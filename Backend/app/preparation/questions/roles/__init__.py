"""The role library: what the work of an occupation is made of, and what a strict interviewer of it would ask.

One file per family, our own writing, keyed to ISCO-08. A group is found by what people call it; its competencies are
read only when it is asked for. `app.preparation.questions.library` reads the form:

    == key | label | ISCO-08 code
    titles: other names; abbreviations
    fields: fields of work, best first
    work: an -ing phrase that fits "Your work would be …"
    -- key | noun phrase
    what: …   story: …?   situation: …?    (three points of the situation)
    junior: …?   mid: …?   senior: …?      (three points that a right answer to any of them holds)
    wrong: the misconception
"""

# A word list reads best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.question import KeyPoint
from app.preparation.questions.library import LEVELS, Level, Part, blocks, head_of, names_of, parts_of

GENERAL = "general"
_WORD = re.compile(r"[a-z0-9+#&.]+")
_LONGEST_TITLE = 6
_NEUTRAL = frozenset(
    "a an the of in at for with and to as i ii iii iv 1 2 3 sr jr senior junior lead head chief principal staff trainee intern apprentice "
    "associate fresher graduate student experienced certified qualified registered full time part job role position".split()
)


@dataclass(frozen=True, slots=True)
class Competency:
    """One thing the work asks for. `situation_points` go with the situation, `knowledge_points` with any level's."""

    key: str
    name: str
    what: str
    story: str
    situation: str
    situation_points: tuple[KeyPoint, ...]
    knowledge: dict[Level, str]
    knowledge_points: tuple[KeyPoint, ...]
    wrong: str


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """An occupation. `label` fits "the work of a …", `work` fits "Your work would be …"."""

    key: str
    label: str
    isco: str
    titles: tuple[str, ...]
    fields: tuple[str, ...]
    work: str
    competencies: tuple[Competency, ...]


@cache
def _texts() -> dict[str, tuple[str, str]]:
    """Key of each group: file and text, unread beyond its head."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.roles")):
        for block in blocks(path.read_text("utf-8")):
            key = head_of(block, path.name, 3)[0]
            if key in found:
                raise ValueError(f"{path.name}: the key {key} stands twice")
            found[key] = (path.name, block)
    return found


def group_keys() -> tuple[str, ...]:
    """Every group's key, in the order of the files."""
    return tuple(_texts())


@cache
def group(key: str) -> RoleGroup:
    """The group of that key, read whole. Raises KeyError for an unknown key and ValueError for a malformed entry."""
    file, block = _texts()[key]
    own, *rest = parts_of(block, file)
    label, isco = own.head[1:3]
    return RoleGroup(
        key=key,
        label=label,
        isco=isco,
        titles=names_of(own.value("titles")),
        fields=tuple(own.value("fields").split()),
        work=own.value("work"),
        competencies=tuple(_competency(part) for part in rest),
    )


def _competency(part: Part) -> Competency:
    if len(part.head) != 2 or not all(part.head):
        raise ValueError(f"{part.where}: the head needs a key and a noun phrase")
    if len(part.points) != 2 or any(len(points) != 3 for points in part.points):
        raise ValueError(f"{part.where}: needs three points of the situation and three of the knowledge")
    return Competency(
        key=part.head[0],
        name=part.head[1],
        what=part.value("what"),
        story=part.value("story"),
        situation=part.value("situation"),
        situation_points=part.points[0],
        knowledge={level: part.value(level) for level in LEVELS},
        knowledge_points=part.points[1],
        wrong=part.value("wrong"),
    )


@cache
def _titles() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for key, (file, block) in _texts().items():
        listed = re.search(r"^titles: (.+)$", block, re.MULTILINE)
        if listed is None:
            raise ValueError(f"{file}/{key}: 'titles:' is missing")
        for title in (head_of(block, file, 3)[1], *names_of(listed[1])):
            words = title_words(title)
            if found.setdefault(words, key) != key:
                raise ValueError(f"{file}/{key}: the title '{title}' belongs to {found[words]} too")
    return found


def title_words(text: str) -> tuple[str, ...]:
    """A title as it is compared: lower-case words, a plural's s dropped from the last."""
    words = [word.strip(".") for word in _WORD.findall(text.lower())]
    words = [word for word in words if word]
    if words and len(words[-1]) > 4 and words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is")):
        words[-1] = words[-1][:-1]
    return tuple(words)


def group_key_of(role: str) -> str:
    """The key of the group a typed role belongs to, the longest title in it deciding; empty when none is in it.

    Of two titles of equal length the later one wins, since English puts what a thing is at its end ("sales engineer").
    """
    titles = _titles()
    words = title_words(role[:200])
    best, size = "", 0
    for start in range(len(words)):
        for length in range(min(_LONGEST_TITLE, len(words) - start), 0, -1):
            key = titles.get(words[start : start + length]) or titles.get(
                title_words(" ".join(words[start : start + length]))
            )
            if key and length >= size and (length > 1 or _goes_with(key, words[:start] + words[start + 1 :])):
                best, size = key, length
                break
    return best


def _goes_with(key: str, others: tuple[str, ...]) -> bool:
    """Whether the words around a title of one word leave it what it is: a veterinary nurse is no ward nurse."""
    text = _texts()[key][1].lower()
    return all(word in _NEUTRAL or re.search(rf"\b{re.escape(word)}", text) for word in others)


def role_group(role: str) -> RoleGroup:
    """The group of a typed role, or the general one that speaks of work of any kind."""
    return group(group_key_of(role) or GENERAL)
