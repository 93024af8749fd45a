"""Brings the database to the newest schema: `python -m app.migrate`, and each start does it too."""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app.data_dir import make_private
from app.database_url import is_sqlite, shown
from app.db import session_engine
from app.settings import Settings

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


class DatabaseUnusable(Exception):
    """The database cannot be worked with as it is configured. The message is one line for whoever runs this."""


def migrate(settings: Settings, revision: str = "head") -> None:
    """Raises DatabaseUnusable: it cannot be reached, gives no lasting connections, or holds what no schema knows."""
    make_private(settings)
    engine = session_engine(settings.session_database_url)
    try:
        require_sessions(engine, settings)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except CommandError as error:
        address = shown(make_url(settings.session_database_url))
        raise DatabaseUnusable(f"The database at {address} cannot be brought up to date: {error}.") from error
    except DBAPIError as error:
        if not error.connection_invalidated and error.statement:
            raise
        address = shown(make_url(settings.session_database_url))
        reason = " ".join(str(error.orig).split())
        raise DatabaseUnusable(f"The database at {address} cannot be reached: {reason}") from error
    finally:
        engine.dispose()


def require_sessions(engine: Engine, settings: Settings) -> None:
    """A pooler behind an address that does not look like one is known by giving two clients one server connection."""
    if is_sqlite(engine.url):
        return
    backend = text("SELECT pg_backend_pid()")
    with engine.connect() as first, engine.connect() as second:
        # Each transaction is over before the next begins: only a session keeps its server connection in between.
        seen = []
        for connection in (first, second):
            seen.append(connection.scalar(backend))
            connection.commit()
    if seen[0] == seen[1]:
        variable = "DATABASE_DIRECT_URL" if settings.database_direct_url else "DATABASE_URL"
        remedy = "" if settings.database_direct_url else ", or give that address as DATABASE_DIRECT_URL as well"
        raise DatabaseUnusable(
            f"{variable} leads through a transaction pooler, where jobs and migrations cannot work. Use the address of "
            f"a session pooler or of the server itself instead{remedy}."
        )


if __name__ == "__main__":
    try:
        migrate(Settings())
    except DatabaseUnusable as unusable:
        sys.exit(str(unusable))
