"""The line form that the role library and the skill bank share, and what every entry of them is made of.

== key | name …
word: a value on one line
-- key of a part
* What a good answer does -> the follow-up for whoever missed it
  an utterance that would show it                         (one or more)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from app.domain.question import KeyPoint

Level = Literal["junior", "mid", "senior"]
LEVELS: tuple[Level, ...] = ("junior", "mid", "senior")

_VALUE = re.compile(r"([a-z]+): (.+)")
_BLOCK = re.compile(r"^== ", re.MULTILINE)
_PART = re.compile(r"^-- ", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """A head line and, in order, the values and runs of key points under it.

    `points` holds one run per stretch of points between values, in order.
    """

    where: str
    head: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)
    points: list[tuple[KeyPoint, ...]] = field(default_factory=list)

    def value(self, word: str) -> str:
        """The value of `word`; ValueError naming file and entry when it is missing."""
        if word not in self.values:
            raise ValueError(f"{self.where}: '{word}:' is missing")
        return self.values[word]


def blocks(text: str) -> list[str]:
    """The entries of one file, each from its head line on."""
    return _BLOCK.split(text)[1:]


def head_of(block: str, where: str, size: int) -> tuple[str, ...]:
    """The `size` fields of an entry's head line; ValueError when there are more or fewer."""
    line = block.split("\n", 1)[0]
    fields = tuple(part.strip() for part in line.split("|"))
    if len(fields) != size or not all(fields):
        raise ValueError(f"{where}: the head line needs {size} fields: {line}")
    return fields


def parts_of(block: str, file: str) -> list[Part]:
    """An entry's own lines as the first part, then one for each `--` line. Raises ValueError for an unreadable line."""
    found: list[Part] = []
    for order, piece in enumerate(_PART.split(block)):
        lines = [line.rstrip() for line in piece.splitlines() if line.strip() and not line.startswith("#")]
        head = tuple(field.strip() for field in lines[0].split("|"))
        part = Part(f"{file}/{head[0]}" if order == 0 else f"{found[0].where}/{head[0]}", head)
        run: list[KeyPoint] = []
        for line in lines[1:]:
            if line.startswith("* "):
                shows, arrow, follow_up = (piece.strip() for piece in line[2:].partition("->"))
                if not arrow or not shows or not follow_up:
                    raise ValueError(f"{part.where}: a key point needs '->' and a follow-up: {line}")
                run.append(KeyPoint(text=shows, follow_up=follow_up))
            elif line.startswith("  ") and run:
                last = run[-1]
                run[-1] = KeyPoint(last.text, (*last.examples, line.strip()), last.follow_up)
            elif matched := _VALUE.fullmatch(line):
                if run:
                    part.points.append(tuple(run))
                    run = []
                if matched[1] in part.values:
                    raise ValueError(f"{part.where}: '{matched[1]}:' stands twice")
                part.values[matched[1]] = matched[2].strip()
            else:
                raise ValueError(f"{part.where}: cannot read the line: {line}")
        if run:
            part.points.append(tuple(run))
        for point in (point for points in part.points for point in points):
            if not point.examples:
                raise ValueError(f"{part.where}: no example under: {point.text}")
        found.append(part)
    return found


def names_of(listed: str) -> tuple[str, ...]:
    """`a; b; c` as a tuple, in order."""
    return tuple(name for part in listed.split(";") if (name := part.strip()))
