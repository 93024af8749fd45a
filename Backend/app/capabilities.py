"""Everything the product can reach, as one value handed down.

`container.py` decides what stands behind each Protocol.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.db import Database
from app.services.avatar.base import Avatar
from app.services.identity.base import IdentityProvider, TokenIssuer
from app.services.language_model.base import LanguageModel
from app.services.speech.base import Recognizer, Voice
from app.services.video_storage.base import VideoStorage
from app.settings import Settings


class Jobs(Protocol):
    """Durable work. Asking twice for the same interview is one job."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def prepare(self, interview_id: str) -> None: ...

    async def finish(self, interview_id: str) -> None: ...

    async def assemble(self, interview_id: str) -> None: ...


@dataclass
class Capabilities:
    """`recognizer` and `voice` are None when speech cannot run here: the room then works by typing and captions."""

    settings: Settings
    db: Database
    language_model: LanguageModel
    avatar: Avatar
    recognizer: Recognizer | None
    voice: Voice | None
    video_storage: VideoStorage
    identity: IdentityProvider
    access_tokens: TokenIssuer
    jobs: Jobs
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What a vendor's client wants done when the application stops."""
