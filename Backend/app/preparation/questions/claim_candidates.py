"""Questions about what the resume says: its claims and its positions."""

# The texts of questions read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from app.domain.profile import Position
from app.domain.question import QuestionKind
from app.english.grammar import words_of
from app.english.quotation import quotable
from app.preparation.questions.cards import all_cards
from app.preparation.questions.cards.card import Card
from app.preparation.questions.fields import fields_of
from app.preparation.questions.key_points import key_points
from app.preparation.questions.lead_sentences import claim_leads, fitting, position_lead, title_of
from app.preparation.questions.person import MAX_QUESTION, Candidate, Person, candidate_of, card_weight, fit, recency
from app.preparation.questions.probes import POSITION_PROBES, SCHEMAS, STUDY_PROBES
from app.preparation.questions.role_name import written_out
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
            base -= 0.3
        variant = rng.randrange(12)
        leads = claim_leads(read, kind, variant)
        text = read.claim.text
        touching = [card for card in cards if set(card.fields) & person.fields and card.touches(text)]
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
                    penalty = 0.3 if deed == "other" else 0.06 * order
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
    latest_job = next(
        (i for i, p in enumerate(person.brief.profile.experience[:12]) if p.kind == "job" and p.title), -1
    )
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
        if index == latest_job and (step := _next_step(person, position)):
            text = f"What would be new for you as {person.a_role}, and how are you preparing for that?"
            why = f"The step from {title_of(position.title)} to {person.role} is what this application is about."
            present = position_lead(position, 0) or lead
            yield candidate_of(
                "gap",
                present,
                text,
                why,
                key_points(("expectation", "gap_honest", "gap_plan", "transfer")),
                step,
                "step",
                "",
                "",
            )
        if index == latest_job and _comes_from_elsewhere(person, position):
            for change in (
                f"What from that will help you most as {person.a_role}, and what will you have to unlearn?",
                f"What made you decide to become {person.a_role}, and how have you tested whether it suits you?",
            ):
                kind: QuestionKind = "gap" if "unlearn" in change else "motivation"
                points = key_points(
                    ("transfer", "gap_honest", "gap_plan", "evidence")
                    if kind == "gap"
                    else ("motive", "evidence", "expectation")
                )
                yield candidate_of(
                    kind,
                    lead,
                    change,
                    f"You come from other work, and anyone hiring {person.a_role} will ask about that.",
                    points,
                    1.25,
                    "change",
                    "",
                    "",
                )


def _next_step(person: Person, position: Position) -> float:
    """The score of asking about the step from the latest job to the role: high when the role stands above it, 0 when it is the same."""
    title = title_of(position.title)
    if not title or not person.role or title.lower() in person.role.lower() or person.role.lower() in title.lower():
        return 0.0
    above = {w.lower() for w in _ABOVE.findall(person.role)} - {w.lower() for w in _ABOVE.findall(title)}
    return 1.12 if above else 0.8


def _comes_from_elsewhere(person: Person, position: Position) -> bool:
    """Whether the latest job lies in another field than the role: nothing they share, and no earlier job that does."""
    if not person.role or not person.role_fields or not quotable(position.title, limit=60):
        return False
    past = written_out(" ".join(p.title for p in person.brief.profile.experience if p.kind == "job"))
    shared = {w for w in words_of(written_out(person.role)) if len(w) > 3} & set(words_of(past))
    return not shared and not set(fields_of(past)) & (set(person.role_fields[:3]) - {"lead"})


def _spoken(position: Position) -> str:
    return position.organisation or position.title
