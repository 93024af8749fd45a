"""Questions about skills, the job description and the role: what the resume lists without a story, or leaves open."""

# The texts of questions read best in one piece.
# ruff: noqa: E501, SIM905

from __future__ import annotations

from collections.abc import Iterator

from app.domain.question import PlannedQuestion, QuestionKind
from app.english.grammar import in_sentence, words_of
from app.english.quotation import first_clean_part
from app.preparation.questions.cards import all_cards
from app.preparation.questions.cards.card import Card
from app.preparation.questions.key_points import key_points
from app.preparation.questions.lead_sentences import Lead
from app.preparation.questions.person import (
    MAX_QUESTION,
    MAX_SKILLS,
    STOP,
    Candidate,
    Person,
    candidate_of,
    card_weight,
    fit,
    suits,
)
from app.preparation.questions.probes import NEED_PROBES, NEED_STORIES, ROLE_PROBES, SKILL_PROBES
from app.preparation.questions.requirements import needs_of

_LANGUAGES = frozenset(
    "english french german spanish italian portuguese dutch polish norwegian swedish danish finnish greek turkish russian ukrainian arabic hebrew hindi "
    "urdu bengali tamil telugu punjabi mandarin cantonese chinese japanese korean vietnamese thai igbo yoruba hausa swahili native fluent".split()
)


def from_skills(person: Person) -> Iterator[Candidate]:
    wanted = person.brief.job_description.lower()
    listed = list(dict.fromkeys([*person.brief.skills, *person.brief.profile.skills]))[:MAX_SKILLS]
    for index, raw in enumerate(listed):
        skill = in_sentence(first_clean_part(raw, limit=48), names_kept=True)
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
            + 0.25 * fit(person, skill)
            + 0.15 * (raw in person.brief.skills)
            - 0.01 * index
        )
        used = next((read for read in person.claims if skill.lower() in (s.lower() for s in read.claim.skills)), None)
        why = f"You name {skill} yourself, so expect to be asked how well you really know it."
        cards = sorted(
            (c for c in all_cards() if c.touches(skill) and set(c.fields) & person.fields and suits(person, c)),
            key=lambda c: -card_weight(person, c),
        )
        for card in cards[:2]:
            lead = Lead(f"You list {skill} among your skills.", skill, "you list")
            yield candidate_of(
                "skill",
                lead,
                card.scenario,
                why,
                card.points,
                score + 0.2 + 0.15 * card_weight(person, card),
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


def from_needs(person: Person) -> Iterator[Candidate]:
    shown = set(words_of(person.shown))
    has_resume = bool(person.brief.profile.claims)
    for index, need in enumerate(needs_of(person.brief.job_description)):
        if need.lower() in person.role.lower() or person.role.lower() == need.lower():
            continue
        content = [w for w in words_of(need) if len(w) > 3 and w not in STOP]
        missing = sum(w not in shown for w in content) / max(1, len(content))
        # One word of an advert ("service") is no reason to ask about another trade.
        trades = {*person.role_fields[:3], "any"}
        cards = [c for c in all_cards() if set(c.fields) & trades and c.touches(need)][:2]
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
                yield candidate_of(
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


def from_role_cards(person: Person) -> Iterator[Candidate]:
    """Matters of the role's field that the resume does not show: the gap between the two."""
    if not person.role:
        return
    has_resume = bool(person.brief.profile.claims)
    rank = 0
    for card in all_cards():
        # A card lent by another field would be said to belong to this role; only the field's own cards do.
        if card.fields[0] not in (*person.role_fields[:2], "any") or not suits(person, card):
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
            yield candidate_of(
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
        f"One thing I did not find in your resume is {card.name}, and {person.a_role} meets that often.",
    )
    return forms[(rank + person.brief.seed) % len(forms)]


def from_role(person: Person) -> Iterator[Candidate]:
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
