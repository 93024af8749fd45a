"""Runs migrations with the application's own metadata, over the connection that app.migrate hands in."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from app.json_column import TypedJson
from app.models import Base, UtcDateTime

# One number, known to every process that migrates; nothing else takes it.
MIGRATING = 7_418_002_551


def render_item(kind: str, item: object, _context: object) -> str | bool:
    # A migration must not change its meaning when our own type does.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.JSON()" if kind == "type" and isinstance(item, TypedJson) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # Two processes may start at once. The lock goes with the transaction, whatever becomes of it.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
    context.run_migrations()
