"""Which processes are alive, on PostgreSQL: each holds an advisory lock in a session of its own.

The server lets go of it when the process dies in whatever way; the gate keeps a new process from being taken for a
dead one in the moment before it holds its lock. The same promises as liveness.ProofOfLife, which has files.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.db import session_engine

# A host that vanished without a word must not seem alive for the two hours that TCP gives it by default: one minute.
NOTICE_DEATH = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
LOCK = text("SELECT pg_advisory_lock(:key)")
TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)")
UNLOCK = text("SELECT pg_advisory_unlock(:key)")


class SessionLock:
    """Held from `hold` to `release`, or until the process ends. Used by one thread at a time."""

    def __init__(self, url: str, executor_id: str) -> None:
        """`url` as in Settings.session_database_url."""
        self._url = url
        self._executor_id = executor_id
        self._engine: Engine | None = None
        self._session: Connection | None = None

    def hold(self) -> None:
        self._living()

    def release(self) -> None:
        if self._session is not None:
            with contextlib.suppress(DBAPIError):
                self._session.close()
        if self._engine is not None:
            self._engine.dispose()
        self._session = self._engine = None

    @contextmanager
    def others_dead(self, executor_ids: Iterator[str] | list[str]) -> Iterator[list[str]]:
        """Those of `executor_ids` whose process is gone. No other process can adopt them within the block."""
        session = self._living()
        with self._gate(session):
            yield [each for each in executor_ids if each != self._executor_id and not _is_alive(session, each)]

    def forget_dead(self) -> None:
        """The server keeps nothing of them."""

    def _living(self) -> Connection:
        """The session that holds our lock; a new one where the server or the network has ended the old."""
        if self._session is not None:
            try:
                self._session.execute(text("SELECT 1"))
            except DBAPIError:
                self.release()
            else:
                return self._session
        self._engine = session_engine(self._url)
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._session = session
        session.exec_driver_sql(NOTICE_DEATH)
        with self._gate(session):
            # Not free only while the server has not noticed the end of our old session, which then speaks for us.
            session.execute(TRY_LOCK, {"key": _key(self._executor_id)})
        return session

    @contextmanager
    def _gate(self, session: Connection) -> Iterator[None]:
        key = {"key": _key("gate")}
        session.execute(LOCK, key)
        try:
            yield
        finally:
            session.execute(UNLOCK, key)


def _is_alive(session: Connection, executor_id: str) -> bool:
    key = {"key": _key(executor_id)}
    if not session.scalar(TRY_LOCK, key):
        return True
    session.execute(UNLOCK, key)
    return False


def _key(name: str) -> int:
    """A signed 64-bit number, the only name that an advisory lock has."""
    return int.from_bytes(hashlib.sha256(f"interviewdost executor {name}".encode()).digest()[:8], "big", signed=True)
