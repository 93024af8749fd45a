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

    def stored(self) -> str:
        """At most 80 characters, as kept in `planned_by`, `judged_by` and `written_by`."""
        return f"{self.model}; {self.instead_of}: {self.because}"[:80] if self.instead_of else self.model[:80]

    @staticmethod
    def read(stored: str) -> Author | None:
        """What `stored` made; None where nobody was noted."""
        model, _, rest = stored.partition("; ")
        instead_of, _, because = rest.partition(": ")
        return Author(model, instead_of, because) if model else None
