"""Questions out of the role library and the technical bank, at the level of the person."""

# A word list reads best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

from collections.abc import Iterator

from app.domain.question import PlannedQuestion, Seniority
from app.english.grammar import in_sentence, words_of
from app.english.quotation import first_clean_part
from app.preparation.questions.bank import STORY_POINTS
from app.preparation.questions.key_points import key_points
from app.preparation.questions.library import Level
from app.preparation.questions.person import MAX_SKILLS, STOP, Candidate, Person
from app.preparation.questions.probes import SKILL_PROBES
from app.preparation.questions.roles import GENERAL, Competency
from app.preparation.questions.skills import Skill, skill_of

_LEVEL: dict[Seniority, Level] = {
    "student": "junior",
    "junior": "junior",
    "mid": "mid",
    "senior": "senior",
    "lead": "senior",
}
# What a spoken language, a trait or a licence is good at cannot be asked as a skill of the trade.
_NO_TRADE = frozenset(
    "english french german spanish italian portuguese dutch polish russian arabic hindi urdu bengali tamil telugu kannada "
    "malayalam marathi gujarati punjabi odia sanskrit mandarin chinese japanese korean vietnamese native fluent communication "
    "teamwork leadership punctuality honesty creativity adaptability motivated hardworking".split()
)


def from_competencies(person: Person) -> Iterator[Candidate]:
    """Of each competency of the role: a story, a situation, and knowledge at the person's level."""
    group = person.group
    general = group.key == GENERAL
    level = _LEVEL[person.brief.seniority]
    because = f"It belongs to the work of {person.a_role}." if person.role else "It belongs to any work."
    wanted = person.brief.job_description.lower()
    for one in group.competencies:
        named = _named(one, wanted)
        topic = f"{group.key}/{one.key}"
        grounding = person.role
        points = key_points(STORY_POINTS)
        yield Candidate(
            PlannedQuestion("project", one.story, because, grounding, points, form="story", topic=topic),
            (0.25 if general else 0.5) + 0.2 * named,
            f"role:{one.key}",
            one.story,
        )
        yield Candidate(
            PlannedQuestion(
                "decision", one.situation, because, grounding, one.situation_points, form="situation", topic=topic
            ),
            (0.35 if general else 1.0) + 0.25 * named,
            f"role:{one.key}",
            one.situation,
        )
        yield Candidate(
            PlannedQuestion(
                "skill",
                one.knowledge[level],
                because,
                grounding,
                one.knowledge_points,
                form="knowledge",
                topic=topic,
            ),
            (0.3 if general else 0.9) + 0.25 * named,
            f"role:{one.key}",
            one.knowledge[level],
        )


def _named(one: Competency, wanted: str) -> float:
    """1 where the advert names the competency, 0 where it says nothing of it."""
    words = [word for word in words_of(one.name) if len(word) > 3 and word not in STOP]
    return sum(word in wanted for word in words) / len(words) if words else 0.0


def from_skills(person: Person) -> Iterator[Candidate]:
    """Of each listed skill: the bank's questions at the person's level, else what can be asked about any skill."""
    level = _LEVEL[person.brief.seniority]
    own = {raw.lower() for raw in person.brief.skills}
    listed = list(dict.fromkeys([*person.brief.skills, *person.brief.profile.skills]))[:MAX_SKILLS]
    general = person.group.key == GENERAL
    for index, raw in enumerate(listed):
        named = raw.lower() in own
        known = skill_of(raw)
        if known is not None:
            weight = _weight(person, known, named=named)
            for question in known.questions:
                if question.level == level and weight:
                    yield Candidate(
                        PlannedQuestion(
                            "skill",
                            question.text,
                            f"You list {known.name} among your skills.",
                            raw,
                            question.points,
                            form="knowledge",
                            topic=f"skill:{known.key}/{question.kind}-{question.level}-{known.questions.index(question)}",
                        ),
                        weight - 0.01 * index,
                        f"skill:{known.key}",
                        question.text,
                    )
        elif named or general:
            yield from _any_skill(raw, index, 0.75 if general and named else 0.45)


def _weight(person: Person, known: Skill, *, named: bool) -> float:
    """How well the skill goes with the role; 0 where it belongs to another trade and nobody named it."""
    shared = set(known.fields) & set(person.role_fields)
    if "any" in known.fields or shared:
        return 1.05 + 0.15 * named + 0.2 * (known.name.lower() in person.brief.job_description.lower())
    return 0.5 if named else 0.0


def _any_skill(raw: str, index: int, score: float) -> Iterator[Candidate]:
    skill = in_sentence(first_clean_part(raw, limit=48), names_kept=True)
    words = words_of(skill)
    if not skill or not 1 <= len(words) <= 5 or skill.lower() not in raw.lower() or _NO_TRADE & set(words):
        return
    for order, (form, template, points) in enumerate(SKILL_PROBES):
        text = template.replace("{skill}", skill).replace("{Skill}", skill[:1].upper() + skill[1:])
        yield Candidate(
            PlannedQuestion(
                "skill",
                text,
                f"You name {skill} yourself.",
                skill,
                key_points(points),
                form=form,
                topic=f"skill:{skill.lower()}/{order}",
            ),
            score - 0.01 * index,
            f"skill:{skill.lower()}",
            template,
        )
