"""Opening and closing the database, on both."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import event, text

from app.db import Database
from app.settings import Settings

pytestmark = pytest.mark.anyio


async def test_closing_waits_for_a_transaction_under_way_and_leaves_no_connection_open(settings: Settings) -> None:
    db = Database(settings.resolved_database_url)
    opened: list[str] = []
    event.listen(db.engine.sync_engine, "connect", lambda *_: opened.append("open"))
    event.listen(db.engine.sync_engine, "close", lambda *_: opened.pop())
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def transaction() -> None:
        async with db.write() as session:
            await session.execute(text("SELECT 1"))
            under_way.set()
            await go_on.wait()

    writing = asyncio.create_task(transaction())
    await under_way.wait()
    closing = asyncio.create_task(db.close())
    await asyncio.sleep(0)
    assert opened
    assert not closing.done()
    go_on.set()
    await closing
    await writing
    assert opened == []
