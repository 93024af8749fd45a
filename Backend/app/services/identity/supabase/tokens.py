"""Whether a Supabase access token is genuine and speaks for a signed-in person. Nothing in the token chooses how.

Sources of the claims: the vendor's server (internal/tokens) and its documents on JWT fields. `user_metadata` is written
by the person, so it gives a name to greet by and nothing else; the role is read from `app_metadata.role` alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import jwt

from app.domain.limits import MAX_EMAIL, MAX_NAME
from app.domain.role import role_of
from app.errors import NotSignedIn
from app.services.identity.base import Identity
from app.services.identity.supabase.keys import ALGORITHMS, PublishedKeys

AUDIENCE = "authenticated"
LEEWAY_S = 10


class SupabaseIdentity:
    """With `legacy_secret` only HS256 is accepted; without it only what the project's published keys have signed."""

    name = "Supabase"

    def __init__(self, issuer: str, keys: PublishedKeys, legacy_secret: str = "") -> None:
        self._issuer = issuer
        self._keys = keys
        # The secret is used as it is written: it is not base64, though it looks so.
        self._secret = legacy_secret.encode()

    async def verify(self, access_token: str) -> Identity:
        try:
            return _person(await self._claims(access_token), self._issuer)
        except (jwt.PyJWTError, _NoPerson) as error:
            raise NotSignedIn("not_signed_in", "Please sign in again.") from error

    async def _claims(self, token: str) -> Mapping[str, object]:
        if self._secret:
            return self._decoded(token, self._secret, ["HS256"])
        key = await self._keys.find(str(jwt.get_unverified_header(token).get("kid", "")))
        if key is None:
            raise jwt.InvalidKeyError("no such key")
        return self._decoded(token, key, list(ALGORITHMS))

    def _decoded(self, token: str, key: bytes | jwt.PyJWK, algorithms: list[str]) -> Mapping[str, object]:
        return jwt.decode(
            token,
            key,
            algorithms=algorithms,
            audience=AUDIENCE,
            issuer=self._issuer,
            leeway=LEEWAY_S,
            options={"require": ["exp", "sub", "aud", "iss"]},
        )


class _NoPerson(Exception):
    """A genuine token that speaks for nobody who may come in: a project key, an anonymous visitor."""


def _person(claims: Mapping[str, object], issuer: str) -> Identity:
    email = claims.get("email")
    if claims.get("role") != "authenticated" or claims.get("is_anonymous"):
        raise _NoPerson
    if not isinstance(email, str) or not 0 < len(email) <= MAX_EMAIL:
        raise _NoPerson
    try:
        subject = str(uuid.UUID(str(claims["sub"])))
        # Without it nobody could be signed out before the token runs out.
        login_session_id = str(uuid.UUID(str(claims.get("session_id"))))
    except ValueError:
        raise _NoPerson from None
    given = _object(claims, "user_metadata")
    typed = next((each for name in ("name", "full_name") if isinstance(each := given.get(name), str)), "")
    return Identity(
        subject=subject,
        issuer=issuer,
        role=role_of(_object(claims, "app_metadata").get("role")),
        login_session_id=login_session_id,
        email=email,
        name=" ".join(typed.split())[:MAX_NAME] or email.split("@")[0][:MAX_NAME],
    )


def _object(claims: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = claims.get(name)
    return value if isinstance(value, dict) else {}
