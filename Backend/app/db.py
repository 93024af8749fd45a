"""Engines and transactions, on SQLite and PostgreSQL.

`async with db.read() as session` sees one snapshot; `async with db.write() as session` commits when the block ends,
before any response is sent. Keep both short and never await a vendor inside.

Readers and writers stand in lines of their own, first come first served, so that no crowd of writers keeps a reader
waiting, and whoever has waited too long is told to come back (Unavailable). SQLite lets in one writer at a time, from
the start of its transaction, so that none fails half-way through. PostgreSQL lets in several: whoever reads in order to
write (the next number, "is it still open?") holds the row that the things hang on first, see `hold`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypedDict

from psycopg.abc import Buffer
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Engine, create_engine, event, make_url, select
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.pool import AsyncAdaptedQueuePool, QueuePool

from app.database_url import for_driver, is_sqlite, is_transaction_pooled
from app.errors import Unavailable
from app.pools import Turns, busy

log = logging.getLogger(__name__)

POOL_SIZE = 5
"""And as many again at a peak. A pooler's places are few and shared by all processes."""
POSTGRESQL_WRITERS = 5
SQLITE_READERS = 15
MOST_WAITING = 500
PATIENCE_S = 10.0
RETRY_AFTER_S = 5
LONG_WRITE_S = 2.0
"""A write transaction that takes longer keeps others waiting, and the log says whose it was."""
RECYCLE_S = 25 * 60
"""Poolers and firewalls drop connections that are idle for half an hour."""
CONNECT_TIMEOUT_S = 10
CLOSING_TIMEOUT_S = 2.0
STATEMENT_TIMEOUT_MS = 30_000
"""The wait for another writer included; the same as SQLite's busy_timeout."""
IDLE_IN_TRANSACTION_MS = 60_000
"""A process that froze in a transaction must not hold its locks for ever."""


class _LockMode(TypedDict):
    key_share: bool


ROW_LOCK: _LockMode = {"key_share": True}
"""For with_for_update: PostgreSQL's FOR NO KEY UPDATE, the lock that an UPDATE takes; nothing on SQLite."""


