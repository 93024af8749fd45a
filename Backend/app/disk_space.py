"""A disk without room, however it shows: what such an error looks like, and what is held back for that day.

SQLite needs room even to delete. So recordings leave a little of it free for words, and a file is kept that can be
given up when somebody deletes.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
from pathlib import Path

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
SQLITE_TROUBLE = frozenset({8, 10, 13, 14})
"""READONLY, IOERR, FULL, CANTOPEN."""
POSTGRESQL_TROUBLE = frozenset({"53100", "58030"})
"""disk_full, io_error."""
FREE_FOR_WORDS = 64 * 1024 * 1024
RESERVE = 16 * 1024 * 1024
"""Deleting an interview writes a megabyte or two of SQLite's log."""
SMALL_SHARE = 32
RESERVE_SHARE = 8
"""On a small disk they are at most this part of it."""
RETRY_AFTER_S = 15
RETRY_MESSAGE = "The server has no room left just now. Nothing that was kept is lost; please try again in a while."


def is_full(error: BaseException | None) -> bool:
    """Whether this, or what it was made of, says that nothing can be written now: a file's error or a database's."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(code, int) and code & 0xFF in SQLITE_TROUBLE:
            return True
        if getattr(error, "sqlstate", None) in POSTGRESQL_TROUBLE:
            return True
        inner = getattr(error, "orig", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__
    return False


def has_room(folder: Path, size: int) -> bool:
    """Whether so many bytes of a recording leave enough for everything else."""
    disk = shutil.disk_usage(folder)
    return disk.free - size >= min(FREE_FOR_WORDS, disk.total // SMALL_SHARE)


def reuse_log(database: Path) -> None:
    """Brings SQLite's log into the database, so that what is written next takes the room that the log has already.

    Does what it can: never fails, nor waits long for readers.
    """
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database, timeout=2.0)) as connection:
        connection.execute("PRAGMA wal_checkpoint(RESTART)")


class Reserve:
    """Room that nobody uses, in `folder`. Both calls may be made again, and neither fails on a full disk."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "reserve"

    def hold(self, *, again: bool = False) -> None:
        """Where there is room and to spare; `again`, after it was given up, as much of it as there still is."""
        with contextlib.suppress(OSError):
            folder = self._path.parent
            usage = shutil.disk_usage(folder)
            size = min(RESERVE, usage.total // RESERVE_SHARE)
            if again:
                size = min(size, usage.free)
            elif not has_room(folder, size):
                return
            if size == 0 or (self._path.exists() and self._path.stat().st_size >= size):
                return
            with self._path.open("wb") as file:
                # Written, not only claimed: a file with a hole in it holds no room.
                file.write(bytes(size))

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
