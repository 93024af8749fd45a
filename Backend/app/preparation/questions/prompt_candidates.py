"""The first and the last question: the way to the role, what is open, what the advert asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.english.grammar import words_of
from app.preparation.questions import prompts
from app.preparation.questions.background import Background, background_of
from app.preparation.questions.coverage import stems_of
from app.preparation.questions.person import STOP, Candidate, Person
from app.preparation.questions.requirements import needs_of

_NEED_WORDS = 14


def from_prompts(person: Person) -> Iterator[Candidate]:
    background = background_of(person)
    yield from _openers(person, background)
    yield from _closings(person, background)
    for index, need in enumerate(needs_of(person.brief.job_description)):
        yield from _needs(person, background, need, index)


def _openers(person: Person, background: Background) -> Iterator[Candidate]:
    for prompt, question in prompts.fitting("openers", "opener", background.facts, background.words, person.role):
        # What speaks of the person's own way is better than what would fit anybody.
        yield Candidate(question, 0.5 + 0.35 * min(2, len(prompt.when)), f"opener:{prompt.key}", prompt.ask)


def _closings(person: Person, background: Background) -> Iterator[Candidate]:
    for prompt, question in prompts.fitting("closings", "closing", background.facts, background.words, person.role):
        yield Candidate(question, 0.5 + 0.3 * min(2, len(prompt.when)), f"closing:{prompt.key}", prompt.ask)


def about_need(person: Person, need: str) -> tuple[Candidate, ...]:
    """Every way to ask about one requirement of the advert; empty where it cannot be said aloud in a question."""
    return tuple(_needs(person, background_of(person), need, 0))


def _needs(person: Person, background: Background, need: str, index: int) -> Iterator[Candidate]:
    if len(need.split()) > _NEED_WORDS or need.lower() in person.role.lower() or person.role.lower() == need.lower():
        return
    shown = set(words_of(person.shown))
    content = [word for word in words_of(need) if len(word) > 3 and word not in STOP]
    missing = sum(word not in shown for word in content) / max(1, len(content))
    facts = {"need"}
    # "I found little about it in your resume" is said only where nothing of it stands there, in any form of the word.
    if person.brief.profile.claims and not stems_of(need) & stems_of(person.shown):
        facts.add("unshown")
    words = {**background.words, "need": need}
    for prompt, question in prompts.fitting("closings", "closing", frozenset(facts), words, need):
        if "need" in prompt.when:
            yield Candidate(
                replace(question, topic=f"need:{need.lower()[:80]}"),
                1.0 + 0.4 * missing + 0.1 * ("unshown" in prompt.when) - 0.01 * index,
                f"need:{need.lower()}",
                prompt.ask,
            )
