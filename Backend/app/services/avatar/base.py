"""The interviewer's face, in our words: who shows it, and what the page must do to show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class AvatarBrief:
    """What a face needs to know to hold one interview. All text is data."""

    interview_id: str
    candidate_name: str
    role: str
    questions: tuple[str, ...]
    greeting: str


@dataclass(frozen=True, slots=True)
class AvatarSession:
    """A started face. `built-in` is drawn by our page; `embedded-call` is a vendor's call at `conversation_url`."""

    id: str
    kind: Literal["built-in", "embedded-call"]
    persona: str
    conversation_url: str | None = None


class Avatar(Protocol):
    @property
    def name(self) -> str: ...

    async def start(self, brief: AvatarBrief) -> AvatarSession:
        """Raises ProviderError. Starting twice for one interview returns the same session."""
        ...

    async def end(self, session_id: str) -> None:
        """Idempotent."""
        ...
