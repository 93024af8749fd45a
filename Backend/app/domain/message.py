"""What we have to say, as a code with its parameters; the sentence is made at the edge, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

VERBATIM = "verbatim"
"""The code of words that are nobody's to translate: a model's sentence, the person's own."""


@dataclass(frozen=True, slots=True)
class Message:
    """`code` names an entry of the catalogue (`app/texts`), `params` what stands in it.

    A parameter may be a message itself, or several things that the language joins into a list.
    """

    code: str
    params: Mapping[str, str | int | float | Message | tuple[str | Message, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.params.items())))


Param: TypeAlias = str | int | float | Message | tuple[str | Message, ...]


def message(code: str, /, **params: Param) -> Message:
    return Message(code, params)


def verbatim(text: str) -> Message:
    """Words as they were said or written."""
    return Message(VERBATIM, {"text": text})
