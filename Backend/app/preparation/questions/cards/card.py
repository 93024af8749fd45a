"""What a concept card is: a matter of some trade, how to ask about it, and what a good answer shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.question import KeyPoint, QuestionKind


@dataclass(frozen=True)
class Card:
    """One matter an experienced interviewer of the trade would ask about.

    Args:
        key: unique name.
        name: a noun phrase that fits "Your resume does not mention …" and "… comes up often".
        when: regular expression, matched without case on whole words, that says a text touches the matter.
        ask: (kind, probe) pairs; a probe follows a sentence that restates the person's own claim.
        scenario: a question that stands alone, for someone whose resume does not touch the matter.
        points: 3-5 key points, valid for each probe and for the scenario.
        fields: fields of work it belongs to, its own first.
        roles: regular expression of the roles whose daily work it is; empty for every role of its field.
        for_leaders: whether the scenario is for people who lead others only.
    """

    key: str
    name: str
    when: str
    ask: tuple[tuple[QuestionKind, str], ...]
    scenario: str
    points: tuple[KeyPoint, ...]
    fields: tuple[str, ...] = field(default=())
    for_leaders: bool = False
    roles: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w])(?:{self.when})(?![\w])", re.IGNORECASE)

    @cached_property
    def _role_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w])(?:{self.roles})(?![\w])", re.IGNORECASE)

    def is_work_of(self, role: str) -> bool:
        return not self.roles or self._role_pattern.search(role) is not None

    def touches(self, text: str) -> bool:
        return self.pattern.search(text) is not None


def point(text: str, follow_up: str, *examples: str) -> KeyPoint:
    """A key point: what it shows, the question for whoever missed it, and 3-5 utterances that would show it."""
    return KeyPoint(text=text, examples=examples, follow_up=follow_up)
