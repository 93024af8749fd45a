"""Who did a piece of work: which model planned, judged or wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """Who did a piece of work: `model` is a LanguageModel's name.

    Where the built-in stood in, `instead_of` names the vendor that was asked and `because` how it failed (a
    ProviderCategory).
    """

    model: str
    instead_of: str = ""
    because: str = ""
