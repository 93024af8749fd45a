"""Signed-in devices.

Each refresh token works once. It names its login session, so that one that comes back later is recognised however long
ago it was used: somebody else has a copy, and the sign-in ends.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import ROW_LOCK, Database
from app.errors import NotSignedIn
from app.models import LoginSession, User, new_id, now
from app.services.identity.base import used_twice

# Two tabs may refresh with the same token at once; within this time the second is an echo, not a theft.
ROTATION_GRACE = timedelta(seconds=20)

MOST_DAYS = 90

Because = Literal["signed_out", "used_twice", "password_changed"]


@dataclass(frozen=True, slots=True)
class Renewed:
    """`refresh_token` is None when another tab already holds the new one."""

    user: User
    login_session_id: str
    refresh_token: str | None


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def named_token(login_session_id: str, secret: str) -> str:
    return f"{login_session_id}.{secret}"


def parts_of(refresh_token: str) -> tuple[str, str]:
    """(login session id, secret). No id: the token was made before tokens named their login session."""
    name, dot, secret = refresh_token.partition(".")
    return (name, secret) if dot and len(name) == 36 else ("", refresh_token)


def start_login_session(
    session: AsyncSession, user_id: str, *, days: int, most_days: int = MOST_DAYS
) -> tuple[str, str]:
    """Adds a signed-in device; returns (login session id, refresh token).

    `days` without use end it, and `most_days` end it however much it is used.
    """
    row = LoginSession(id=new_id(), user_id=user_id, expires_at=_until(now(), days, most_days))
    token = _new_token(row.id)
    row.refresh_hash = token_hash(token)
    session.add(row)
    return row.id, token


async def renew(db: Database, refresh_token: str, *, days: int, most_days: int = MOST_DAYS) -> Renewed:
    """Raises NotSignedIn when the token is unknown, used up, ended or expired; it says so when that needs telling."""
    digest = token_hash(refresh_token)
    async with db.write() as session:
        row = await session.scalar(
            select(LoginSession)
            .where(_of_token(refresh_token))
            # The second of two tabs must see what the first has made of it.
            .with_for_update(**ROW_LOCK)
        )
        if row is None:
            raise ended("")
        if row.ended_at is None and row.expires_at > now():
            user = await session.get(User, row.user_id)
            if user is None:
                raise ended("")
            if row.refresh_hash == digest:
                token = _new_token(row.id)
                row.previous_hash, row.refresh_hash, row.rotated_at = digest, token_hash(token), now()
                row.expires_at = _until(row.created_at, days, most_days)
                return Renewed(user, row.id, token)
            if row.previous_hash == digest and now() - row.rotated_at < ROTATION_GRACE:
                return Renewed(user, row.id, None)
            row.ended_at, row.ended_because = now(), "used_twice"
        why = row.ended_because
    raise ended(why)


async def end_login_sessions(session: AsyncSession, which: ColumnElement[bool], because: Because) -> None:
    await session.execute(
        update(LoginSession).where(which, LoginSession.ended_at.is_(None)).values(ended_at=now(), ended_because=because)
    )


def of_device(login_session_id: str, refresh_token: str) -> ColumnElement[bool]:
    """The device that shows these. Either may be empty."""
    named, _ = parts_of(refresh_token)
    ids = [each for each in (login_session_id, named) if each]
    shown = LoginSession.id.in_(ids)
    return shown | (LoginSession.refresh_hash == token_hash(refresh_token)) if refresh_token else shown


def ended(because: str) -> NotSignedIn:
    if because == "used_twice":
        return used_twice()
    if because == "password_changed":
        return NotSignedIn(
            "sign_in_ended",
            "You were signed out because the password of this account was changed on another device. "
            "Please sign in with the new one.",
        )
    return NotSignedIn("not_signed_in", "Please sign in again.")


def _of_token(refresh_token: str) -> ColumnElement[bool]:
    # What bears a sign-in's name and is not its present token is taken for a used one. Nobody can make one up: the name
    # is random and known only to whoever holds its tokens, and could sign out with them as well.
    named, _ = parts_of(refresh_token)
    if named:
        return LoginSession.id == named
    digest = token_hash(refresh_token)
    return (LoginSession.refresh_hash == digest) | (LoginSession.previous_hash == digest)


def _until(started: datetime, days: int, most_days: int) -> datetime:
    return min(now() + timedelta(days=days), started + timedelta(days=most_days))


def _new_token(login_session_id: str) -> str:
    return named_token(login_session_id, secrets.token_urlsafe(32))
