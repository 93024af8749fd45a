"""Single questions made on a person's word: about one requirement of the advert, or written by themselves."""

from __future__ import annotations

import random

from app.domain.question import Brief, PlannedQuestion
from app.english.quotation import quotable
from app.preparation.questions.bank import WHY_CHOSEN, banked
from app.preparation.questions.key_points import key_points
from app.preparation.questions.person import person_of
from app.preparation.questions.prompt_candidates import about_need

OWN = "own"
_OWN_POINTS = ("situation", "own_part", "reason", "result")


def question_about(brief: Brief, requirement: str, asked: tuple[PlannedQuestion, ...]) -> PlannedQuestion:
    """One about this line of the advert, in a wording that is not among `asked`.

    Raises ValueError for a requirement of too many words to be said.
    """
    person = person_of(brief)
    found = about_need(person, requirement)
    if not found:
        raise ValueError("the requirement cannot be asked about")
    # Openings that were used come last, so that three requirements are not asked about in the same words.
    used = " ".join(one.text for one in asked)
    rng = random.Random(f"{brief.seed}:{requirement}")
    return min(found, key=lambda one: (_opening(one.question.text) in used, -one.score, rng.random())).question


def _opening(text: str) -> str:
    return text.split('"')[0]


def own_question(text: str) -> PlannedQuestion | None:
    """A person's own question; with the bank's points where it is one of the bank's. None when it cannot be said."""
    text = " ".join(text.split())
    if not quotable(text, limit=320):
        return None
    if known := banked(text):
        return known
    return PlannedQuestion("project", text, WHY_CHOSEN, "", key_points(_OWN_POINTS), topic=OWN)
