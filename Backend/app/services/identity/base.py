"""Who vouches for a person, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as vouched for. `subject` is our user id, or the vendor's own id under `issuer`."""

    subject: str
    issuer: str
    role: str
    login_session_id: str = ""


class IdentityProvider(Protocol):
    @property
    def name(self) -> str: ...

    def verify(self, access_token: str) -> Identity:
        """Raises NotSignedIn when the token is expired, forged or not an access token. Does no I/O."""
        ...


class TokenIssuer(Protocol):
    """Signs access tokens for our own accounts. Absent when someone else vouches for people."""

    def issue(self, *, user_id: str, role: str, login_session_id: str, minutes: int) -> str: ...
