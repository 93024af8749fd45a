"""The built-in face: drawn in the candidate's browser, so there is nothing to start elsewhere."""

from __future__ import annotations

from app.services.avatar.base import AvatarBrief, AvatarConnection, AvatarKind, AvatarReport


class EmbeddedAvatar:
    name = "built-in"
    kind: AvatarKind = "built-in"

    async def start(self, brief: AvatarBrief) -> AvatarConnection:
        return AvatarConnection(id=brief.name, kind="built-in")

    async def find(self, name: str) -> AvatarConnection | None:
        return None

    async def end(self, session_id: str) -> None:
        return None

    async def report(self, session_id: str) -> AvatarReport:
        return AvatarReport(ended=True)

    async def forget(self, session_id: str) -> None:
        return None

    async def close(self) -> None:
        return None
