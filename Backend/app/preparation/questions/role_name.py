"""The role as it is said aloud: the occupation out of what somebody typed, with its article, and written out."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Final

from app.english.grammar import in_sentence, with_article
from app.english.quotation import first_clean_part

_WISH = re.compile(
    r"^.*?\b(?:seeking|looking for|searching for|applying (?:for|to|as)|apply(?:ing)? for|interested in|aspiring(?: to be(?:come)?)?|"
    r"want(?:s|ing)? to (?:be|become|work as)|(?:role|position|job|post) of|hoping to (?:be|become|work as))\s+"
    r"(?:(?:an?|the|my first|some|new|any)\s+)*",
    re.IGNORECASE,
)
_VACANCY = re.compile(
    r"\s+(?:jobs?|roles?|positions?|posts?|openings?|vacanc(?:y|ies)|opportunit(?:y|ies))$", re.IGNORECASE
)
_BODY = re.compile(r"\b(?:crew|staff|faculty|personnel|police|team)$", re.IGNORECASE)
_FIELD = re.compile(
    r"\b(?:resources|operations|sales|relations|services|affairs|finance|marketing|nursing|engineering|accounting|teaching|"
    r"management|administration|support|law|design|logistics|analytics|development|research|banking|consulting|hr|it)$",
    re.IGNORECASE,
)
_WRITTEN_OUT: Final = {
    "ceo": "chief executive officer",
    "cto": "chief technology officer",
    "cfo": "chief financial officer",
    "coo": "chief operating officer",
    "cmo": "chief marketing officer",
    "cio": "chief information officer",
    "vp": "vice president",
    "hr": "human resources",
    "sde": "software development engineer",
    "swe": "software engineer",
    "qa": "quality assurance",
    "po": "probationary officer",
    "pm": "product manager",
    "ca": "chartered accountant",
    "rn": "registered nurse",
}


def role_name(typed: str) -> str:
    """ "Army veteran seeking security supervisor job" is a security supervisor; empty where nothing can be said aloud."""
    phrase = first_clean_part(typed)
    # With a space before it, so that a mere "job" is a vacancy as well, and no occupation.
    named = _VACANCY.sub("", " " + _WISH.sub("", phrase)).strip()
    return in_sentence(named) if len(named) > 1 else ""


def as_somebody(role: str) -> str:
    """The role as what somebody is: "a nurse", "a member of the cabin crew", "someone in human resources"."""
    if " of " in role:
        # "Head of sales" is somebody already.
        return with_article(role)
    if _BODY.search(role):
        return f"a member of the {role}"
    return f"someone in {role}" if _FIELD.search(role) else with_article(role)


def written_out(text: str) -> str:
    """With the titles that people shorten also in full, for comparing: "President & CEO" is a chief executive officer."""
    return " ".join(f"{word} {_WRITTEN_OUT.get(word.strip('.,/&()').lower(), '')}".rstrip() for word in text.split())
