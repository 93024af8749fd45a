"""Concept cards: what experienced interviewers of many trades ask about, one file per field, our own writing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module

from app.services.language_model.embedded.cards.card import Card

# The order is the order of preference between cards that touch the same text: trades before what holds for all.
_FILES = (
    "care", "teaching", "trades", "sales", "law", "kitchen", "finance", "backend", "frontend", "data", "mechanical", "civil",
    "hr", "product", "logistics", "design", "marketing", "service", "office", "social", "science", "lead", "any",
)  # fmt: skip


@cache
def all_cards() -> tuple[Card, ...]:
    """Every card, with the field of its file added to its fields. Loaded once."""
    cards: list[Card] = []
    for name in _FILES:
        module = import_module(f"{__name__}.{name}")
        cards.extend(replace(card, fields=tuple(dict.fromkeys((name, *card.fields)))) for card in module.CARDS)
    return tuple(cards)
