"""What a concept card is: a matter of some trade, how to ask about it, and what a good answer shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.question import KeyPoint, QuestionKind

_SEVERAL_WORDS = re.compile(r"\w[\s-]+\w")


@dataclass(frozen=True)
class Card:
    """One matter an experienced interviewer of the trade would ask about.

    Args:
        key: unique name.
        name: a noun phrase that fits "Your resume does not mention …" and "… comes up often".
        when: regular expression, matched without case on whole words, that says a text touches the matter.
        ask: (kind, probe) pairs; a probe follows a sentence that restates the person's own claim.
        points: 3-5 key points, valid for each probe.
        fields: fields of work it belongs to, its own first.
        for_leaders: whether it is for people who lead others only.
    """

    key: str
    name: str
    when: str
    ask: tuple[tuple[QuestionKind, str], ...]
    points: tuple[KeyPoint, ...]
    fields: tuple[str, ...] = field(default=())
    for_leaders: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w])(?:{self.when})(?![\w])", re.IGNORECASE)

    def touches(self, text: str) -> bool:
        return self.pattern.search(text) is not None

    def fits(self, text: str) -> bool:
        """Whether the text speaks of the matter for sure: by two of its words, or by one term of several words.

        One word ("metrics", "modular", "theatre") means something else in another trade.
        """
        found = {match.group(0).lower() for match in self.pattern.finditer(text)}
        return len({term.rstrip("s") for term in found}) > 1 or any(_SEVERAL_WORDS.search(term) for term in found)


def point(text: str, follow_up: str, *examples: str) -> KeyPoint:
    """A key point: what it shows, the question for whoever missed it, and 3-5 utterances that would show it."""
    return KeyPoint(text=text, examples=examples, follow_up=follow_up)
