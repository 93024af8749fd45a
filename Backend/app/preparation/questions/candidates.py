"""Everything that could be asked of one person, each with a score; the planner picks from it."""

from __future__ import annotations

import random
from dataclasses import replace

from app.english.grammar import words_of
from app.preparation.questions.claim_candidates import from_claims, from_positions
from app.preparation.questions.library_candidates import from_competencies, from_skills
from app.preparation.questions.person import MAX_QUESTION, MAX_WORDS, MIN_QUESTION, Candidate, Person
from app.preparation.questions.prompt_candidates import from_prompts

_CHANCE = 0.12
"""How far two interviews of one person may differ in taste: less than between a good question and a plain one."""


def candidates_for(person: Person, rng: random.Random) -> list[Candidate]:
    """All candidates, unsorted, each within the limits of what can be said in one breath, no two of the same text."""
    found: dict[str, Candidate] = {}
    for candidate in (
        *from_prompts(person),
        *from_claims(person, rng),
        *from_positions(person, rng),
        *from_competencies(person),
        *from_skills(person),
    ):
        text = candidate.question.text
        if MIN_QUESTION <= len(text) <= MAX_QUESTION and len(text.split()) <= MAX_WORDS and text not in found:
            found[text] = replace(
                candidate, score=candidate.score + _CHANCE * rng.random(), words=frozenset(words_of(text))
            )
    return list(found.values())
