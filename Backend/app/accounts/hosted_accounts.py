"""Accounts whose passwords somebody else keeps.

Who signs in there for the first time gets a row here, named by `issuer#subject`. A row is made only when the vendor has
just vouched for the person (a sign-in or a renewal), never from an access token alone: one that outlives its deleted
account must not bring an empty account back.

So is a login session, under the vendor's own id for it: what was ended here is not waited for until its token runs out,
whether the vendor could be told or not. A refresh token travels with that id before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from app.accounts.accounts import delete_rows, normal_email
from app.accounts.login_register import LoginRegister
from app.accounts.login_sessions import (
    Because,
    end_login_sessions,
    ended,
    named_token,
    of_device,
    parts_of,
    token_hash,
)
from app.capabilities import AccountRemoval, MailSent, SignedIn
from app.db import Database, hold
from app.errors import AppError, Conflict, InvalidInput, NotAllowed, NotSignedIn, ProviderError, TooMany, Unavailable
from app.models import LoginSession, User, new_id, now
from app.services.identity.base import Identity, IdentityProvider, SignInService, SignInTokens

log = logging.getLogger(__name__)


class HostedAccounts:
    can_reset_password = True

    def __init__(self, db: Database, identity: IdentityProvider, service: SignInService, *, refresh_days: int) -> None:
        self._db = db
        self._identity = identity
        self._service = service
        self._days = refresh_days
        self._register = LoginRegister(db)
        self._renewing: dict[str, asyncio.Task[SignedIn]] = {}

    @property
    def deletes_sign_in(self) -> bool:
        return self._service.can_remove

    async def recognise(self, access_token: str) -> Identity:
        with _reachable():
            vouched = await self._identity.verify(access_token)
        user = await self._register.find(vouched.login_session_id)
        if user is None or user.external_subject != _external(vouched):
            raise ended("")
        return replace(vouched, subject=user.user_id, role=user.role)

    async def until_ended(self, who: Identity) -> None:
        await self._register.until_ended(who.login_session_id)

    async def sign_up(self, *, email: str, name: str, password: str) -> SignedIn | MailSent:
        with _reachable():
            tokens = await self._service.sign_up(email=normal_email(email), password=password, name=name)
        return MailSent() if tokens is None else await self._let_in(tokens)

    async def sign_in(self, *, email: str, password: str) -> SignedIn:
        with _reachable():
            tokens = await self._service.sign_in(email=normal_email(email), password=password)
        return await self._let_in(tokens)

    async def refresh(self, refresh_token: str) -> SignedIn:
        """Tabs that come at the same moment with the same token share one renewal: spent twice, it looks stolen."""
        task = self._renewing.get(refresh_token)
        if task is None:
            task = asyncio.create_task(self._renew(refresh_token))
            self._renewing[refresh_token] = task
            task.add_done_callback(lambda _: self._renewing.pop(refresh_token, None))
        # One tab that goes away does not take the others' renewal with it.
        return await asyncio.shield(task)

    async def _renew(self, refresh_token: str) -> SignedIn:
        login_session_id, token = parts_of(refresh_token)
        this_device = LoginSession.id == login_session_id
        async with self._db.read() as session:
            over = await session.scalar(
                select(LoginSession.ended_because).where(this_device, LoginSession.ended_at.is_not(None))
            )
        if over is not None:
            raise ended(over)
        with _reachable():
            try:
                tokens = await self._service.refresh(token)
            except (NotSignedIn, NotAllowed) as error:
                # What they do not renew is over here as well, though its access token could be used for a while yet.
                await self._end(this_device, "used_twice" if error.code == "sign_in_ended" else "signed_out")
                raise NotSignedIn(error.code, error.message) from error
        return await self._let_in(tokens)

    async def sign_out(self, *, access_token: str, refresh_token: str) -> None:
        """Best effort: whoever leaves is let go, and a sign-in that could not be ended there is told to the log."""
        _, vendor_token = parts_of(refresh_token)
        await self._end(of_device(await self._named_by(access_token), refresh_token), "signed_out")
        try:
            try:
                if not access_token:
                    raise NotSignedIn("not_signed_in", "Please sign in again.")
                await self._service.sign_out(access_token, "local")
            except NotSignedIn:
                # The access token has run out (or is gone): only a new one can end the sign-in there.
                if vendor_token:
                    renewed = await self._service.refresh(vendor_token)
                    await self._service.sign_out(renewed.access_token, "local")
        except NotSignedIn:
            return
        except (AppError, ProviderError) as error:
            log.warning("a sign-in could not be ended where it was made: %s", type(error).__name__)

    async def change_password(self, who: Identity, *, current: str, new: str) -> SignedIn | None:
        """This device gets the new sign-in with which the old password was proved; all others end."""
        proved = await self._proved(who, current, field="current_password")
        with _reachable():
            try:
                await self._service.set_password(proved.access_token, new)
            except AppError as error:
                await self.sign_out(access_token=proved.access_token, refresh_token="")
                if error.field == "password":
                    error.field = "new_password"
                raise
            there = await self._identity.verify(proved.access_token)
            others = (LoginSession.user_id == who.subject) & (LoginSession.id != there.login_session_id)
            await self._end(others, "password_changed")
            await self._service.sign_out(proved.access_token, "others")
        return proved

    async def recover(self, email: str) -> None:
        with _reachable():
            try:
                await self._service.send_recovery(normal_email(email))
            except TooMany as error:
                # Said for addresses that have an account only: it would tell which do.
                if error.code != "too_many_mails":
                    raise

    async def reset_password(self, access_token: str, new: str) -> None:
        with _reachable():
            try:
                vouched = await self._identity.verify(access_token)
                await self._service.set_password(access_token, new)
            except NotSignedIn as error:
                raise InvalidInput(
                    "link_used_up", "This link has run out or was used already. Please ask for a new one."
                ) from error
        theirs = select(User.id).where(User.external_subject == _external(vouched)).scalar_subquery()
        await self._end(LoginSession.user_id == theirs, "password_changed")
        try:
            await self._service.sign_out(access_token, "global")
        except (AppError, ProviderError) as error:
            log.warning("after a new password, old sign-ins could not be ended: %s", type(error).__name__)

    async def delete(self, who: Identity, *, password: str, removal: AccountRemoval) -> bool:
        """Ours first: while the person can still sign in there, a deletion that failed half-way can be repeated."""
        proved = await self._proved(who, password, field="password")
        with _reachable():
            there = await self._identity.verify(proved.access_token)
        await removal()
        await delete_rows(self._db, who.subject)
        self._register.changed()
        try:
            if self._service.can_remove:
                await self._service.remove(there.subject)
                return True
            await self._service.sign_out(proved.access_token, "global")
        except (AppError, ProviderError) as error:
            log.error("a deleted account's sign-in remains where it was made: %s", type(error).__name__)
        return False

    async def _proved(self, who: Identity, password: str, *, field: str) -> SignedIn:
        """A fresh sign-in with the password. A stolen access token alone changes nothing."""
        wrong = InvalidInput("wrong_password", "That is not your current password.", field=field)
        try:
            signed_in = await self.sign_in(email=who.email, password=password)
        except InvalidInput as error:
            raise wrong if error.code == "wrong_sign_in" else error from None
        if signed_in.user.id != who.subject:
            raise wrong
        return signed_in

    async def _let_in(self, tokens: SignInTokens) -> SignedIn:
        with _reachable():
            try:
                vouched = await self._identity.verify(tokens.access_token)
            except NotSignedIn as error:
                # Straight from the vendor: not the person's fault, and signing in again will not help.
                log.error("a fresh access token does not verify: check the variables that go with IDENTITY")
                raise Unavailable(
                    "sign_in_misconfigured",
                    "Signing in does not work right now, and it is not your fault. Please tell whoever runs this site.",
                ) from error
        user = await self._known(vouched)
        await self._note(user, vouched.login_session_id, tokens.refresh_token)
        named = named_token(vouched.login_session_id, tokens.refresh_token)
        return SignedIn(user, tokens.access_token, tokens.access_seconds, named)

    async def _note(self, user: User, login_session_id: str, refresh_token: str) -> None:
        """Their signed-in device. Raises NotSignedIn when it was ended here while they were renewing it there."""
        digest = token_hash(named_token(login_session_id, refresh_token))
        async with self._db.write() as session:
            await hold(session, User.id, user.id)
            row = await session.get(LoginSession, login_session_id)
            if row is None:
                row = LoginSession(id=login_session_id, user_id=user.id)
                session.add(row)
            elif row.ended_at is not None:
                raise ended(row.ended_because)
            row.refresh_hash, row.rotated_at = digest, now()
            row.expires_at = now() + timedelta(days=self._days)

    async def _end(self, which: ColumnElement[bool], because: Because) -> None:
        async with self._db.write() as session:
            await end_login_sessions(session, which, because)
        self._register.changed()

    async def _named_by(self, access_token: str) -> str:
        """The login session of an access token; empty when it cannot be told."""
        try:
            return (await self._identity.verify(access_token)).login_session_id
        except (NotSignedIn, ProviderError):
            return ""

    async def _known(self, vouched: Identity) -> User:
        """Their row, made at first sight; role and address follow the vendor. Raises Conflict for a foreign address."""
        email = normal_email(vouched.email)
        try:
            async with self._db.write() as session:
                user = await session.scalar(select(User).where(User.external_subject == _external(vouched)))
                if user is None:
                    user = User(
                        id=new_id(),
                        email=email,
                        name=vouched.name,
                        password_hash="",
                        role=vouched.role,
                        external_subject=_external(vouched),
                    )
                    session.add(user)
                    await session.flush()
                    return user
                user.role = vouched.role
                if user.email != email:
                    taken = await session.scalar(select(User.id).where(User.email == email))
                    user.email = user.email if taken else email
                return user
        except IntegrityError as error:
            # Either two first requests raced, or the address belongs to another account.
            async with self._db.read() as session:
                user = await session.scalar(select(User).where(User.external_subject == _external(vouched)))
            if user is not None:
                return user
            raise Conflict(
                "email_belongs_to_another",
                "Another account on this site already has this address, and we do not join accounts by themselves. "
                "Please ask whoever runs this site.",
                field="email",
            ) from error


def _external(vouched: Identity) -> str:
    return f"{vouched.issuer}#{vouched.subject}"


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except ProviderError as error:
        log.error("sign-in at %s failed: %s", error.provider, error.category)
        raise Unavailable(
            "sign_in_unreachable", "Sign-in is not reachable right now. Please try again in a minute."
        ) from error
