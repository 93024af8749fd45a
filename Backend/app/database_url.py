"""A database's address as people write it, made into the one form that the drivers take.

`pgbouncer=true` in the query is what pooler vendors put into their addresses for "one server connection per
transaction". We read it, add it where we know better than the address, and never hand it to the driver.
"""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

SQLITE = frozenset({"sqlite", "sqlite+aiosqlite"})
POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
TRANSACTION_POOLER_PORT = "6543"
"""Supabase's shared and dedicated poolers hand out transactions on this port, and sessions on 5432."""
_MARK = "pgbouncer"


def read_url(text: str, variable: str) -> URL:
    """Raises ValueError naming `variable`, without the password, which a wrong address may hold anywhere."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(
            f"{variable} is not a database address. It looks like postgresql://user:password@host:5432/name, "
            "where signs such as @ : / # % in the password are percent-encoded"
        ) from None
    if url.drivername in SQLITE:
        return url.set(drivername="sqlite+aiosqlite")
    if url.drivername in POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    # Only a plain name is repeated: in a garbled address the place before "://" may hold anything.
    kind = f" ({url.drivername})" if url.drivername.replace("+", "").isalnum() and len(url.drivername) <= 24 else ""
    raise ValueError(
        f"{variable} names a kind of database that is not supported{kind}: use sqlite:/// or postgresql://"
    )


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def is_transaction_pooled(url: URL) -> bool:
    if is_sqlite(url):
        return False
    # Over a Unix socket the port, which names its file, stands in the query.
    return str(url.port or url.query.get("port")) == TRANSACTION_POOLER_PORT or url.query.get(_MARK) == "true"


def transaction_pooled(url: URL) -> URL:
    """The same address, known to be one whose sessions end with each transaction."""
    return url.update_query_dict({_MARK: "true"})


def for_driver(url: URL) -> URL:
    return url.difference_update_query([_MARK])


def shown(url: URL) -> str:
    """For messages: without the password."""
    return for_driver(url).render_as_string(hide_password=True)
