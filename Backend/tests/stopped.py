"""Stops one writer in mid-transaction while another comes: each order of two writers, on purpose. PostgreSQL alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.util.concurrency import await_

from app.db import Database
from app.errors import AppError
from tests.workflows.waiting import PATIENCE_S, until

COMMIT = "COMMIT"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


class Stop:
    """The first transaction of `db` to come to a statement with all of `words` (or to COMMIT) waits there."""

    def __init__(self, db: Database, *words: str) -> None:
        self._words = words
        self._reached = asyncio.Event()
        self._may_go_on = asyncio.Event()
        if words == (COMMIT,):
            event.listen(db.engine.sync_engine, "commit", lambda _: self._stand())
        else:
            event.listen(db.engine.sync_engine, "before_cursor_execute", self._before)

    async def reached(self, by: asyncio.Task[Any]) -> None:
        """Raises AssertionError, or what `by` raised, when it ends without coming here."""
        arrival = asyncio.create_task(self._reached.wait())
        await asyncio.wait({arrival, by}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        arrival.cancel()
        if by.done():
            by.result()
        assert self._reached.is_set(), f"never came to {self._words}"

    def let_go(self) -> None:
        self._may_go_on.set()

    def _before(self, _connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if all(word in statement for word in self._words):
            self._stand()

    def _stand(self) -> None:
        if not self._reached.is_set():
            self._reached.set()
            await_(self._may_go_on.wait())


async def waits_or_ends(db: Database, task: asyncio.Task[Any]) -> None:
    """Until the server says that somebody waits for a lock, or `task` came through without one."""

    async def does() -> bool:
        if task.done():
            return True
        async with db.read() as session:
            return bool(await session.scalar(WAITING))

    await until(does, "a second writer that waits or ends")


async def meet(
    db: Database, stop: Stop, first: Coroutine[Any, Any, Any], second: Coroutine[Any, Any, Any]
) -> tuple[Any, Any]:
    """`second` comes while `first` stands at `stop`, which goes on once `second` waits for it or has ended.

    What each gives, or refuses as an AppError; anything else (a deadlock, a number taken twice) is raised.
    """
    one = asyncio.create_task(first)
    try:
        await stop.reached(one)
    except BaseException:
        second.close()
        raise
    two = asyncio.create_task(second)
    await waits_or_ends(db, two)
    stop.let_go()
    outcomes = await asyncio.gather(one, two, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, AppError):
            raise outcome
    return outcomes[0], outcomes[1]
