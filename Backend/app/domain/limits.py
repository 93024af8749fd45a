"""How much a person may give us: each number once, for schemas, columns, messages and pages.

`python -m app.limits_ts` hands them to the pages. What files and recordings may hold are settings (`MAX_RESUME_BYTES`
and its like), since they depend on the machine.
"""

from __future__ import annotations

from typing import Final

# Characters of one text.
MIN_PASSWORD: Final = 10
"""Length is what makes a password hard to guess; no rule about signs."""
MAX_PASSWORD: Final = 200
MAX_NAME: Final = 120
MAX_EMAIL: Final = 320
MIN_ROLE: Final = 2
MAX_ROLE: Final = 120
MAX_JOB_DESCRIPTION: Final = 20_000
MAX_RESUME_TEXT: Final = 60_000
"""Pasted: three times the longest of thirty pages that people really send."""
MAX_HEADLINE: Final = 300
MAX_SKILL: Final = 80
MAX_TITLE: Final = 200
MAX_ORGANISATION: Final = 200
MAX_DATE: Final = 20
"""As a person writes one: "March 2021"."""
MAX_PERIOD: Final = 60
MAX_CLAIM: Final = 600
MAX_CLAIM_NUMBER: Final = 60
MAX_ANSWER: Final = 8_000
"""Typed, or said in a call, at a time."""
MAX_SEARCH: Final = 120
MIN_OWN_QUESTION: Final = 10
MAX_OWN_QUESTION: Final = 320
MAX_REQUIREMENT: Final = 200
"""A line of an advert."""

# How many.
MAX_SKILLS: Final = 40
"""Of an interview."""
MAX_PROFILE_SKILLS: Final = 60
MAX_POSITIONS: Final = 40
MAX_CLAIMS: Final = 120
MAX_CLAIM_NUMBERS: Final = 20
MAX_CLAIM_SKILLS: Final = 30
MAX_QUESTIONS: Final = 12
"""Of one interview, those added included."""
MAX_SAVED_QUESTIONS: Final = 100
MAX_RESUME_PAGES: Final = 30


def size_words(size_bytes: int) -> str:
    """As a person reads it, and never more than it is: 10485760 → "10 MB", 1600000 → "1.6 MB", 300000 → "300 kB"."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size_bytes >= unit:
            whole, tenth = divmod(size_bytes * 10 // unit, 10)
            return f"{whole}.{tenth} {name}" if whole < 10 and tenth else f"{whole} {name}"
    return f"{size_bytes} bytes"
