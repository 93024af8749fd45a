"""Runs migrations with the application's own metadata, over a plain synchronous connection."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from app.models import Base, UtcDateTime

url = (context.config.get_main_option("sqlalchemy.url") or "").replace("+aiosqlite", "")


def render_item(kind: str, item: object, _context: object) -> str | bool:
    # A migration must not change its meaning when our own type does.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


if context.is_offline_mode():
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item
        )
        with context.begin_transaction():
            context.run_migrations()
