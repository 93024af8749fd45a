"""The folder with everybody's interviews is for this account of the machine alone."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

from sqlalchemy import make_url

from app.database_url import is_sqlite
from app.settings import Settings

log = logging.getLogger(__name__)


def make_private(settings: Settings) -> None:
    """Makes the folder and SQLite's files where they are missing, and closes them to others where they were open.

    SQLite gives its -wal and -shm files the mode of the database they belong to.
    """
    folder = settings.data_dir
    url = make_url(settings.resolved_database_url)
    databases = [folder / "dbos.sqlite3", Path(url.database)] if is_sqlite(url) and url.database else []
    (folder / "recordings").mkdir(parents=True, exist_ok=True)
    for database in databases:
        if database.parent.is_dir():
            database.touch(mode=0o600)
    for path in (folder, folder / "recordings"):
        _close(path, 0o700)
    for database in databases:
        for path in database.parent.glob(f"{database.name}*"):
            _close(path, 0o600)


def _close(path: Path, mode: int) -> None:
    """Leaves alone what is shared by its nature, such as /tmp."""
    found = path.stat().st_mode
    if found & 0o077 and not found & stat.S_ISVTX:
        try:
            path.chmod(mode)
        except PermissionError:
            log.warning("others may read %s, and it belongs to somebody else: please close it", path.name)
