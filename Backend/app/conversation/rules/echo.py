"""Is this the candidate, or the interviewer's own voice coming back through the microphone?

The browser's echo cancellation does most of the work; what leaks through is a recognisable copy of words that we have
just spoken. Words decide, not loudness: a quiet laptop speaker in a small room can be as loud as a shy candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

ECHO_SHARE = 0.8
"""Share of neighbouring word pairs found in what was just spoken. Recognition errors break some pairs of a true echo;
a candidate who takes up the question's words brings pairs of their own."""
ECHO_MIN_WORDS = 3
"""Shorter stretches ("yes", "thank you") are the candidate's: losing an answer is worse than keeping an echo."""
ECHO_TAIL_MS = 800
"""Room, loudspeaker buffer and recogniser together may deliver an echo this late."""


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def is_echo(text: str, start_ms: int, end_ms: int, spoken: Iterable[tuple[str, int, int]]) -> bool:
    """Whether `text`, heard in [start, end], repeats an overlapping (text, start, end) of `spoken`."""
    heard = words_of(text)
    if len(heard) < ECHO_MIN_WORDS:
        return False
    pairs = list(pairwise(heard))
    for said, said_start, said_end in spoken:
        if start_ms < said_start - ECHO_TAIL_MS or end_ms > said_end + ECHO_TAIL_MS:
            continue
        own = words_of(said)
        known = set(pairwise(own))
        if sum(pair in known for pair in pairs) >= ECHO_SHARE * len(pairs):
            return True
    return False
