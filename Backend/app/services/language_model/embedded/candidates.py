"""Everything that could be asked of one person, each with a score; the planner picks from it."""

# Word lists read best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.services.language_model.base import Brief, KeyPoint, PlannedQuestion, Position, QuestionKind
from app.services.language_model.embedded.cards import all_cards
from app.services.language_model.embedded.cards.card import Card
from app.services.language_model.embedded.claims import ReadClaim, read_claim
from app.services.language_model.embedded.fields import fields_of
from app.services.language_model.embedded.grammar import in_sentence, with_article, words_of
from app.services.language_model.embedded.leads import Lead, claim_lead, position_lead, title_of
from app.services.language_model.embedded.points import key_points
from app.services.language_model.embedded.quoting import first_clean_part, quotable
from app.services.language_model.embedded.requirements_text import needs_of
from app.services.language_model.embedded.resume_dates import months
from app.services.language_model.embedded.schemas import (
    NEED_PROBES,
    NEED_STORIES,
    POSITION_PROBES,
    ROLE_PROBES,
    SCHEMAS,
    SKILL_PROBES,
    STUDY_PROBES,
)

MAX_QUESTION = 320
MIN_QUESTION = 60
_MAX_CLAIMS = 40
_MAX_SKILLS = 25
_LANGUAGES = frozenset(
    "english french german spanish italian portuguese dutch polish norwegian swedish danish finnish greek turkish russian ukrainian arabic hebrew hindi "
    "urdu bengali tamil telugu punjabi mandarin cantonese chinese japanese korean vietnamese thai igbo yoruba hausa swahili native fluent".split()
)
_BEGINNER = re.compile(r"\b(?:apprentice|junior|trainee|intern|assistant|student|graduate|entry)\b", re.IGNORECASE)
_ABOVE = re.compile(
    r"\b(?:senior|head|lead|leader|manager|director|principal|staff|chief|controller|supervisor|foreman|executive|partner|coordinator)\b",
    re.IGNORECASE,
)
_STOP = frozenset(
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


def reopened(candidate: Candidate, used: set[str]) -> Candidate:
    """The same question with an opening that is not among `used`, where its claim can be put in another way."""
    if candidate.read is None or candidate.opening not in used:
        return candidate
    for variant in range(4):
        lead = claim_lead(
            candidate.read, candidate.position_kind, variant, room=MAX_QUESTION - len(candidate.probe) - 1
        )
        if lead and lead.opening not in used:
            return replace(
                candidate,
                question=replace(candidate.question, text=f"{lead.text} {candidate.probe}", grounding=lead.fact),
                opening=lead.opening,
            )
    return candidate


@dataclass(frozen=True, slots=True)
class Person:
    """A brief, read once: the role as it may be said, fields, claims understood."""

    brief: Brief
    role: str
    role_fields: tuple[str, ...]
    role_words: frozenset[str]
    fields: frozenset[str]
    claims: tuple[ReadClaim, ...]
    shown: str
    today: date

    @property
    def a_role(self) -> str:
        return with_article(self.role) if self.role else "someone in this role"


def person_of(brief: Brief, *, today: date | None = None) -> Person:
    role = in_sentence(first_clean_part(brief.role))
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
    wanted = " ".join([brief.role, *brief.skills[:_MAX_SKILLS], brief.job_description[:8000]])
    role_fields = (
        fields_of(brief.role)
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
        role_fields=role_fields,
        fields=frozenset((*role_fields[:4], *past[:4], "any", "lead")),
        role_words=frozenset(w for w in words_of(wanted) if len(w) > 2 and w not in _STOP),
        claims=tuple(claims),
        shown=shown,
        today=today or date.today(),
    )


def candidates_for(person: Person, rng: random.Random) -> list[Candidate]:
    """All candidates, unsorted, each within the length limits and without two of the same text."""
    found: dict[str, Candidate] = {}
    for candidate in (
        *_from_claims(person, rng),
        *_from_positions(person, rng),
        *_from_skills(person),
        *_from_needs(person),
        *_from_role_cards(person),
        *_from_role(person),
    ):
        text = candidate.question.text
        if MIN_QUESTION <= len(text) <= MAX_QUESTION and text not in found:
            found[text] = replace(candidate, score=candidate.score + 0.06 * rng.random())
    return list(found.values())


def _recency(person: Person, period: str) -> float:
    """1 for what is going on now, falling by a tenth a year; 0.5 for what has no date."""
    if not period:
        return 0.5
    today = (person.today.year, person.today.month)
    end = months(period.split(" - ")[-1].strip(), today, is_end=True)
    if end is None:
        return 0.5
    return max(0.0, 1.0 - 0.1 * max(0, today[0] * 12 + today[1] - end) / 12)


def _fit(person: Person, text: str) -> float:
    words = {w for w in words_of(text) if len(w) > 2 and w not in _STOP}
    shared = len(words & person.role_words)
    same_field = bool(set(fields_of(text)) & set(person.role_fields[:3]))
    return min(1.0, 0.25 * shared + 0.4 * same_field)


def _kind_of_position(person: Person, read: ReadClaim) -> str:
    for position in person.brief.profile.experience:
        if (position.title, position.organisation) == (read.claim.title, read.claim.organisation):
            return position.kind
    return "job"


def _from_claims(person: Person, rng: random.Random) -> Iterator[Candidate]:
    cards = all_cards()
    for index, read in enumerate(person.claims):
        kind = _kind_of_position(person, read)
        base = (
            0.45 * read.specificity
            + 0.25 * _recency(person, read.claim.period)
            + 0.4 * _fit(person, f"{read.claim.text} {read.claim.title}")
        )
        if kind == "education" and len(person.claims) > 4:
            base -= 0.15
        if read.clause is None:
            base -= 0.3
        variant = rng.randrange(12)
        text = read.claim.text
        touching = [card for card in cards if set(card.fields) & person.fields and card.touches(text)]
        touching.sort(key=lambda card: _card_weight(person, card) - 0.4 * _first_touch(card, text), reverse=True)
        for rank, card in enumerate(touching[:3]):
            for question_kind, probe in card.ask:
                lead = claim_lead(read, kind, variant, room=MAX_QUESTION - len(probe) - 1)
                if lead:
                    why = _why_card(person, card)
                    yield _make(
                        question_kind,
                        lead,
                        probe,
                        why,
                        card.points,
                        base + 0.35 + 0.2 * _card_weight(person, card) - 0.08 * rank,
                        f"claim:{index}",
                        card.key,
                        read.claim.organisation,
                        read,
                        kind,
                    )
        for order, deed in enumerate(read.deeds):
            for schema in SCHEMAS[deed]:
                lead = claim_lead(read, kind, variant, room=MAX_QUESTION - len(schema.text) - 1)
                if lead:
                    penalty = 0.3 if deed == "other" else 0.06 * order
                    yield _make(
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


def _first_touch(card: Card, text: str) -> float:
    """0 where the line begins with the card's matter, towards 1 where it is only mentioned at the end."""
    match = card.pattern.search(text)
    return match.start() / max(1, len(text)) if match else 1.0


def _card_weight(person: Person, card: Card) -> float:
    """1 for a card of the role's own field, less for one of a field further down, little for what holds for all."""
    best = 0.1
    for order, name in enumerate(card.fields):
        if name in person.role_fields:
            best = max(best, (1.0 if order == 0 else 0.6) - 0.15 * person.role_fields.index(name))
    return max(best, 0.3) if "any" in card.fields else best


def _make(
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
    question = PlannedQuestion(kind=kind, text=f"{lead.text} {probe}", why=why, grounding=lead.fact, key_points=points)
    return Candidate(question, score, source, probe, card, organisation, lead.opening, read, position_kind)


_WHY_DEED: dict[QuestionKind, str] = {
    "project": "This line of your resume says what you did; an interviewer wants to hear how, and which part was yours.",
    "decision": "It shows how you weigh things up, on something that you really did.",
    "conflict": "Work like this rarely goes without friction; how you deal with it is asked in almost every interview.",
    "gap": "It is about what your resume leaves open.",
    "skill": "It shows what you took away from it.",
    "motivation": "It shows what drives you.",
}


def _why_card(person: Person, card: Card) -> str:
    if person.role and set(card.fields) & set(person.role_fields[:2]):
        return f"Your resume touches on {card.name}, which interviewers for {person.a_role} like to go into."
    return f"Your resume touches on {card.name}, and one concrete case says more than a list."


def _from_positions(person: Person, rng: random.Random) -> Iterator[Candidate]:
    latest_job = next(
        (i for i, p in enumerate(person.brief.profile.experience[:12]) if p.kind == "job" and p.title), -1
    )
    for index, position in enumerate(person.brief.profile.experience[:12]):
        lead = position_lead(position, rng.randrange(6))
        if not lead:
            continue
        probes = STUDY_PROBES if position.kind == "education" else POSITION_PROBES
        base = 0.25 * _recency(person, f"{position.start} - {position.end}") + 0.3 * _fit(person, position.title) + 0.15
        for probe in probes:
            why = (
                f"{_spoken(position)} is part of your record, and it shows how you work when things are not clear-cut."
            )
            yield _make(
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
            yield _make(
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
                yield _make(
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
    past = " ".join(p.title for p in person.brief.profile.experience if p.kind == "job")
    shared = {w for w in words_of(person.role) if len(w) > 3} & set(words_of(past))
    return not shared and not set(fields_of(past)) & (set(person.role_fields[:3]) - {"lead"})


def _spoken(position: Position) -> str:
    return position.organisation or position.title


def _from_skills(person: Person) -> Iterator[Candidate]:
    wanted = person.brief.job_description.lower()
    listed = list(dict.fromkeys([*person.brief.skills, *person.brief.profile.skills]))[:_MAX_SKILLS]
    for index, raw in enumerate(listed):
        skill = in_sentence(first_clean_part(raw, limit=48))
        if (
            not skill
            or not 1 <= len(words_of(skill)) <= 6
            or skill.lower() not in raw.lower()
            or _LANGUAGES & set(words_of(skill))
        ):
            continue
        score = (
            0.55
            + 0.3 * (skill.lower() in wanted)
            + 0.25 * _fit(person, skill)
            + 0.15 * (raw in person.brief.skills)
            - 0.01 * index
        )
        used = next((read for read in person.claims if skill.lower() in (s.lower() for s in read.claim.skills)), None)
        why = f"You name {skill} yourself, so expect to be asked how well you really know it."
        cards = sorted(
            (c for c in all_cards() if c.touches(skill) and set(c.fields) & person.fields and _suits(person, c)),
            key=lambda c: -_card_weight(person, c),
        )
        for card in cards[:2]:
            lead = Lead(f"You list {skill} among your skills.", skill, "you list")
            yield _make(
                "skill",
                lead,
                card.scenario,
                why,
                card.points,
                score + 0.2 + 0.15 * _card_weight(person, card),
                f"skill:{skill.lower()}",
                card.key,
                "",
            )
        for order, (template, points) in enumerate(SKILL_PROBES):
            text = template.replace("{skill}", skill).replace("{Skill}", skill[:1].upper() + skill[1:])
            question = PlannedQuestion("skill", text, why, skill, key_points(points, used.fact if used else ""))
            yield Candidate(
                question,
                score - 0.04 * ((order + index) % len(SKILL_PROBES)),
                f"skill:{skill.lower()}",
                template.replace("{skill}", "").replace("{Skill}", ""),
                opening=f"skill{order}",
            )


def _from_needs(person: Person) -> Iterator[Candidate]:
    shown = set(words_of(person.shown))
    has_resume = bool(person.brief.profile.claims)
    for index, need in enumerate(needs_of(person.brief.job_description)):
        if need.lower() in person.role.lower() or person.role.lower() == need.lower():
            continue
        content = [w for w in words_of(need) if len(w) > 3 and w not in _STOP]
        missing = sum(w not in shown for w in content) / max(1, len(content))
        cards = [c for c in all_cards() if c.touches(need)][:2]
        score = 0.75 + 0.4 * missing - 0.01 * index
        for card in cards:
            known = card.touches(person.shown)
            opening = (
                f'One line of the job description reads "{need}".'
                if need[:1].isupper()
                else f'The job description asks for "{need}".'
            )
            if has_resume and not known and missing > 0.6:
                opening = f'The job description speaks of "{need}", and I found little about it in your resume.'
            lead = Lead(opening, need, "job description")
            why = (
                f"The job description names it, and your resume says little about {card.name}."
                if has_resume and not known
                else "The job description asks for it in so many words."
            )
            if len(opening) + len(card.scenario) < MAX_QUESTION:
                yield _make(
                    "gap", lead, card.scenario, why, card.points, score + 0.2, f"need:{need.lower()}", card.key, ""
                )
        for kind, template, points in NEED_STORIES:
            question = PlannedQuestion(
                kind,
                template.replace("{need}", need),
                "The job description asks for it in so many words.",
                need,
                key_points(points),
            )
            yield Candidate(
                question,
                (0.2 if has_resume else 0.5) + 0.05 * (kind == "skill") - 0.01 * index,
                f"need:{need.lower()}",
                template.replace("{need}", ""),
                opening="story",
            )
        for order, (template, points) in enumerate(NEED_PROBES):
            if order == 2 and (missing < 0.7 or not has_resume):
                continue
            question = PlannedQuestion(
                "gap",
                template.replace("{need}", need),
                "The job description asks for it in so many words.",
                need,
                key_points(points),
            )
            yield Candidate(
                question,
                score - 0.05 * order,
                f"need:{need.lower()}",
                template.replace("{need}", ""),
                opening=f"need{order}",
            )


def _suits(person: Person, card: Card) -> bool:
    """Whether the card's scenario fits the level: nobody's first job is to lead."""
    return not (card.for_leaders and (person.brief.seniority in ("student", "junior") or _BEGINNER.search(person.role)))


def _from_role_cards(person: Person) -> Iterator[Candidate]:
    """Matters of the role's field that the resume does not show: the gap between the two."""
    if not person.role:
        return
    has_resume = bool(person.brief.profile.claims)
    rank = 0
    for card in all_cards():
        # A card lent by another field would be said to belong to this role; only the field's own cards do.
        if card.fields[0] not in (*person.role_fields[:2], "any") or not _suits(person, card):
            continue
        general = "any" in card.fields
        if not general and not card.is_work_of(person.brief.role):
            continue
        known = card.touches(person.shown)
        if known and general:
            continue
        weight = 0.35 if general else (1.0 if card.fields[0] == person.role_fields[0] else 0.5)
        weight += 0.25 * card.touches(person.brief.role) - 0.5 * known
        rank += 1
        score = 0.2 + 0.5 * weight - 0.004 * rank
        openings: tuple[tuple[QuestionKind, str, float], ...] = (
            ("gap", _gap_opening(person, card, has_resume, known, rank), 0.3),
            ("skill", f"Let's take a case that {person.a_role} may well meet.", 0.0),
        )
        for kind, opening, extra in openings:
            silent = ", and your resume does not show it." if has_resume and not general and not known else "."
            why = f"It is often part of the work of {person.a_role}{silent}"
            yield _make(
                kind,
                Lead(opening, person.role, kind),
                card.scenario,
                why,
                card.points,
                score + extra,
                f"card:{card.key}",
                card.key,
                "",
            )


def _gap_opening(person: Person, card: Card, has_resume: bool, known: bool, rank: int) -> str:
    if "any" in card.fields or known:
        return f"Picture this in your first weeks as {person.a_role}."
    if not has_resume:
        return f"The work of {person.a_role} often includes {card.name}."
    forms = (
        f"Your resume does not mention {card.name}, which is often part of the work of {person.a_role}.",
        f"As {person.a_role} you would often have to do with {card.name}, and I found nothing about it in your resume.",
    )
    return forms[(rank + person.brief.seed) % len(forms)]


def _from_role(person: Person) -> Iterator[Candidate]:
    for order, (kind, template, points) in enumerate(ROLE_PROBES):
        text = template.replace("{a_role}", person.a_role)
        grounding = person.role or _anything(person)
        question = PlannedQuestion(
            kind, text, f"It goes for {person.a_role} whatever the resume says.", grounding, key_points(points)
        )
        yield Candidate(question, 0.2 - 0.01 * order, f"role:{order}", template, opening=f"role{order}")


def _anything(person: Person) -> str:
    """Some wording of the person's own, for a role that cannot be said aloud; empty when there is none at all."""
    for text in (*person.brief.skills, *person.brief.profile.skills, person.brief.profile.headline):
        if part := first_clean_part(text):
            return part
    return ""
