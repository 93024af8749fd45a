"""Copies an SQLite installation into an empty PostgreSQL database, and proves that nothing was lost or changed.

One transaction on either side: SQLite's writers wait, and the target holds everything in the end, or nothing. Row
counts and checksums are computed from what each database gives back, in a form that neither of them chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import JSON, Connection, Engine, Integer, MetaData, String, Table, func, insert, make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.database_url import is_sqlite
from app.db import session_engine
from app.json_column import TypedJson
from app.migrate import migrate
from app.models import Base
from app.settings import Settings

BATCH = 500
"""Rows at a time; the longest (a resume, a conversation's snapshot) have some 60 kB."""
STREAMED = {"yield_per": BATCH}
CHECKSUM_BITS = 256


class MoveRefused(Exception):
    """Nothing has been written. The message says what to do."""


@dataclass(frozen=True, slots=True)
class TableMoved:
    name: str
    rows: int
    checksum: str
    """The sum of the rows' SHA-256 values, which does not depend on their order; the same on both sides."""


def move_database(source: Settings, target: Settings) -> list[TableMoved]:
    """Raises MoveRefused, and DatabaseUnusable where the target cannot be reached."""
    if not is_sqlite(make_url(source.resolved_database_url)):
        raise MoveRefused(
            "This installation is on PostgreSQL already. Take DATABASE_URL out of .env until the move is done."
        )
    if is_sqlite(make_url(target.resolved_database_url)):
        raise MoveRefused("The target must be a PostgreSQL address, such as postgresql://user:password@host:5432/name.")
    # Both at the newest schema, so that they have the same columns.
    migrate(source)
    migrate(target)
    reading, writing = session_engine(source.session_database_url), session_engine(target.session_database_url)
    try:
        return _copy(reading, writing)
    finally:
        reading.dispose()
        writing.dispose()


def _copy(reading: Engine, writing: Engine) -> list[TableMoved]:
    tables = _as_stored(Base.metadata.sorted_tables)
    with reading.connect() as old, writing.begin() as new:
        # Two connections write to this file at most: us, and whoever must wait.
        old.exec_driver_sql("BEGIN IMMEDIATE")
        _require_empty(new, tables)
        _require_fitting(old, tables)
        moved = []
        for table in tables:
            try:
                for batch in old.execute(select(table), execution_options=STREAMED).partitions(BATCH):
                    new.execute(insert(table), [_clean(row._asdict()) for row in batch])
            except DBAPIError as error:
                # Kind alone: the message may quote what a person wrote.
                raise MoveRefused(
                    f"{table.name}: PostgreSQL does not take a row ({type(error.orig).__name__})."
                ) from None
            before, after = _measured(old, table), _measured(new, table)
            if before != after:
                raise MoveRefused(f"{table.name}: what has arrived differs from what was sent. Please report this.")
            moved.append(before)
            _continue_counting(new, table)
    return moved


def _as_stored(tables: Iterable[Table]) -> list[Table]:
    """JSON columns as plain JSON: what is moved is what is stored, also where it is no record of today's."""
    beside = MetaData()
    copies = [table.to_metadata(beside) for table in tables]
    for copy in copies:
        for column in copy.columns:
            if isinstance(column.type, TypedJson):
                column.type = JSON()
    return copies


def _require_empty(new: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        if new.execute(select(text("1")).select_from(table).limit(1)).first() is not None:
            raise MoveRefused(f"The target is not empty: {table.name} has rows. Name a new, empty database.")


def _require_fitting(old: Connection, tables: Iterable[Table]) -> None:
    """SQLite takes any length, PostgreSQL the stated one; better said before than in the middle."""
    for table in tables:
        for column in table.columns:
            if not isinstance(column.type, String) or column.type.length is None:
                continue
            longest = old.scalar(select(func.max(func.length(column)))) or 0
            if longest > column.type.length:
                raise MoveRefused(
                    f"{table.name}.{column.name} holds {longest} characters in one row, and {column.type.length} are "
                    "the most. Shorten it, then try again."
                )


def _measured(connection: Connection, table: Table) -> TableMoved:
    rows = total = 0
    for row in connection.execute(select(table), execution_options=STREAMED):
        canonical = json.dumps([_canonical(value) for value in row], sort_keys=True)
        total += int.from_bytes(hashlib.sha256(canonical.encode()).digest(), "big")
        rows += 1
    return TableMoved(table.name, rows, f"{total % 2**CHECKSUM_BITS:064x}")


def _clean(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in row.items()}


def _canonical(value: object) -> object:
    """As JSON, but for what PostgreSQL cannot hold (U+0000) or may tell in another zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.replace("\x00", "") if isinstance(value, str) else value


def _continue_counting(new: Connection, table: Table) -> None:
    """The next number given to a row comes after the last one copied."""
    for column in table.primary_key:
        if isinstance(column.type, Integer):
            new.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), greatest(:last, 1), :last > 0)"),
                {"table": table.name, "column": column.name, "last": new.scalar(select(func.max(column))) or 0},
            )
