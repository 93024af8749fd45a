"""Questions about what the resume says: its claims and its positions."""

# The texts of questions read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from app.domain.profile import Position
from app.domain.question import QuestionKind
from app.preparation.questions.cards import all_cards
from app.preparation.questions.cards.card import Card
from app.preparation.questions.key_points import key_points
from app.preparation.questions.lead_sentences import claim_leads, fitting, position_lead
from app.preparation.questions.person import MAX_QUESTION, Candidate, Person, candidate_of, card_weight, fit, recency
from app.preparation.questions.probes import POSITION_PROBES, SCHEMAS, STUDY_PROBES
from app.preparation.resume.claims import ReadClaim

_ABOVE = re.compile(
    r"\b(?:senior|head|lead|leader|manager|director|principal|staff|chief|controller|supervisor|foreman|executive|partner|coordinator)\b",
    re.IGNORECASE,
)
_WHY_DEED: dict[QuestionKind, str] = {
    "project": "This line of your resume says what you did; an interviewer wants to hear how, and which part was yours.",
    "decision": "It shows how you weigh things up, on something that you really did.",
    "conflict": "Work like this rarely goes without friction; how you deal with it is asked in almost every interview.",
    "gap": "It is about what your resume leaves open.",
    "skill": "It shows what you took away from it.",
    "motivation": "It shows what drives you.",
}


def from_claims(person: Person, rng: random.Random) -> Iterator[Candidate]:
    cards = all_cards()
    for index, read in enumerate(person.claims):
        kind = _kind_of_position(person, read)
        base = (
            0.45 * read.specificity
            + 0.25 * recency(person, read.claim.period)
            + 0.4 * fit(person, f"{read.claim.text} {read.claim.title}")
        )
        if kind == "education" and len(person.claims) > 4:
            base -= 0.15
        if read.clause is None:
            base -= 0.1
        variant = rng.randrange(12)
        leads = claim_leads(read, kind, variant)
        text = read.claim.text
        touching = [card for card in cards if set(card.fields) & person.fields and card.fits(text)]
        touching.sort(key=lambda card: card_weight(person, card) - 0.4 * _first_touch(card, text), reverse=True)
        leads_others = "team" in read.deeds or _ABOVE.search(read.claim.title) is not None
        touching = [c for c in touching if leads_others or not c.for_leaders or c.fields[0] == "lead"]
        for rank, card in enumerate(touching[:3]):
            for question_kind, probe in card.ask:
                lead = fitting(leads, MAX_QUESTION - len(probe) - 1)
                if lead:
                    why = _why_card(person, card)
                    yield candidate_of(
                        question_kind,
                        lead,
                        probe,
                        why,
                        card.points,
                        base + 0.35 + 0.2 * card_weight(person, card) - 0.08 * rank,
                        f"claim:{index}",
                        card.key,
                        read.claim.organisation,
                        read,
                        kind,
                    )
        for order, deed in enumerate(read.deeds):
            for schema in SCHEMAS[deed]:
                lead = fitting(leads, MAX_QUESTION - len(schema.text) - 1)
                if lead:
                    penalty = 0.15 if deed == "other" else 0.06 * order
                    yield candidate_of(
                        schema.kind,
                        lead,
                        schema.text,
                        _WHY_DEED[schema.kind],
                        key_points(schema.points, read.fact),
                        base + 0.15 - penalty,
                        f"claim:{index}",
                        "",
                        read.claim.organisation,
                        read,
                        kind,
                    )


def _kind_of_position(person: Person, read: ReadClaim) -> str:
    for position in person.brief.profile.experience:
        if (position.title, position.organisation) == (read.claim.title, read.claim.organisation):
            return position.kind
    return "job"


def _first_touch(card: Card, text: str) -> float:
    """0 where the line begins with the card's matter, towards 1 where it is only mentioned at the end."""
    match = card.pattern.search(text)
    return match.start() / max(1, len(text)) if match else 1.0


def _why_card(person: Person, card: Card) -> str:
    if person.role and set(card.fields) & set(person.role_fields[:2]):
        return f"Your resume touches on {card.name}, which interviewers for {person.a_role} like to go into."
    return f"Your resume touches on {card.name}, and one concrete case says more than a list."


def from_positions(person: Person, rng: random.Random) -> Iterator[Candidate]:
    for index, position in enumerate(person.brief.profile.experience[:12]):
        lead = position_lead(position, rng.randrange(6))
        if not lead:
            continue
        probes = STUDY_PROBES if position.kind == "education" else POSITION_PROBES
        base = 0.25 * recency(person, f"{position.start} - {position.end}") + 0.3 * fit(person, position.title) + 0.15
        for probe in probes:
            why = (
                f"{_spoken(position)} is part of your record, and it shows how you work when things are not clear-cut."
            )
            yield candidate_of(
                probe.kind,
                lead,
                probe.text,
                why,
                key_points(probe.points),
                base,
                f"position:{index}",
                "",
                position.organisation,
            )


def _spoken(position: Position) -> str:
    return position.organisation or position.title
