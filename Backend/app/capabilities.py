"""Everything the product can reach, as one value handed down.

`container.py` decides what stands behind each Protocol.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.db import Database
from app.domain.persona import MAYA, Persona
from app.models import User
from app.services.avatar.base import Avatar
from app.services.identity.base import Identity, IdentityProvider
from app.services.language_model.base import LanguageModel
from app.services.speech.base import Recognizer, Voice
from app.services.video_storage.base import DirectStorage, VideoStorage
from app.settings import Settings


class Jobs(Protocol):
    """Durable work. Asking twice for the same interview is one job."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def prepare(self, interview_id: str) -> None: ...

    async def finish(self, interview_id: str) -> None: ...

    async def assemble(self, interview_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One signed-in device. `refresh_token` is None when another tab already holds the new one."""

    user: User
    access_token: str
    access_seconds: int
    refresh_token: str | None


@dataclass(frozen=True, slots=True)
class MailSent:
    """Nobody is signed in yet: the link in the mail comes first."""


AccountRemoval = Callable[[], Awaitable[None]]
"""Removes what an account has outside its rows: recordings, a vendor's copies."""


class Accounts(Protocol):
    """Who may come in, whoever keeps the passwords. Raises AppErrors; Unavailable when the keeper cannot be reached."""

    @property
    def can_reset_password(self) -> bool: ...

    @property
    def deletes_sign_in(self) -> bool:
        """Whether deleting an account also removes what one signs in with."""
        ...

    async def recognise(self, access_token: str) -> Identity:
        """Whose token it is; `subject` is our user id. Raises NotSignedIn, also when the sign-in has been ended."""
        ...

    async def until_ended(self, who: Identity) -> None:
        """Returns when this sign-in is over: signed out, used twice, password changed elsewhere, account gone."""
        ...

    async def sign_up(self, *, email: str, name: str, password: str) -> SignedIn | MailSent:
        """Raises Conflict for an address that is taken, where that is said at all."""
        ...

    async def sign_in(self, *, email: str, password: str) -> SignedIn:
        """Raises InvalidInput with one and the same message for an unknown address and a wrong password."""
        ...

    async def refresh(self, refresh_token: str) -> SignedIn:
        """Raises NotSignedIn when the token is unknown, used up or ended."""
        ...

    async def sign_out(self, *, access_token: str, refresh_token: str) -> None:
        """Ends this device's sign-in. Either token may be empty."""
        ...

    async def change_password(self, who: Identity, *, current: str, new: str) -> SignedIn | None:
        """Signs every other device out. Gives a new sign-in for this one where the old one ended as well."""
        ...

    async def recover(self, email: str) -> None:
        """Sends a link to choose a new password, to an address that has an account. Says nothing about which has."""
        ...

    async def reset_password(self, access_token: str, new: str) -> None:
        """With the token from such a link. Signs every device out."""
        ...

    async def delete(self, who: Identity, *, password: str, removal: AccountRemoval) -> bool:
        """Checks the password, calls `removal`, removes the rows. False: the sign-in remains with its keeper."""
        ...


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
    accounts: Accounts
    jobs: Jobs
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What a vendor's client wants done when the application stops."""
    direct_storage: DirectStorage | None = None
    """Set: the page sends its takes there; `video_storage` stands by."""
    persona: Persona = MAYA
    """Who interviews, and takes over from a vendor's call; `voice` is theirs."""
