"""Everything that could be asked of one person, each with a score; the planner picks from it."""

from __future__ import annotations

import random
from dataclasses import replace

from app.english.grammar import words_of
from app.preparation.questions.claim_candidates import from_claims, from_positions
from app.preparation.questions.person import MAX_QUESTION, MIN_QUESTION, Candidate, Person
from app.preparation.questions.role_candidates import from_needs, from_role, from_role_cards, from_skills


def candidates_for(person: Person, rng: random.Random) -> list[Candidate]:
    """All candidates, unsorted, each within the length limits and without two of the same text."""
    found: dict[str, Candidate] = {}
    for candidate in (
        *from_claims(person, rng),
        *from_positions(person, rng),
        *from_skills(person),
        *from_needs(person),
        *from_role_cards(person),
        *from_role(person),
    ):
        text = candidate.question.text
        if MIN_QUESTION <= len(text) <= MAX_QUESTION and text not in found:
            found[text] = replace(
                candidate, score=candidate.score + 0.06 * rng.random(), words=frozenset(words_of(text))
            )
    return list(found.values())
