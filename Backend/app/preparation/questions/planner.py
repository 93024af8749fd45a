"""The questions of one interview, out of everything that could be asked of this person.

The blueprint says which form each place has; of a form the best candidate is taken that nothing chosen so far, nothing
dropped and nothing of an earlier interview stands against. Deterministic for a seed.
"""

from __future__ import annotations

import random
from datetime import date

from app.domain.blueprint import blueprint
from app.domain.question import Brief, PlannedQuestion, QuestionForm
from app.english.grammar import words_of
from app.preparation.questions.candidates import candidates_for
from app.preparation.questions.person import Candidate, Person, person_of, reopened

MAX_COUNT = 12
_TOO_ALIKE = 0.6
_WEAK_BONUS = 0.4


def plan_questions(
    brief: Brief, *, count: int = 5, avoid: tuple[PlannedQuestion, ...] = (), today: date | None = None
) -> tuple[PlannedQuestion, ...]:
    """Exactly `count` (1-12) questions, distinct from each other and from `avoid`.

    One question with something to avoid takes the place of the first of `avoid` and has its form.
    Raises ValueError for another `count`, and LookupError when `avoid` has used up everything there is to ask
    (more than a dozen questions even for a bare role).
    """
    if not 1 <= count <= MAX_COUNT:
        raise ValueError(f"count must be 1-{MAX_COUNT}, not {count}")
    person = person_of(brief, today=today)
    # A plain string seeds the same everywhere; hash() does not. What was avoided moves the order on.
    rng = random.Random(f"{brief.seed}:{len(avoid)}")
    pool = [c for c in candidates_for(person, rng) if not _used_up(c, avoid)]
    chosen: list[Candidate] = []
    for form in _forms(brief, count, avoid):
        best = _next(person, pool, form, chosen)
        if best is None:
            raise LookupError("nothing is left to ask that has not been asked")
        chosen.append(best)
        pool = [c for c in pool if not _clashes(c, best)]
    used: set[str] = set()
    asked: list[PlannedQuestion] = []
    for candidate in chosen:
        candidate = reopened(candidate, used)
        used.add(candidate.opening)
        asked.append(candidate.question)
    return tuple(asked)


def _forms(brief: Brief, count: int, avoid: tuple[PlannedQuestion, ...]) -> tuple[QuestionForm, ...]:
    if count == 1 and avoid:
        return (avoid[0].form or "story",)
    return blueprint(brief.kind, count)


def _used_up(candidate: Candidate, avoid: tuple[PlannedQuestion, ...]) -> bool:
    question = candidate.question
    return any(
        question.text == old.text
        or (len(candidate.probe) > 20 and candidate.probe in old.text)
        or (bool(question.topic) and question.topic == old.topic)
        or _alike(candidate.words, frozenset(words_of(old.text))) > _TOO_ALIKE
        for old in avoid
    )


def _next(person: Person, pool: list[Candidate], form: QuestionForm, chosen: list[Candidate]) -> Candidate | None:
    """The best of the form that was not asked before, else of the form, else of any."""
    of_form = [c for c in pool if c.question.form == form]
    fresh = [c for c in of_form if not _asked_before(person, c)]
    free = fresh or [c for c in pool if not _asked_before(person, c)] or of_form or pool
    if not free:
        return None
    return max(free, key=lambda c: c.score - _sameness(c, chosen) + _WEAK_BONUS * _weak(person, c))


def _asked_before(person: Person, candidate: Candidate) -> bool:
    """In the same words, or about what was answered well; what was answered weakly may come again, put differently."""
    question = candidate.question
    return any(
        old.text == question.text
        or (len(candidate.probe) > 20 and candidate.probe in old.text)
        or (bool(old.topic) and old.topic == question.topic and not old.weak)
        for old in person.brief.asked_before
    )


def _weak(person: Person, candidate: Candidate) -> bool:
    topic = candidate.question.topic
    return bool(topic) and any(old.weak and old.topic == topic for old in person.brief.asked_before)


def _clashes(candidate: Candidate, taken: Candidate) -> bool:
    return (
        candidate.probe == taken.probe
        or candidate.question.text == taken.question.text
        or candidate.question.topic == taken.question.topic
        or bool(candidate.card and candidate.card == taken.card)
        or (candidate.source == taken.source and candidate.question.grounding == taken.question.grounding)
        or _alike(candidate.words, taken.words) > _TOO_ALIKE
    )


def _sameness(candidate: Candidate, chosen: list[Candidate]) -> float:
    penalty = 0.0
    for taken in chosen:
        penalty += 0.8 * (candidate.source == taken.source)
        penalty += 0.18 * bool(candidate.organisation and candidate.organisation == taken.organisation)
        penalty += 0.12 * bool(candidate.opening and candidate.opening == taken.opening)
    return penalty


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of words two questions have in common."""
    return len(first & second) / max(1, len(first | second))
