"""Signed-in devices.

Each refresh token works once; one that comes back later has been stolen, and ends the device's sign-in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import HELD, Database
from app.errors import NotSignedIn
from app.models import LoginSession, User, new_id, now

# Two tabs may refresh with the same token at once; within this time the second is an echo, not a theft.
ROTATION_GRACE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Renewed:
    """`refresh_token` is None when another tab already holds the new one."""

    user: User
    login_session_id: str
    refresh_token: str | None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start_login_session(session: AsyncSession, user_id: str, *, days: int) -> tuple[str, str]:
    """Adds a signed-in device; returns (login session id, refresh token)."""
    token = secrets.token_urlsafe(32)
    row = LoginSession(id=new_id(), user_id=user_id, refresh_hash=_hash(token), expires_at=now() + timedelta(days=days))
    session.add(row)
    return row.id, token


async def renew(db: Database, refresh_token: str, *, days: int) -> Renewed:
    """Raises NotSignedIn when the token is unknown, used up, ended or expired."""
    digest = _hash(refresh_token)
    stolen = False
    async with db.write() as session:
        row = await session.scalar(
            select(LoginSession)
            .where((LoginSession.refresh_hash == digest) | (LoginSession.previous_hash == digest))
            # The second of two tabs must see what the first has made of it.
            .with_for_update(**HELD)
        )
        if row is not None and row.ended_at is None and row.expires_at > now():
            user = await session.get(User, row.user_id)
            if user is not None and row.refresh_hash == digest:
                token = secrets.token_urlsafe(32)
                row.previous_hash, row.refresh_hash, row.rotated_at = digest, _hash(token), now()
                row.expires_at = now() + timedelta(days=days)
                return Renewed(user, row.id, token)
            if user is not None and now() - row.rotated_at < ROTATION_GRACE:
                return Renewed(user, row.id, None)
            row.ended_at = now()
            stolen = True
    raise NotSignedIn("sign_in_ended" if stolen else "not_signed_in", "Please sign in again.")


async def end_login_session(db: Database, refresh_token: str) -> None:
    async with db.write() as session:
        await session.execute(
            update(LoginSession).where(LoginSession.refresh_hash == _hash(refresh_token)).values(ended_at=now())
        )


async def end_other_login_sessions(session: AsyncSession, user_id: str, *, keep: str) -> None:
    await session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.id != keep, LoginSession.ended_at.is_(None))
        .values(ended_at=now())
    )
