"""Accounts kept here: argon2id hashes and short tokens signed with this installation's own key."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.accounts import create_account, delete_rows, get_account, normal_email
from app.accounts.login_sessions import end_login_session, end_other_login_sessions, renew, start_login_session
from app.accounts.passwords import hash_password, password_matches
from app.capabilities import AccountRemoval, MailSent, SignedIn
from app.db import Database
from app.errors import InvalidInput, NotFound
from app.models import User
from app.services.identity.base import Identity, IdentityProvider, TokenIssuer, wrong_sign_in


class LocalAccounts:
    can_reset_password = False
    deletes_sign_in = True

    def __init__(
        self,
        db: Database,
        identity: IdentityProvider,
        tokens: TokenIssuer,
        *,
        access_minutes: int,
        refresh_days: int,
    ) -> None:
        self._db = db
        self._identity = identity
        self._tokens = tokens
        self._access_minutes = access_minutes
        self._refresh_days = refresh_days

    async def recognise(self, access_token: str) -> Identity:
        return await self._identity.verify(access_token)

    async def sign_up(self, *, email: str, name: str, password: str) -> SignedIn | MailSent:
        return await self._started(await create_account(self._db, email=email, name=name, password=password))

    async def sign_in(self, *, email: str, password: str) -> SignedIn:
        async with self._db.read() as session:
            user = await session.scalar(select(User).where(User.email == normal_email(email)))
        if not await password_matches(password, user.password_hash if user else None) or user is None:
            raise wrong_sign_in()
        return await self._started(user)

    async def refresh(self, refresh_token: str) -> SignedIn:
        renewed = await renew(self._db, refresh_token, days=self._refresh_days)
        return self._signed_in(renewed.user, renewed.login_session_id, renewed.refresh_token)

    async def sign_out(self, *, access_token: str, refresh_token: str) -> None:
        if refresh_token:
            await end_login_session(self._db, refresh_token)

    async def change_password(self, who: Identity, *, current: str, new: str) -> SignedIn | None:
        await self._require_password(who, current, field="current_password")
        new_hash = await hash_password(new)
        async with self._db.write() as session:
            await _set_password(session, who, new_hash)
        return None

    async def recover(self, email: str) -> None:
        raise _no_mail()

    async def reset_password(self, access_token: str, new: str) -> None:
        raise _no_mail()

    async def delete(self, who: Identity, *, password: str, removal: AccountRemoval) -> bool:
        await self._require_password(who, password, field="password")
        await removal()
        await delete_rows(self._db, who.subject)
        return True

    async def _started(self, user: User) -> SignedIn:
        async with self._db.write() as session:
            login_session_id, token = start_login_session(session, user.id, days=self._refresh_days)
        return self._signed_in(user, login_session_id, token)

    def _signed_in(self, user: User, login_session_id: str, refresh_token: str | None) -> SignedIn:
        access = self._tokens.issue(
            user_id=user.id, role=user.role, login_session_id=login_session_id, minutes=self._access_minutes
        )
        return SignedIn(user, access, self._access_minutes * 60, refresh_token)

    async def _require_password(self, who: Identity, password: str, *, field: str) -> None:
        user = await get_account(self._db, who.subject)
        if not await password_matches(password, user.password_hash):
            raise InvalidInput("wrong_password", "That is not your current password.", field=field)


async def _set_password(session: AsyncSession, who: Identity, new_hash: str) -> None:
    row = await session.get(User, who.subject)
    if row is not None:
        row.password_hash = new_hash
    await end_other_login_sessions(session, who.subject, keep=who.login_session_id)


def _no_mail() -> NotFound:
    return NotFound("no_mail", "This site sends no mail. Ask whoever runs it to help you back in.")
