"""Which question covers which requirement of the advert, and which requirement none covers."""

# A word list reads best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.question import PlannedQuestion
from app.english.grammar import words_of
from app.preparation.questions.person import STOP
from app.preparation.questions.requirements import needs_of

_ENOUGH = 0.5
"""Share of a requirement's telling words that a question must hold. Half, so that one of two names is enough."""
_EMPTY = frozenset(
    "or in of to an is as at by on be if it no do knowledge ability skills skill good strong excellent basic least must "
    "should degree field related similar plus other various".split()
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of the advert; `covered_by` are places of questions, from 0. Empty: nobody asks about it yet."""

    text: str
    covered_by: tuple[int, ...]


def coverage(job_description: str, questions: Sequence[PlannedQuestion]) -> tuple[Requirement, ...]:
    """Every requirement of the advert in its order, with the questions that ask about it."""
    held = [stems_of(f"{one.text} {one.grounding} {one.topic}") for one in questions]
    return tuple(
        Requirement(need, tuple(place for place, stems in enumerate(held) if _covers(need, questions[place], stems)))
        for need in needs_of(job_description)
    )


def _covers(need: str, question: PlannedQuestion, stems: frozenset[str]) -> bool:
    if question.grounding.lower() == need.lower():
        return True
    wanted = stems_of(need)
    return bool(wanted) and len(wanted & stems) >= _ENOUGH * len(wanted)


def stems_of(text: str) -> frozenset[str]:
    """Telling words without the endings that singular and plural, or verb and noun, differ in."""
    words = (word.lower() for word in words_of(text.replace("/", " ").replace(":", " ").replace("-", " ")))
    return frozenset(_stem(word) for word in words if len(word) > 1 and word not in STOP and word not in _EMPTY)


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s"):
        if len(word) - len(ending) >= 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word
