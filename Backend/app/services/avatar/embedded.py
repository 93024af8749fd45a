"""The built-in face: drawn in the candidate's browser, so there is nothing to start elsewhere."""

from __future__ import annotations

from app.services.avatar.base import AvatarBrief, AvatarSession


class EmbeddedAvatar:
    name = "built-in"

    def __init__(self, persona: str = "maya") -> None:
        self._persona = persona

    async def start(self, brief: AvatarBrief) -> AvatarSession:
        return AvatarSession(id=f"built-in:{brief.interview_id}", kind="built-in", persona=self._persona)

    async def end(self, session_id: str) -> None:
        return None
