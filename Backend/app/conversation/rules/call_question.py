"""What an interviewer who is not ours has just said: a planned question, a follow-up, a repetition, a goodbye.

The call's interviewer was given the planned questions word for word and mostly keeps to them. Words decide, not their
order: a greeting before a question or "so, tell me" in front of it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.conversation.rules.echo import words_of
from app.conversation.rules.state import ScriptQuestion

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
    places = [(*_place(question, parts), question) for question in questions]
    taken: list[tuple[int, int, ScriptQuestion]] = []
    # The likest first: where two would claim the same sentences, the other only shares words with it.
    for like, start, end, question in sorted(places, key=lambda one: -one[0]):
        if like >= SAME_QUESTION and all(end <= first or start >= last for first, last, _ in taken):
            taken.append((start, end, question))
    return max(taken, key=lambda one: one[1])[2] if taken else None


def _place(question: ScriptQuestion, parts: Sequence[str]) -> tuple[float, int, int]:
    """Where it is likest put: how much of it, from which sentence, up to which."""
    best = (0.0, 0, 0)
    for end in range(1, len(parts) + 1):
        for start in range(end - 1, max(-1, end - 1 - WINDOW), -1):
            like = likeness(question.text, " ".join(parts[start:end]))
            if like > best[0]:
                best = (like, start, end)
    return best


def follow_up_in(text: str) -> str:
    """The question put in `text`, without the words around it; empty when it asks nothing about the answer."""
    asked = [part for part in sentences_of(text) if part.endswith("?") and not _HOUSEKEEPING.search(part)]
    return " ".join(asked)


def says_goodbye(text: str) -> bool:
    return bool(_FAREWELL.search(text.replace("’", "'")))


def told_already(text: str, told: Iterable[str]) -> bool:
    """Whether another recogniser's lines `told` hold the speech of which `text` is a hearing."""
    if len(words_of(text)) < 2:
        # A lone word is found anywhere; it must be a line of its own.
        return any(words_of(line) == words_of(text) for line in told)
    return _pairs_within(text, " ".join(told)) >= TOLD_ALREADY


def _pairs_within(text: str, whole: str) -> float:
    words, others = words_of(text), words_of(whole)
    if len(words) < 2:
        return float(bool(words) and words[0] in others)
    pairs = list(pairwise(words))
    known = set(pairwise(others))
    return sum(pair in known for pair in pairs) / len(pairs)
