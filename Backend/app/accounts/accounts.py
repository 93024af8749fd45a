"""The rows of accounts, whoever keeps their passwords."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.accounts.passwords import hash_password
from app.db import Database
from app.domain.role import Role
from app.errors import Conflict, NotSignedIn
from app.models import User, new_id


def normal_email(email: str) -> str:
    return email.strip().lower()


async def create_account(db: Database, *, email: str, name: str, password: str, role: Role = "candidate") -> User:
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


async def get_account(db: Database, user_id: str) -> User:
    """Raises NotSignedIn when the account is gone though its token still lives."""
    async with db.read() as session:
        user = await session.get(User, user_id)
    if user is None:
        raise NotSignedIn("not_signed_in", "Please sign in again.")
    return user


async def delete_rows(db: Database, user_id: str) -> None:
    """Removes the account and all rows that belong to it. Stored videos are removed by the caller, first."""
    async with db.write() as session:
        await session.execute(delete(User).where(User.id == user_id))
