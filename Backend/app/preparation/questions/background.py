"""Where somebody stands towards the role: at work in it, coming from elsewhere, about to step up, still studying."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.profile import Position
from app.english.grammar import with_article, words_of
from app.preparation.questions.fields import fields_of
from app.preparation.questions.lead_sentences import organisation_of, title_of
from app.preparation.questions.person import Person
from app.preparation.questions.role_name import written_out
from app.preparation.questions.roles import group_key_of

_ABOVE = re.compile(
    r"\b(?:senior|head|lead|leader|manager|director|principal|chief|controller|supervisor|foreman|executive|partner)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Background:
    """`facts` are the conditions of prompts that hold; `words` what their places are filled with."""

    facts: frozenset[str]
    words: dict[str, str]


def background_of(person: Person) -> Background:
    """What is known for sure. A title or employer that cannot be said aloud gives no fact that needs it."""
    facts: set[str] = set()
    words = {"a_role": person.a_role}
    experience = person.brief.profile.experience[:12]
    job = next((position for position in experience if position.kind == "job" and position.title), None)
    title = title_of(job.title) if job else ""
    if job and title:
        facts |= {"job", "present" if job.end == "present" else "past"}
        words |= {"a_title": with_article(title), "employer": organisation_of(job.organisation)}
        facts |= _relation(person, job, title)
        if "same" not in facts:
            facts.add("other")
    study = next((position for position in experience if position.kind == "education"), None)
    if study and (person.brief.seniority == "student" or not job):
        school = organisation_of(study.organisation)
        if school:
            facts.add("study")
            words["school"] = school
    return Background(frozenset(facts), words)


def _relation(person: Person, job: Position, title: str) -> set[str]:
    if not person.role:
        return set()
    same_words = title.lower() in person.role.lower() or person.role.lower() in title.lower()
    role_group, job_group = group_key_of(person.brief.role), group_key_of(job.title)
    above = {w.lower() for w in _ABOVE.findall(person.role)} - {w.lower() for w in _ABOVE.findall(title)}
    if above and not same_words and (role_group == job_group or not role_group or _shares(person)):
        return {"step"}
    if same_words or (role_group and role_group == job_group):
        return {"same"}
    # Another trade is said only when nothing at all speaks against it: a wrong "you come from other work" hurts.
    if role_group and job_group and not _shares(person):
        return {"change"}
    return set()


def _shares(person: Person) -> bool:
    """Whether any job so far shares a word or a field with the role."""
    past = written_out(" ".join(p.title for p in person.brief.profile.experience if p.kind == "job"))
    shared = {w for w in words_of(written_out(person.role)) if len(w) > 3} & set(words_of(past))
    return bool(shared) or bool(set(fields_of(past)) & (set(person.role_fields[:3]) - {"lead"}))
