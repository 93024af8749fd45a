"""The role library and the skill bank are data; this is what keeps them whole and sayable."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.domain.question import KeyPoint
from app.preparation.questions.fields import FIELD_NAMES
from app.preparation.questions.library import LEVELS
from app.preparation.questions.roles import GENERAL, group, group_key_of, group_keys, role_group, title_words
from app.preparation.questions.skills import SKILL_QUESTION_KINDS, skill, skill_keys, skill_of

_UNSAYABLE = re.compile(r"[(){}\[\]<>/\\_*]|--| - |–|—|\betc\b|\be\.g|\bi\.e|  ")
_MOST_WORDS = 40


def _faults(text: str, *, question: bool = True) -> list[str]:
    faults = []
    if question and not text.endswith(("?", ".")):
        faults.append("no end of sentence")
    if question and text.count("?") > 2:
        faults.append("more than two questions")
    if found := _UNSAYABLE.search(text):
        faults.append(f"cannot be said: {found.group(0)!r}")
    if len(text.split()) > _MOST_WORDS:
        faults.append(f"{len(text.split())} words")
    if not text[:1].isupper():
        faults.append("no capital at the start")
    return [f"{fault}: {text}" for fault in faults]


def _point_faults(points: tuple[KeyPoint, ...]) -> list[str]:
    faults = []
    for point in points:
        if not 2 <= len(point.text.split()) <= 14:
            faults.append(f"a point of {len(point.text.split())} words: {point.text}")
        if not point.follow_up.endswith("?"):
            faults.append(f"no question: {point.follow_up}")
        for example in point.examples:
            faults += _faults(example, question=False)
            if not 3 <= len(example.split()) <= 40:
                faults.append(f"an example of {len(example.split())} words: {example}")
    if len({point.text for point in points}) != len(points):
        faults.append(f"a point twice: {points[0].text}")
    return faults


@pytest.mark.parametrize("key", group_keys())
def test_a_role_group_asks_what_can_be_said_aloud(key: str) -> None:
    known = group(key)
    faults: list[str] = []
    if not re.fullmatch(r"\d{3,4}", known.isco):
        faults.append(f"no ISCO-08 code: {known.isco}")
    if len(known.titles) < 5 and key != GENERAL:
        faults.append(f"{len(known.titles)} titles")
    if strange := set(known.fields) - {*FIELD_NAMES, "any"}:
        faults.append(f"unknown fields {strange}")
    if not re.match(r"\w+ing\b", known.work):
        faults.append(f"no -ing phrase: {known.work}")
    if not 6 <= len(known.competencies) <= 10:
        faults.append(f"{len(known.competencies)} competencies")
    if len({c.key for c in known.competencies}) != len(known.competencies):
        faults.append("a competency twice")
    for one in known.competencies:
        questions = (one.story, one.situation, *(one.knowledge[level] for level in LEVELS))
        for text in questions:
            faults += _faults(text)
        if not one.situation.endswith("?") or not all(one.knowledge[level].endswith((".", "?")) for level in LEVELS):
            faults.append(f"{one.key}: no question")
        faults += _faults(one.what, question=False) + _faults(one.wrong, question=False)
        faults += _point_faults(one.situation_points) + _point_faults(one.knowledge_points)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("key", skill_keys())
def test_a_skill_is_asked_at_every_level_and_in_every_way(key: str) -> None:
    known = skill(key)
    faults: list[str] = []
    if not known.fields or set(known.fields) - {*FIELD_NAMES, "any"}:
        faults.append(f"fields {known.fields}")
    levels = Counter(question.level for question in known.questions)
    if any(levels[level] < 2 for level in LEVELS):
        faults.append(f"levels {dict(levels)}")
    if missing := set(SKILL_QUESTION_KINDS) - {question.kind for question in known.questions}:
        faults.append(f"never asks to {sorted(missing)}")
    for question in known.questions:
        faults += _faults(question.text) + _point_faults(question.points) + _faults(question.wrong, question=False)
    assert not faults, "\n".join(faults)


def test_no_question_of_the_library_stands_twice() -> None:
    texts = [
        text
        for key in group_keys()
        for one in group(key).competencies
        for text in (one.story, one.situation, *one.knowledge.values())
    ]
    texts += [question.text for key in skill_keys() for question in skill(key).questions]
    assert [text for text, count in Counter(texts).items() if count > 1] == []


@pytest.mark.parametrize("key", group_keys())
def test_a_group_is_found_by_each_of_its_titles_with_what_people_write_around_them(key: str) -> None:
    known = group(key)
    for title in (known.label, *known.titles):
        assert group_key_of(title) == key, title
        assert group_key_of(f"Senior {title.title()}") == group_key_of(f"senior {title}"), title


@pytest.mark.parametrize("key", skill_keys())
def test_a_skill_is_found_by_each_of_its_titles(key: str) -> None:
    known = skill(key)
    for title in (known.name, *known.titles):
        found = skill_of(title.upper())
        assert found is not None and found.key == key, title


def test_a_role_nobody_wrote_about_is_asked_about_work_in_general() -> None:
    assert role_group("Keeper of the royal swans").key == GENERAL
    assert role_group("").key == GENERAL
    assert title_words("Staff Nurses") == title_words("staff nurse")


def test_an_entry_that_cannot_be_read_is_named() -> None:
    from app.preparation.questions.library import head_of, parts_of

    with pytest.raises(ValueError, match=r"a\.roles: the head line needs 3 fields"):
        head_of("nurse | nurse\n", "a.roles", 3)
    with pytest.raises(ValueError, match=r"a\.roles/nurse: cannot read the line"):
        parts_of("nurse | nurse | 2221\nwhat is this\n", "a.roles")
    with pytest.raises(ValueError, match="needs '->'"):
        parts_of("nurse | nurse | 2221\n* Helps\n", "a.roles")
    with pytest.raises(ValueError, match="stands twice"):
        parts_of("nurse | nurse | 2221\nwork: a\nwork: b\n", "a.roles")
