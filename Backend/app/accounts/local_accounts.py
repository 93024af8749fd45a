"""Accounts kept here: argon2id hashes and short tokens signed with this installation's own key."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from sqlalchemy import select, update

from app.accounts.accounts import create_account, delete_rows, get_account, normal_email
from app.accounts.login_register import LoginRegister
from app.accounts.login_sessions import end_login_sessions, ended, of_device, renew, start_login_session
from app.accounts.passwords import hash_password, password_matches
from app.capabilities import AccountRemoval, MailSent, SignedIn
from app.db import Database
from app.errors import InvalidInput, NotFound, NotSignedIn
from app.models import LoginSession, User
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
        most_days: int,
    ) -> None:
        self._db = db
        self._identity = identity
        self._tokens = tokens
        self._access_minutes = access_minutes
        self._days, self._most_days = refresh_days, most_days
        self._register = LoginRegister(db)

    async def recognise(self, access_token: str) -> Identity:
        who = await self._identity.verify(access_token)
        user = await self._register.find(who.login_session_id)
        if user is None or user.user_id != who.subject:
            raise ended("")
        return replace(who, role=user.role)

    async def until_ended(self, who: Identity) -> None:
        await self._register.until_ended(who.login_session_id)

    async def sign_up(self, *, email: str, name: str, password: str) -> SignedIn | MailSent:
        return await self._started(await create_account(self._db, email=email, name=name, password=password))

    async def sign_in(self, *, email: str, password: str) -> SignedIn:
        async with self._db.read() as session:
            user = await session.scalar(select(User).where(User.email == normal_email(email)))
        if not await password_matches(password, user.password_hash if user else None) or user is None:
            raise wrong_sign_in()
        return await self._started(user)

    async def refresh(self, refresh_token: str) -> SignedIn:
        try:
            renewed = await renew(self._db, refresh_token, days=self._days, most_days=self._most_days)
        except NotSignedIn:
            self._register.changed()
            raise
        return self._signed_in(renewed.user, renewed.login_session_id, renewed.refresh_token)

    async def sign_out(self, *, access_token: str, refresh_token: str) -> None:
        login_session_id = ""
        if access_token:
            with contextlib.suppress(NotSignedIn):
                login_session_id = (await self._identity.verify(access_token)).login_session_id
        async with self._db.write() as session:
            await end_login_sessions(session, of_device(login_session_id, refresh_token), "signed_out")
        self._register.changed()

    async def change_password(self, who: Identity, *, current: str, new: str) -> SignedIn | None:
        await self._require_password(who, current, field="current_password")
        new_hash = await hash_password(new)
        others = (LoginSession.user_id == who.subject) & (LoginSession.id != who.login_session_id)
        async with self._db.write() as session:
            await session.execute(update(User).where(User.id == who.subject).values(password_hash=new_hash))
            await end_login_sessions(session, others, "password_changed")
        self._register.changed()
        return None

    async def recover(self, email: str) -> None:
        raise _no_mail()

    async def reset_password(self, access_token: str, new: str) -> None:
        raise _no_mail()

    async def delete(self, who: Identity, *, password: str, removal: AccountRemoval) -> bool:
        await self._require_password(who, password, field="password")
        await removal()
        await delete_rows(self._db, who.subject)
        self._register.changed()
        return True

    async def _started(self, user: User) -> SignedIn:
        async with self._db.write() as session:
            login_session_id, token = start_login_session(session, user.id, days=self._days, most_days=self._most_days)
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


def _no_mail() -> NotFound:
    return NotFound("no_mail", "This site sends no mail. Ask whoever runs it to help you back in.")
