"""Whether a plan may be shown: the same rules for the built-in planner and for any model that writes one."""

from __future__ import annotations

import logging
import re

from app.domain.question import Brief, PlannedQuestion
from app.errors import ProviderError

log = logging.getLogger(__name__)

MIN_TEXT = 40
MAX_TEXT = 320
MIN_POINTS = 3
MAX_POINTS = 5
_RESIDUE = re.compile(r"[{}<>]|  |\bNone\b|\b[Aa]n? an?\b|\ba (?:[aeio]\w+|8)|\?\?|\.\.|\s[,.?]")
_SPACE = re.compile(r"\s+")
_OF_THE_WORK = ("knowledge", "situation")
"""Forms that ask about the work itself; what they rest on, a role or a skill, need not be said again."""


def sources_of(brief: Brief) -> str:
    """Everything a question may be grounded in, as one lower-case text with single spaces."""
    profile = brief.profile
    parts = [
        brief.role,
        *brief.skills,
        brief.job_description,
        profile.headline,
        *profile.skills,
        *(f"{p.title} {p.organisation}" for p in profile.experience),
        *(f"{c.text} {c.organisation} {c.title}" for c in profile.claims),
    ]
    return _SPACE.sub(" ", " \n ".join(parts)).lower()


def faults_of(brief: Brief, question: PlannedQuestion) -> tuple[str, ...]:
    """What is wrong with one question; empty when nothing is. For the record, never shown to the candidate."""
    faults: list[str] = []
    if not MIN_TEXT <= len(question.text) <= MAX_TEXT:
        faults.append(f"length {len(question.text)}, not {MIN_TEXT}-{MAX_TEXT}")
    # "Led a audit" is the person's own slip, and saying it back is no fault.
    own = sources_of(brief)
    if any(found.group(0).lower() not in own for found in _RESIDUE.finditer(question.text)):
        faults.append("residue of a template")
    if not question.text.rstrip().endswith((".", "?", "!")):
        faults.append("no end of sentence")
    grounding = _SPACE.sub(" ", question.grounding).strip().lower()
    nameable = any(ch.isalpha() for ch in brief.role)
    if grounding and grounding not in own:
        faults.append("grounding is not in the person's own words")
    elif grounding and question.form not in _OF_THE_WORK and not _of_the_role(brief, grounding, question.text):
        faults.append("the question does not name its grounding")
    elif not grounding and nameable and "<" not in brief.role:
        faults.append("no grounding")
    if not MIN_POINTS <= len(question.key_points) <= MAX_POINTS:
        faults.append(f"{len(question.key_points)} key points")
    if not question.why.strip():
        faults.append("no reason")
    return tuple(faults)


def _of_the_role(brief: Brief, grounding: str, text: str) -> bool:
    """It names its grounding, or rests on nothing but the role."""
    return grounding in brief.role.lower() or _named(grounding, text)


def _named(grounding: str, text: str) -> bool:
    """The question contains the fact, or at least most of its telling words."""
    spoken = _SPACE.sub(" ", text).lower()
    if grounding in spoken:
        return True
    words = {w for w in re.findall(r"\w+", grounding) if len(w) > 3}
    return bool(words) and len(words & set(re.findall(r"\w+", spoken))) >= 0.6 * len(words)


def check_plan(
    provider: str,
    brief: Brief,
    questions: tuple[PlannedQuestion, ...],
    *,
    count: int,
    avoid: tuple[PlannedQuestion, ...] = (),
) -> tuple[PlannedQuestion, ...]:
    """`questions` as they are when the plan holds.

    Raises `ProviderError` (``invalid_response``, retryable) for a wrong number, a repeated question or a faulty one. A
    fault of the built-in, behind which nobody stands, is logged instead: its plainest question is better than none.
    """
    texts = [q.text.lower() for q in (*questions, *avoid)]
    repeated = any(texts.count(q.text.lower()) > 1 for q in questions)
    faults = [(q, fault) for q in questions for fault in faults_of(brief, q)]
    if len(questions) != count or repeated or any(_somebody_stands_by(q) for q, _ in faults):
        raise ProviderError(provider, "invalid_response", retryable=True)
    if faults:
        log.warning("a plan with %d faults is shown: %s", len(faults), sorted({fault for _, fault in faults}))
    return questions


def _somebody_stands_by(question: PlannedQuestion) -> bool:
    return question.author is not None and not question.author.instead_of
