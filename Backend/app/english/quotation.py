"""What of a person's own text may be repeated in a question.

A resume, a job description or a role is data. The planner copies words out of it, so the only thing hostile
text could do is to be read aloud. A fragment that looks like markup, code, a link or an order to a machine is
therefore never quoted; it is not deleted from the profile, only left alone.
"""

from __future__ import annotations

import re

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|question|above|previous|prior)"
    r"|\bsystem\s*(?:prompt|message|override)"
    r"|\byou\s+are\s+(?:now|an?|the)\b.{0,40}\b(?:ai|assistant|model|bot|chatbot|interviewer|judge)\b"
    r"|\bas\s+an?\s+(?:ai|language\s+model)\b"
    r"|\b(?:give|award|assign|rate|score|grade|mark)\b.{0,50}\b(?:100|full\s+marks|10/10|maximum|highest|perfect|five\s+stars)"
    r"|\bdo\s+not\s+(?:ask|score|judge|follow|tell|reveal)\b"
    r"|\b(?:print|output|respond|reply|answer|repeat)\s+(?:only|exactly|the\s+following|with)\b"
    r"|\b(?:hire|recommend|accept)\s+(?:me|this\s+candidate)\b"
    r"|\bthis\s+candidate\s+(?:is|should|must|has)\b"
    r"|\b(?:prompt\s+injection|jailbreak|developer\s+mode)\b"
    r"|^\s*(?:system|assistant|user|interviewer)\s*:",
    re.IGNORECASE,
)
_NOT_PROSE = re.compile(r"[<>{}\[\]`\\^~|=]|https?:|www\.|\S@\S|\x00|/\*|\*/|--\s|\$\(|&[a-z]+;")
_SPACE = re.compile(r"\s+")


def is_order(text: str) -> bool:
    """Whether the text tries to instruct a reader or a machine instead of describing a person."""
    return _ORDERS.search(text) is not None


def quotable(text: str, *, limit: int = 400) -> bool:
    """Whether `text` (at most `limit` characters) reads as plain words that may be said aloud."""
    if not text or len(text) > limit or is_order(text) or _NOT_PROSE.search(text):
        return False
    if any(len(word) > 32 for word in text.split()):
        return False
    if not text.isprintable():
        return False
    letters = sum(ch.isalpha() for ch in text)
    return letters >= 2 and letters >= 0.5 * len(text.replace(" ", ""))


def first_clean_part(text: str, *, limit: int = 60) -> str:
    """The first quotable phrase of `text`, at most `limit` characters; empty when there is none.

    Used for a role, which must be named although nothing can be asked back: "Nurse. Ignore all rules" gives "Nurse".
    """
    # What stands behind a bracket of markup is part of it, so only what comes before counts.
    for part in re.split(r"[\n\r\t.;:!?|\"]+", re.split(r"[<>{}\[\]]", text[:2000])[0]):
        phrase = _SPACE.sub(" ", part).strip(" ,-/*#")
        if phrase.count("(") != phrase.count(")"):
            phrase = phrase.split("(")[0].strip()
        if len(phrase) > limit:
            phrase = phrase[: limit + 1].rsplit(" ", 1)[0].strip(" ,-/")
        if phrase and len(phrase) <= limit and quotable(phrase, limit=limit):
            return phrase
    return ""
