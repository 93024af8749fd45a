"""Concept cards: what experienced interviewers of many trades ask about, one file per field, our own writing.

A file is read by `parse_cards`; its form is

    == key | name as it stands in a sentence
    when: regular expression of what a text must say
    also: further fields it belongs to                        (optional)
    level: senior                                             (optional: only for people who lead others)
    project: a probe that follows the person's own claim      (any kind of question; one or more)
    * What a good answer shows -> the follow-up for whoever missed it
      an utterance that would show it                         (three to five)
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import get_args

from app.domain.question import KeyPoint, QuestionKind
from app.preparation.questions.cards.card import Card, point

# The order is the order of preference between cards that touch the same text: trades before what holds for all.
FILES = (
    "care", "teaching", "trades", "sales", "law", "kitchen", "finance", "backend", "frontend", "data", "mechanical",
    "civil", "hr", "product", "logistics", "design", "marketing", "service", "office", "social", "science",
    "lead", "any",
)  # fmt: skip
_KINDS: dict[str, QuestionKind] = {kind: kind for kind in get_args(QuestionKind)}


@cache
def all_cards() -> tuple[Card, ...]:
    """Every card, in order of preference. Loaded once; ValueError names the file and card that is malformed."""
    folder = Path(__file__).parent
    cards = tuple(card for name in FILES for card in parse_cards((folder / f"{name}.cards").read_text("utf-8"), name))
    keys = [card.key for card in cards]
    if len(set(keys)) != len(keys):
        raise ValueError(f"two cards have the key {next(k for k in keys if keys.count(k) > 1)}")
    return cards


def parse_cards(text: str, field: str) -> tuple[Card, ...]:
    """The cards of one file. Raises ValueError with the card's name for a missing or malformed part."""
    cards: list[Card] = []
    for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        lines = [line.rstrip() for line in block.splitlines() if line.strip() and not line.startswith("#")]
        key, _, name = (part.strip() for part in lines[0].partition("|"))
        values: list[tuple[str, str]] = []
        points: list[tuple[str, str, list[str]]] = []
        for line in lines[1:]:
            if line.startswith("* "):
                shows, arrow, follow_up = (part.strip() for part in line[2:].partition("->"))
                if not arrow:
                    raise ValueError(f"{field}/{key}: a key point needs '->' and a follow-up: {line}")
                points.append((shows, follow_up, []))
            elif line.startswith("  ") and points:
                points[-1][2].append(line.strip())
            elif re.match(r"[a-z]+: ", line):
                word, _, rest = line.partition(": ")
                values.append((word, rest.strip()))
            else:
                raise ValueError(f"{field}/{key}: cannot read the line: {line}")
        cards.append(_card(field, key, name, values, points))
    return tuple(cards)


def _card(
    field: str, key: str, name: str, values: list[tuple[str, str]], points: list[tuple[str, str, list[str]]]
) -> Card:
    single = dict(values)
    if "when" not in single:
        raise ValueError(f"{field}/{key}: 'when:' is missing")
    extra = tuple(single["also"].split()) if "also" in single else ()
    ask = tuple((_KINDS[word], rest) for word, rest in values if word in _KINDS)
    if not key or not name or not ask or not 3 <= len(points) <= 5:
        raise ValueError(f"{field}/{key}: needs a name, a probe and three to five key points")
    made: list[KeyPoint] = [point(shows, follow_up, *examples) for shows, follow_up, examples in points]
    if any(not 3 <= len(p.examples) <= 5 for p in made):
        raise ValueError(f"{field}/{key}: each key point needs three to five examples")
    card = Card(
        key,
        name,
        single["when"],
        ask,
        tuple(made),
        (field, *extra),
        single.get("level") == "senior",
    )
    card.touches("")
    return card
