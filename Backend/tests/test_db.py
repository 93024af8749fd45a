"""Opening and closing the database, and who waits for whom, on both."""

from __future__ import annotations

import ast
import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text, update

import app as product
from app import db as database_module
from app.db import Database, hold
from app.errors import Unavailable
from app.models import User
from app.settings import Settings
from tests.house import ON_SQLITE_ONLY
from tests.workflows.held import a_user

pytestmark = pytest.mark.anyio
GENEROUS_S = 60.0


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    made = Database(settings.resolved_database_url, patience_s=GENEROUS_S)
    yield made
    await made.close()


class Holder:
    """Somebody who is in a write transaction on a user's row until told to go on."""

    def __init__(self, db: Database, user_id: str) -> None:
        self._go_on = asyncio.Event()
        self._inside = asyncio.Event()
        self._task = asyncio.create_task(self._hold(db, user_id))

    async def inside(self) -> None:
        await self._inside.wait()

    async def go_on(self) -> None:
        self._go_on.set()
        await self._task

    async def _hold(self, db: Database, user_id: str) -> None:
        async with db.write() as session:
            await hold(session, User.id, user_id)
            self._inside.set()
            await self._go_on.wait()


async def test_twenty_four_waiting_writers_keep_no_reader_waiting(db: Database) -> None:
    user_id = await a_user(db)
    holder = Holder(db, user_id)
    await holder.inside()
    done: list[str] = []

    async def write() -> None:
        async with db.write() as session:
            await hold(session, User.id, user_id)
        done.append("write")

    writers = [asyncio.create_task(write()) for _ in range(24)]
    await asyncio.sleep(0)
    async with asyncio.timeout(GENEROUS_S):
        for _ in range(30):
            async with db.read() as session:
                assert await session.scalar(select(func.count()).select_from(User)) == 1
            done.append("read")
    await holder.go_on()
    await asyncio.gather(*writers)
    assert done == ["read"] * 30 + ["write"] * 24


async def test_many_readers_keep_no_writer_waiting(db: Database) -> None:
    user_id = await a_user(db)
    async with AsyncExitStack() as stack:
        go_on = asyncio.Event()

        async def read() -> None:
            async with db.read() as session:
                await session.scalar(select(1))
                await go_on.wait()

        readers = [asyncio.create_task(read()) for _ in range(40)]
        stack.push_async_callback(_over, readers)
        stack.callback(go_on.set)
        await asyncio.sleep(0)
        async with asyncio.timeout(GENEROUS_S), db.write() as session:
            await session.execute(update(User).where(User.id == user_id).values(name="Written"))
        assert not any(reader.done() for reader in readers)


async def _over(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


@ON_SQLITE_ONLY
async def test_writers_come_in_the_order_in_which_they_asked(db: Database) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        async with db.write() as session:
            await session.execute(text("SELECT 1"))
            order.append(number)

    await asyncio.gather(*(write(number) for number in range(24)))
    assert order == list(range(24))


@ON_SQLITE_ONLY
async def test_a_writer_whose_turn_does_not_come_is_told_to_come_back_and_the_log_says_who_held_it(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    db = Database(settings.resolved_database_url, patience_s=0.01)
    holder = Holder(db, await a_user(db))
    await holder.inside()
    with pytest.raises(Unavailable) as refused:
        async with db.write():
            pass
    assert refused.value.retry_after_s
    assert "test_db._hold:" in caplog.text
    await holder.go_on()
    async with db.write() as session:
        assert await session.scalar(select(1)) == 1
    await db.close()


async def test_a_long_write_transaction_is_named_in_the_log(
    db: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with caplog.at_level(logging.WARNING):
        async with db.write() as session:
            await session.scalar(select(1))
        assert "write transaction" not in caplog.text
        monkeypatch.setattr(database_module, "LONG_WRITE_S", 0.0)
        async with db.write() as session:
            await session.scalar(select(1))
    assert "test_db.test_a_long_write_transaction_is_named_in_the_log:" in caplog.text


async def test_a_write_inside_a_write_fails_at_once_instead_of_waiting_for_itself(db: Database) -> None:
    async with db.write():
        with pytest.raises(RuntimeError, match="inside the write transaction of test_db"):
            async with db.write():
                pass


async def test_a_writer_who_gives_up_leaves_the_line(db: Database) -> None:
    holder = Holder(db, await a_user(db))
    await holder.inside()
    others = [Holder(db, "nobody") for _ in range(4)]

    async def write() -> None:
        async with db.write() as session:
            await session.scalar(select(1))

    leaving = [asyncio.create_task(write()) for _ in range(8)]
    await asyncio.sleep(0)
    for each in leaving:
        each.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    await holder.go_on()
    for other in others:
        await other.go_on()
    async with asyncio.timeout(GENEROUS_S):
        await write()


@ON_SQLITE_ONLY
async def test_a_database_that_another_process_writes_is_busy_and_not_broken(db: Database, settings: Settings) -> None:
    event.listen(db.engine.sync_engine, "connect", _impatient)
    other = sqlite3.connect(settings.data_dir / "interviewdost.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        async with db.write() as session:
            await session.scalar(select(1))
    assert (refused.value.code, refused.value.retry_after_s) == ("busy", 5)
    other.execute("ROLLBACK")
    other.close()
    async with db.write() as session:
        assert await session.scalar(select(1)) == 1


def _impatient(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10")
    cursor.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_statement_that_waits_too_long_for_a_lock_is_busy_and_not_broken(db: Database) -> None:
    user_id = await a_user(db)
    holder = Holder(db, user_id)
    await holder.inside()
    with pytest.raises(Unavailable):
        async with db.write() as session:
            await session.execute(text("SET LOCAL statement_timeout = 50"))
            await hold(session, User.id, user_id)
    await holder.go_on()


def test_a_transaction_awaits_nothing_but_its_own_session() -> None:
    """A vendor or a second transaction awaited inside would keep every other writer waiting for it."""
    strangers = [
        f"{path.name}:{node.lineno} {ast.unparse(node)[:80]}"
        for path in sorted(Path(*product.__path__).rglob("*.py"))
        for session, block in _transactions(ast.parse(path.read_text()))
        for node in ast.walk(block)
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) and node is not block
        if session not in {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    ]
    assert strangers == []


def _transactions(tree: ast.Module) -> list[tuple[str, ast.AsyncWith]]:
    return [
        (item.optional_vars.id, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Attribute)
        and item.context_expr.func.attr in ("read", "write")
        and isinstance(item.optional_vars, ast.Name)
    ]


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
