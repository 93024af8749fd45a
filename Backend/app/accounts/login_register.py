"""Which signed-in devices still are, asked with each request and for as long as a room is open.

The database has the word. It is believed for a moment, so that a recording's pieces do not ask it one by one; what
this process ends itself counts at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import Database
from app.domain.role import Role
from app.models import LoginSession, User

log = logging.getLogger(__name__)

BELIEVED_S = 0.8
LOOK_EVERY_S = 0.4
"""For open rooms, all in one query. Sooner than an answer grows old, so that who is in a room costs no other query."""
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class SignedInUser:
    user_id: str
    role: Role
    external_subject: str | None


class LoginRegister:
    def __init__(self, db: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._clock = clock
        self._known: dict[str, tuple[float, SignedInUser]] = {}
        self._changes = 0
        self._watched: dict[str, list[asyncio.Future[None]]] = {}
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def find(self, login_session_id: str) -> SignedInUser | None:
        """None: it has ended, or its account is gone."""
        at, known = self._known.get(login_session_id, (0.0, None))
        if known is None or self._clock() - at >= BELIEVED_S:
            known = (await self._read([login_session_id])).get(login_session_id)
        return known

    def changed(self) -> None:
        """To be told after any login session was ended or removed: nothing that was known is believed any more."""
        self._changes += 1
        self._known.clear()
        self._news.set()

    async def until_ended(self, login_session_id: str) -> None:
        """Returns when the sign-in is over, whoever ended it."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watched.setdefault(login_session_id, []).append(ended)
        self._news.set()
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            await ended
        finally:
            self._watched[login_session_id].remove(ended)
            if not self._watched[login_session_id]:
                del self._watched[login_session_id]
            self._news.set()

    async def _look(self) -> None:
        while self._watched:
            self._news.clear()
            asked = list(self._watched)
            try:
                found = await self._read(asked)
            except Exception as error:
                # Nobody is sent away because the database does not answer.
                log.exception("could not look which sign-ins have ended: %s", type(error).__name__)
            else:
                for ended in (future for one in asked if one not in found for future in self._watched.get(one, ())):
                    if not ended.done():
                        ended.set_result(None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._news.wait()
        self._looking = None

    async def _read(self, login_session_ids: Sequence[str]) -> dict[str, SignedInUser]:
        at, changes = self._clock(), self._changes
        async with self._db.read() as session:
            rows = await session.execute(
                select(LoginSession.id, User.id, User.role, User.external_subject)
                .join(User, User.id == LoginSession.user_id)
                .where(LoginSession.id.in_(login_session_ids), LoginSession.ended_at.is_(None))
            )
            found = {one: SignedInUser(user_id, role, subject) for one, user_id, role, subject in rows}
        if changes == self._changes:
            # Else something has ended while we were reading, perhaps one of these.
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known.update((one, (at, user)) for one, user in found.items())
        return found
