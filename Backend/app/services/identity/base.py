"""Who vouches for a person, and who keeps their password, in our words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from app.domain.role import Role
from app.errors import InvalidInput, NotSignedIn


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as vouched for. `subject` is our user id, or the vendor's own id under `issuer`.

    `email` and `name` are filled in by a vendor; the name is what the person typed, so nothing but a greeting.
    """

    subject: str
    issuer: str
    role: Role
    login_session_id: str = ""
    email: str = ""
    name: str = ""


class IdentityProvider(Protocol):
    @property
    def name(self) -> str: ...

    async def verify(self, access_token: str) -> Identity:
        """Raises NotSignedIn when the token is expired, forged or not a person's access token.

        May fetch the issuer's public keys, seldom; ProviderError when it has none and cannot get them.
        """
        ...


class TokenIssuer(Protocol):
    """Signs access tokens for our own accounts."""

    def issue(self, *, user_id: str, role: Role, login_session_id: str, minutes: int) -> str: ...


@dataclass(frozen=True, slots=True)
class SignInTokens:
    """One signed-in device at a vendor. The refresh token works once."""

    access_token: str
    refresh_token: str
    access_seconds: int


Devices = Literal["local", "others", "global"]
"""The device whose token it is, all but that one, or all."""


class SignInService(Protocol):
    """Keeps people and their passwords somewhere else.

    Every call may raise ProviderError; a refusal that the person can put right, or must know of, is an AppError:
    InvalidInput, Conflict, NotAllowed, NotSignedIn or TooMany. None is repeated unless repeating is harmless.
    """

    @property
    def can_remove(self) -> bool:
        """Whether `remove` may be called."""
        ...

    async def sign_up(self, *, email: str, password: str, name: str) -> SignInTokens | None:
        """None: a mail was sent, and nobody is signed in until its link is followed."""
        ...

    async def sign_in(self, *, email: str, password: str) -> SignInTokens: ...

    async def refresh(self, refresh_token: str) -> SignInTokens: ...

    async def sign_out(self, access_token: str, devices: Devices) -> None: ...

    async def set_password(self, access_token: str, new: str) -> None: ...

    async def send_recovery(self, email: str) -> None:
        """Says nothing about whether the address is known."""
        ...

    async def remove(self, subject: str) -> None:
        """Removes the person there. One who is gone already is removed."""
        ...


@dataclass(frozen=True, slots=True)
class HostedIdentity:
    """Somebody else who vouches for people and keeps their passwords. `close` is for the end of the application."""

    provider: IdentityProvider
    service: SignInService
    close: Callable[[], Awaitable[None]]


def used_twice() -> NotSignedIn:
    """A refresh token that had been used up came back: somebody has a copy of it, and the sign-in has ended."""
    return NotSignedIn(
        "sign_in_ended",
        "You were signed out because this sign-in was used in two places, so somebody may have copied it. "
        "Please sign in again, and choose a new password if that was not you.",
    )


def wrong_sign_in() -> InvalidInput:
    """One answer for an unknown address and a wrong password."""
    return InvalidInput("wrong_sign_in", "The address or the password is not right.")
