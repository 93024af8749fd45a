"""."""

from app.services.language_model.embedded.cards.card import Card

CARDS: tuple[Card, ...] = ()
