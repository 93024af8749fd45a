"""Local accounts' access tokens: short HS256 JWTs signed with this installation's own key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt

from app.domain.role import Role, role_of
from app.errors import NotSignedIn
from app.services.identity.base import Identity

ISSUER = "interviewdost"
AUDIENCE = "interviewdost-api"


class EmbeddedIdentity:
    name = "local accounts"

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, *, user_id: str, role: Role, login_session_id: str, minutes: int) -> str:
        issued = datetime.now(UTC)
        return jwt.encode(
            {
                "iss": ISSUER,
                "aud": AUDIENCE,
                "sub": user_id,
                "role": role,
                "sid": login_session_id,
                "iat": issued,
                "exp": issued + timedelta(minutes=minutes),
            },
            self._key,
            algorithm="HS256",
        )

    async def verify(self, access_token: str) -> Identity:
        try:
            claims = jwt.decode(
                access_token,
                self._key,
                algorithms=["HS256"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "sub", "role", "sid"]},
            )
        except jwt.InvalidTokenError as error:
            raise NotSignedIn("not_signed_in", "Please sign in again.") from error
        return Identity(
            subject=str(claims["sub"]), issuer=ISSUER, role=role_of(claims["role"]), login_session_id=str(claims["sid"])
        )
