"""What an interviewer who is not ours has just said: a planned question, a follow-up, a repetition, a goodbye.

The call's interviewer was given the planned questions word for word and mostly keeps to them. Words decide, not their
order: a greeting before a question or "so, tell me" in front of it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.conversation.echo import words_of
from app.conversation.state import ScriptQuestion

SAME_QUESTION = 0.7
"""Share of a question's telling words that make an utterance this question. Word for word gives 1.0, a changed tense
or a dropped half-sentence about 0.75; a follow-up that takes up a question's topic stays near 0.4."""
TOLD_ALREADY = 0.6
"""Share of neighbouring word pairs after which two recognisers are taken to have heard the same speech: they differ in
about every tenth word, which breaks every fifth pair."""
FEW_WORDS = 3
"""Questions with fewer telling words are told apart by all of their words instead."""
WINDOW = 3
"""A planned question has one to three sentences."""

_PLAIN = frozenset(
    re.findall(
        r"\S+",
        "a about also am an and any are as at be been but by can could did do does for from had has have how i if in "
        "into is it its just let like me more most much my next now of okay on one or our over please question really "
        "role s say so some something take talk tell than thank thanks that the their them then there these they thing "
        "this those time to up us very was we well were what when where which while who why will with would you your "
        "you'd i'd let's what's that's",
    )
)
_HOUSEKEEPING = re.compile(
    r"\b(?:shall we|are you (?:ready|still there|all right|okay|done|finished|comfortable)|can you (?:still )?hear me"
    r"|(?:would|do) you (?:like|want|need) (?:me to|more time|another|a moment|a minute|to (?:take|move|go|skip|add))"
    r"|(?:should|shall|can|could|may) (?:i|we) (?:repeat|rephrase|move on|go on|continue|begin|start)"
    r"|does that (?:make sense|sound|work)|sounds? good|how are you|anything else|do you have any questions"
    r"|(?:okay|ok|all right|right|ready))\?$"
    r"|^(?:shall we|are you ready|(?:would|do) you (?:like|want|need) (?:me to|more time|a moment|a minute|to "
    r"(?:take|move|go|skip|add))|(?:should|shall|can|could|may) (?:i|we) |(?:is there )?anything else|how are you"
    r"|can you (?:still )?hear|do you have any questions|does that make sense)\b",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"\b(?:good ?bye|bye|that (?:was|is) (?:my|the|our) last question|that(?:'s| is| was) all (?:of )?(?:my|the|our) "
    r"questions|(?:concludes?|end of) (?:our|the|this) interview|(?:end|wrap)s? (?:it )?up here"
    r"|(?:have|enjoy) (?:a|the rest of your) (?:\w+ )?(?:day|evening|weekend))\b",
    re.IGNORECASE,
)


def telling_words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words_of(text.replace("’", "'")) if word not in _PLAIN)


def _stem(word: str) -> str:
    for ending in ("'s", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def sentences_of(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?…])\s+", text) if part.strip()]


def likeness(question: str, text: str) -> float:
    """How much of `question` is in `text`, 0 to 1."""
    wanted = telling_words(question)
    if len(wanted) < FEW_WORDS:
        return _pairs_within(question, text)
    return len(wanted & telling_words(text)) / len(wanted)


def asked_in(text: str, questions: Sequence[ScriptQuestion]) -> ScriptQuestion | None:
    """Which of `questions` is asked in `text`; of several the last one, for that is the one to be answered."""
    parts = sentences_of(text)
    found: tuple[int, float, ScriptQuestion] | None = None
    for question in questions:
        for end in range(len(parts), 0, -1):
            windows = (" ".join(parts[max(0, end - length) : end]) for length in range(1, WINDOW + 1))
            best = max(likeness(question.text, window) for window in windows)
            # Its own last sentence is where it ends: one that merely lies within the window ended earlier.
            if best >= SAME_QUESTION and telling_words(question.text) & telling_words(parts[end - 1]):
                if found is None or (end, best) > found[:2]:
                    found = (end, best, question)
                break
    return found[2] if found else None


def follow_up_in(text: str) -> str:
    """The question put in `text`, without the words around it; empty when it asks nothing about the answer."""
    asked = [part for part in sentences_of(text) if part.endswith("?") and not _HOUSEKEEPING.search(part)]
    return " ".join(asked)


def says_goodbye(text: str) -> bool:
    return bool(_FAREWELL.search(text.replace("’", "'")))


def told_already(text: str, told: Iterable[str]) -> bool:
    """Whether another recogniser's lines `told` hold the speech of which `text` is a hearing."""
    return _pairs_within(text, " ".join(told)) >= TOLD_ALREADY


def _pairs_within(text: str, whole: str) -> float:
    words, others = words_of(text), words_of(whole)
    if len(words) < 2:
        return float(bool(words) and words[0] in others)
    pairs = list(pairwise(words))
    known = set(pairwise(others))
    return sum(pair in known for pair in pairs) / len(pairs)