class Database:
    """`url` as in Settings.resolved_database_url. `patience_s`: how long a transaction waits for its turn."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S) -> None:
        address = make_url(url)
        reading: dict[str, object] = {}
        writing: dict[str, object] = {}
        sqlite = is_sqlite(address)
        # Together no more than the engine has connections: nobody who has a turn waits for one.
        writers, readers = (1, SQLITE_READERS) if sqlite else (POSTGRESQL_WRITERS, 2 * POOL_SIZE - POSTGRESQL_WRITERS)
        self._writers = Turns(at_once=writers, waiting=MOST_WAITING, retry_after_s=RETRY_AFTER_S)
        self._readers = Turns(at_once=readers, waiting=MOST_WAITING, retry_after_s=RETRY_AFTER_S)
        self._patience_s = patience_s
        self._under_way: dict[asyncio.Task[object] | None, tuple[str, float]] = {}
        if sqlite:
            self.engine = create_async_engine(
                address,
                poolclass=AsyncAdaptedQueuePool,
                pool_size=8,
                max_overflow=8,
                pool_timeout=10,
                # A failed statement's message is logged; a transcript is not.
                hide_parameters=True,
            )
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            writing = {"sqlite_begin": "IMMEDIATE"}
        else:
            self.engine = create_async_engine(for_driver(address), **postgresql_options(address))
            _listen_postgresql(self.engine.sync_engine, address)
            # READ COMMITTED would show each statement of a reader another state.
            reading = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = async_sessionmaker(self.engine.execution_options(**reading), expire_on_commit=False)
        self._writing = async_sessionmaker(self.engine.execution_options(**writing), expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Raises Unavailable when too many read already."""
        with _told_to_come_back():
            async with self._readers.turn(patience_s=self._patience_s), self._reading() as session:
                yield session

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Raises Unavailable when its turn does not come.

        Raises RuntimeError inside another write transaction of the same task, which would wait for itself: hand the
        session on instead.
        """
        return self._write(_place(sys._getframe(1)))

    @asynccontextmanager
    async def _write(self, place: str) -> AsyncIterator[AsyncSession]:
        task = asyncio.current_task()
        if task in self._under_way:
            raise RuntimeError(f"{place} writes inside the write transaction of {self._under_way[task][0]}")
        try:
            await self._writers.take(patience_s=self._patience_s)
        except Unavailable:
            at = time.monotonic()
            held = [f"{by} for {at - since:.1f} s" for by, since in self._under_way.values()]
            log.error("%s found no turn to write; writing are %s", place, ", ".join(held) or "none")
            raise
        began = time.monotonic()
        self._under_way[task] = (place, began)
        try:
            with _told_to_come_back():
                async with self._writing() as session, session.begin():
                    yield session
        finally:
            del self._under_way[task]
            self._writers.give_back()
            took = time.monotonic() - began
            if took >= LONG_WRITE_S:
                log.warning("the write transaction of %s took %.1f s", place, took)

    async def close(self) -> None:
        """Waits a moment for transactions under way: a connection that is given back afterwards is closed by nobody."""
        pool = self.engine.pool
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_TIMEOUT_S):
                while isinstance(pool, QueuePool) and pool.checkedout():  # noqa: ASYNC110 - the pool tells nobody
                    await asyncio.sleep(0.01)
        await self.engine.dispose()


@contextmanager
def _told_to_come_back() -> Iterator[None]:
    """A database that is too busy (a writer outside this process, no connection left) is Unavailable, not a failure."""
    try:
        yield
    except PoolTimeout as error:
        raise busy(RETRY_AFTER_S) from error
    except OperationalError as error:
        if _is_busy(error.orig):
            raise busy(RETRY_AFTER_S) from error
        raise


def _is_busy(error: BaseException | None) -> bool:
    # 53: PostgreSQL has too few of something, mostly connections; 57014: a statement waited too long, for a lock.
    state = str(getattr(error, "sqlstate", "") or "")
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or state.startswith(
        ("53300", "57014")
    )


def _place(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}:{frame.f_lineno}"


async def hold(session: AsyncSession, key: InstrumentedAttribute[str], row_id: str) -> bool:
    """Until this transaction ends nobody else changes or holds the row whose `key` that is. False when it is gone.

    What is read after this is as the last holder left it. Rows are held in the order interview, recording, everything
    else, so that two writers never wait for each other. Rows that merely refer to the held one can still be added.
    """
    return await session.scalar(select(key).where(key == row_id).with_for_update(**ROW_LOCK)) is not None


def session_engine(url: str) -> Engine:
    """A synchronous engine for migrations, jobs and commands. `url` as in Settings.session_database_url."""
    address = make_url(url)
    if is_sqlite(address):
        return create_engine(address.set(drivername="sqlite"), hide_parameters=True)
    engine = create_engine(for_driver(address), **postgresql_options(address))
    _listen_postgresql(engine, address)
    return engine


class _Options(TypedDict):
    pool_size: int
    max_overflow: int
    pool_timeout: int
    pool_pre_ping: bool
    pool_recycle: int
    connect_args: dict[str, object]
    hide_parameters: bool


def postgresql_options(address: URL) -> _Options:
    connect: dict[str, object] = {}
    if "connect_timeout" not in address.query:
        connect["connect_timeout"] = CONNECT_TIMEOUT_S
    if is_transaction_pooled(address):
        # The next transaction may meet another server connection, which knows nothing of what this one has prepared.
        connect["prepare_threshold"] = None
    return {
        "pool_size": POOL_SIZE,
        "max_overflow": POOL_SIZE,
        "pool_timeout": 10,
        "pool_pre_ping": True,
        "pool_recycle": RECYCLE_S,
        "connect_args": connect,
        "hide_parameters": True,
    }


def _listen_postgresql(engine: Engine, address: URL) -> None:
    event.listen(engine, "connect", _take_any_text)
    if is_transaction_pooled(address):
        # A plain SET would stay with the server connection and meet whoever is given it next.
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(_limits("SET LOCAL")))
    else:
        event.listen(engine, "connect", _limit_session)


def _limits(set_: str) -> str:
    return (
        f"{set_} statement_timeout = {STATEMENT_TIMEOUT_MS};"
        f"{set_} idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS}"
    )


def _limit_session(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(_limits("SET"))
    cursor.close()
    connection.commit()


class _WithoutNul(StrDumperUnknown):
    """PostgreSQL's text cannot hold U+0000, which a resume's or a browser's text may, and which says nothing."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\x00", "") if "\x00" in obj else obj)


def _take_any_text(connection: DBAPIConnection, _record: object) -> None:
    of_driver = getattr(connection, "driver_connection", connection)
    of_driver.adapters.register_dumper(str, _WithoutNul)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: what was acknowledged survives a power cut, not only a crash.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "")
    connection.exec_driver_sql(f"BEGIN {mode}".strip())
