"""A brief, read once, and what a question that could be asked of this person is."""

# Word lists read best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.question import Brief, KeyPoint, PlannedQuestion, QuestionKind
from app.english.grammar import words_of
from app.preparation.questions.cards.card import Card
from app.preparation.questions.fields import fields_of
from app.preparation.questions.lead_sentences import Lead, claim_leads, fitting
from app.preparation.questions.role_name import as_somebody, role_name
from app.preparation.questions.roles import GENERAL, RoleGroup, role_group
from app.preparation.resume.claims import ReadClaim, read_claim
from app.preparation.resume.dates import months

MAX_QUESTION = 320
MIN_QUESTION = 40
MAX_WORDS = 40
_MAX_CLAIMS = 40
MAX_SKILLS = 25
STOP = frozenset(
    "the and for with from that this have has was were are our their your you who will all any into more than over per via using used work "
    "working experience years team new role job about them they its also other".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with what the planner needs to keep five of them different. `score` is roughly 0-2."""

    question: PlannedQuestion
    score: float
    source: str
    probe: str
    card: str = ""
    organisation: str = ""
    opening: str = ""
    read: ReadClaim | None = None
    position_kind: str = ""
    words: frozenset[str] = frozenset()


def reopened(candidate: Candidate, used: set[str]) -> Candidate:
    """The same question with an opening that is not among `used`, where its claim can be put in another way."""
    if candidate.read is None or candidate.opening not in used:
        return candidate
    for variant in range(4):
        leads = claim_leads(candidate.read, candidate.position_kind, variant)
        lead = fitting(leads, MAX_QUESTION - len(candidate.probe) - 1)
        if lead and lead.opening not in used:
            return replace(
                candidate,
                question=replace(candidate.question, text=f"{lead.text} {candidate.probe}", grounding=lead.fact),
                opening=lead.opening,
            )
    return candidate


def candidate_of(
    kind: QuestionKind,
    lead: Lead,
    probe: str,
    why: str,
    points: tuple[KeyPoint, ...],
    score: float,
    source: str,
    card: str,
    organisation: str,
    read: ReadClaim | None = None,
    position_kind: str = "",
) -> Candidate:
    question = PlannedQuestion(
        kind=kind,
        text=f"{lead.text} {probe}",
        why=why,
        grounding=lead.fact,
        key_points=points,
        form="story",
        topic=f"{source.partition(':')[0]}:{lead.fact.lower()[:80]}",
    )
    return Candidate(question, score, source, probe, card, organisation, lead.opening, read, position_kind)


@dataclass(frozen=True, slots=True)
class Person:
    """A brief, read once: the role as it may be said, fields, claims understood."""

    brief: Brief
    role: str
    group: RoleGroup
    role_fields: tuple[str, ...]
    role_words: frozenset[str]
    fields: frozenset[str]
    claims: tuple[ReadClaim, ...]
    shown: str
    today: date

    @property
    def a_role(self) -> str:
        return as_somebody(self.role) if self.role else "someone in this role"


def person_of(brief: Brief, *, today: date | None = None) -> Person:
    role = role_name(brief.role)
    claims = [read for claim in brief.profile.claims[:_MAX_CLAIMS] if (read := read_claim(claim))]
    shown = "\n".join(
        [
            brief.profile.headline,
            *brief.profile.skills,
            *brief.skills,
            *(c.text for c in brief.profile.claims),
            *(p.title for p in brief.profile.experience),
        ]
    )[:60_000]
    wanted = " ".join([brief.role, *brief.skills[:MAX_SKILLS], brief.job_description[:8000]])
    group = role_group(brief.role)
    role_fields = (
        (group.fields if group.key != GENERAL else ())
        or fields_of(brief.role)
        or fields_of(brief.job_description)
        or fields_of(" ".join(brief.skills))
        or fields_of(brief.profile.headline)
    )
    past = fields_of(
        " ".join([brief.profile.headline, *(p.title for p in brief.profile.experience if p.kind == "job")])
    )
    return Person(
        brief=brief,
        role=role,
        group=group,
        role_fields=role_fields,
        fields=frozenset((*role_fields[:4], *past[:4], "any", "lead")),
        role_words=frozenset(w for w in words_of(wanted) if len(w) > 2 and w not in STOP),
        claims=tuple(claims),
        shown=shown,
        today=today or date.today(),
    )


def recency(person: Person, period: str) -> float:
    """1 for what is going on now, falling by a tenth a year; 0.5 for what has no date."""
    if not period:
        return 0.5
    today = (person.today.year, person.today.month)
    end = months(period.split(" - ")[-1].strip(), today, is_end=True)
    if end is None:
        return 0.5
    return max(0.0, 1.0 - 0.1 * max(0, today[0] * 12 + today[1] - end) / 12)


def fit(person: Person, text: str) -> float:
    words = {w for w in words_of(text) if len(w) > 2 and w not in STOP}
    shared = len(words & person.role_words)
    same_field = bool(set(fields_of(text)) & set(person.role_fields[:3]))
    return min(1.0, 0.25 * shared + 0.4 * same_field)


def card_weight(person: Person, card: Card) -> float:
    """1 for a card of the role's own field, less for one of a field further down, little for what holds for all."""
    best = 0.1
    for order, name in enumerate(card.fields):
        if name in person.role_fields:
            best = max(best, (1.0 if order == 0 else 0.6) - 0.15 * person.role_fields.index(name))
    return max(best, 0.3) if "any" in card.fields else best
