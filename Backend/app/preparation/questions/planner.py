"""Five questions for one person, out of everything that could be asked of them.

The best claim is asked about first. After that each pick is weighed against what has been picked: another kind,
another line of the resume, another employer, another opening. Deterministic for a seed.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from app.domain.question import Brief, PlannedQuestion, QuestionKind
from app.english.grammar import words_of
from app.preparation.questions.candidates import candidates_for
from app.preparation.questions.person import Candidate, person_of, reopened

MAX_COUNT = 12
# The order of an interview: begin with what they did, end with what is open.
_ORDER: tuple[QuestionKind, ...] = ("project", "decision", "skill", "conflict", "gap", "motivation")
_FIRST_KINDS: tuple[QuestionKind, ...] = ("project", "gap", "skill", "decision", "conflict")
_TOO_ALIKE = 0.6


def plan_questions(
    brief: Brief, *, count: int = 5, avoid: tuple[PlannedQuestion, ...] = (), today: date | None = None
) -> tuple[PlannedQuestion, ...]:
    """Exactly `count` (1-12) questions, distinct from each other and from `avoid`.

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
    kinds = Counter(question.kind for question in avoid)
    for _ in range(count):
        best = _next(pool, chosen, kinds, avoid)
        if best is None:
            raise LookupError("nothing is left to ask that has not been asked")
        chosen.append(best)
        kinds[best.question.kind] += 1
        pool = [c for c in pool if not _clashes(c, best)]
    if count > 1:
        chosen.sort(key=lambda c: _ORDER.index(c.question.kind))
    used: set[str] = set()
    asked: list[PlannedQuestion] = []
    for candidate in chosen:
        candidate = reopened(candidate, used)
        used.add(candidate.opening)
        asked.append(candidate.question)
    return tuple(asked)


def _used_up(candidate: Candidate, avoid: tuple[PlannedQuestion, ...]) -> bool:
    question = candidate.question
    return any(
        question.text == old.text
        or (len(candidate.probe) > 20 and candidate.probe in old.text)
        or (
            question.grounding == old.grounding
            and question.kind == old.kind
            and not candidate.source.startswith(("role", "card"))
        )
        or _alike(candidate.words, frozenset(words_of(old.text))) > _TOO_ALIKE
        for old in avoid
    )


def _next(
    pool: list[Candidate], chosen: list[Candidate], kinds: Counter[QuestionKind], avoid: tuple[PlannedQuestion, ...]
) -> Candidate | None:
    free = pool
    if not free:
        return None
    fewest = min(kinds[c.question.kind] for c in free)
    if len(chosen) < len(_FIRST_KINDS) and not avoid:
        wanted = [k for k in _FIRST_KINDS if kinds[k] == 0]
        for kind in wanted:
            if any(c.question.kind == kind for c in free):
                free = [c for c in free if c.question.kind == kind]
                break
    else:
        last = avoid[-1].kind if avoid else None
        rarest = [c for c in free if kinds[c.question.kind] == fewest]
        other = [c for c in rarest if c.question.kind != last]
        free = other or [c for c in free if c.question.kind != last] or rarest
    groundings = {old.grounding.lower() for old in avoid}
    return max(free, key=lambda c: c.score - _sameness(c, chosen) - 0.3 * (c.question.grounding.lower() in groundings))


def _clashes(candidate: Candidate, taken: Candidate) -> bool:
    return (
        candidate.probe == taken.probe
        or candidate.question.text == taken.question.text
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
        penalty += 0.3 * (candidate.question.grounding.lower() == taken.question.grounding.lower())
    return penalty


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of words two questions have in common."""
    return len(first & second) / max(1, len(first | second))
