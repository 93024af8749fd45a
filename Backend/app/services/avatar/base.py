"""The interviewer's face, in our words: who shows it, and what the page must do to show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

AvatarKind = Literal["built-in", "embedded-call"]


@dataclass(frozen=True, slots=True)
class AvatarBrief:
    """What a face needs to know to hold one interview.

    `name`: unique to this attempt, never reused; a vendor's session can be found again by it.
    `instructions`: manner and questions, and the person as fenced data; they go to the vendor's model as they are.
    `callback_url`: where a vendor may send word; None when it could not reach us.
    """

    name: str
    interview_id: str
    instructions: str
    greeting: str
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class AvatarConnection:
    """A started face. `built-in` is drawn by our page; `embedded-call` is a vendor's call at `conversation_url`.

    `join_token` opens a private call, for `join_token_s` seconds from its start.
    """

    id: str
    kind: AvatarKind
    conversation_url: str | None = None
    join_token: str | None = None
    join_token_s: int = 0


@dataclass(frozen=True, slots=True)
class VendorUtterance:
    """One stretch of speech in a vendor's own transcript of a call.

    `started_at_s`: seconds from the start of the call, None where the vendor does not say (then order is all there is).
    `inference_id`: the vendor's name for the turn, the same in what the call told live; may be empty.
    """

    role: Literal["interviewer", "candidate"]
    text: str
    started_at_s: float | None = None
    duration_s: float | None = None
    inference_id: str = ""


@dataclass(frozen=True, slots=True)
class AvatarReport:
    """What a vendor says of a session afterwards. `lines` None: no transcript (yet)."""

    ended: bool
    ended_reason: str = ""
    lines: tuple[VendorUtterance, ...] | None = None


class Avatar(Protocol):
    """Every method raises ProviderError and nothing else."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> AvatarKind: ...

    async def start(self, brief: AvatarBrief) -> AvatarConnection:
        """Costs money from here on with a vendor: never called twice for one `brief.name`.

        Categories timeout, unreachable, crashed and invalid_response leave open whether a session now exists:
        `find` it before another is started.
        """
        ...

    async def find(self, name: str) -> AvatarConnection | None:
        """The running session of that name, if there is one. It may lack its `join_token`."""
        ...

    async def end(self, session_id: str) -> None:
        """Idempotent; a session that is over or unknown is no error."""
        ...

    async def report(self, session_id: str) -> AvatarReport:
        """What became of a session, with its transcript once there is one."""
        ...

    async def forget(self, session_id: str) -> None:
        """Removes what the vendor keeps of a session. Idempotent."""
        ...

    async def close(self) -> None: ...
