"""Accounts: made, signed in to, changed, deleted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.login_sessions import end_other_login_sessions, start_login_session
from app.accounts.passwords import hash_password, password_matches
from app.db import Database
from app.errors import Conflict, InvalidInput, NotSignedIn
from app.models import User, new_id


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    login_session_id: str
    refresh_token: str


def normal_email(email: str) -> str:
    return email.strip().lower()


async def create_account(db: Database, *, email: str, name: str, password: str, role: str = "candidate") -> User:
    """Raises Conflict when the address already has an account. `role` never comes from a client."""
    user = User(
        id=new_id(), email=normal_email(email), name=name, password_hash=await hash_password(password), role=role
    )
    try:
        async with db.write() as session:
            session.add(user)
    except IntegrityError as error:
        raise Conflict(
            "email_taken", "There is already an account with this address. Try signing in.", field="email"
        ) from error
    return user


async def sign_up(db: Database, *, email: str, name: str, password: str, refresh_days: int) -> SignedIn:
    user = await create_account(db, email=email, name=name, password=password)
    async with db.write() as session:
        login_session_id, token = start_login_session(session, user.id, days=refresh_days)
    return SignedIn(user, login_session_id, token)


async def sign_in(db: Database, *, email: str, password: str, refresh_days: int) -> SignedIn:
    """Raises InvalidInput with one and the same message for an unknown address and a wrong password."""
    async with db.read() as session:
        user = await session.scalar(select(User).where(User.email == normal_email(email)))
    if not await password_matches(password, user.password_hash if user else None) or user is None:
        raise InvalidInput("wrong_sign_in", "The address or the password is not right.")
    async with db.write() as session:
        login_session_id, token = start_login_session(session, user.id, days=refresh_days)
    return SignedIn(user, login_session_id, token)


async def get_account(db: Database, user_id: str) -> User:
    """Raises NotSignedIn when the account is gone though its token still lives."""
    async with db.read() as session:
        user = await session.get(User, user_id)
    if user is None:
        raise NotSignedIn("not_signed_in", "Please sign in again.")
    return user


async def change_password(db: Database, user_id: str, *, current: str, new: str, keep_login_session: str) -> None:
    """Signs every other device out. Raises InvalidInput when `current` is wrong."""
    user = await get_account(db, user_id)
    await _require_password(user, current, field="current_password")
    new_hash = await hash_password(new)
    async with db.write() as session:
        row = await session.get(User, user_id)
        if row is not None:
            row.password_hash = new_hash
        await end_other_login_sessions(session, user_id, keep=keep_login_session)


async def require_own_password(db: Database, user_id: str, password: str) -> None:
    """Raises InvalidInput when it is wrong."""
    await _require_password(await get_account(db, user_id), password, field="password")


async def delete_account(db: Database, user_id: str) -> None:
    """Removes the account and all rows that belong to it. Stored videos are removed by the caller, first."""
    async with db.write() as session:
        await session.execute(delete(User).where(User.id == user_id))


async def _require_password(user: User, password: str, *, field: str) -> None:
    if not await password_matches(password, user.password_hash):
        raise InvalidInput("wrong_password", "That is not your current password.", field=field)
