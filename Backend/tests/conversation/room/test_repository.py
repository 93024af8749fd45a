"""What a failing write says of itself."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.conversation.room import repository
from app.conversation.rules.effects import StoreUtterance
from app.conversation.rules.rules import begin_state
from app.db import POSTGRESQL_WRITERS, Database
from app.errors import NotFound, Unavailable
from app.models import Interview, User
from app.settings import Settings
from tests.conversation.rehearsal import script

pytestmark = pytest.mark.anyio

SECRET = "I once told my manager something in confidence."


def line(response_id: str | None) -> StoreUtterance:
    return StoreUtterance("u1", "candidate", "answer", SECRET, 0, 1, "voice", None, None, response_id)


async def test_a_failed_write_names_no_word_of_the_transcript(settings: Settings) -> None:
    db = Database(settings.resolved_database_url)
    async with db.write() as session:
        user = User(email="a@example.org", name="A", password_hash="x")
        session.add(user)
        await session.flush()
        interview = Interview(user_id=user.id, role="Nurse", seniority="mid", status="in_progress")
        session.add(interview)
    state = begin_state(script(2, interview.id))
    with pytest.raises(IntegrityError) as failed:
        await repository.write(db, state, 0, [line("no such response")])
    assert SECRET not in str(failed.value)
    await db.close()


async def test_an_interview_deleted_meanwhile_is_noticed(settings: Settings) -> None:
    db = Database(settings.resolved_database_url)
    with pytest.raises(NotFound):
        await repository.write(db, begin_state(script(2, "gone")), 0, [line(None)])
    await db.close()


async def test_a_step_waits_for_a_busy_database_longer_than_a_request_does(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    db = Database(settings.resolved_database_url, patience_s=0.2)
    async with db.write() as session:
        user = User(email="a@example.org", name="A", password_hash="x")
        session.add(user)
        await session.flush()
        interview = Interview(user_id=user.id, role="Nurse", seniority="mid", status="in_progress")
        session.add(interview)
    async with AsyncExitStack() as held:
        for _ in range(POSTGRESQL_WRITERS):
            holder = asyncio.create_task(_hold(db, go_on := asyncio.Event()))
            held.push_async_callback(asyncio.wait, [holder])
            held.callback(go_on.set)
        await asyncio.sleep(0)
        step = asyncio.create_task(repository.write(db, begin_state(script(2, interview.id)), 7, []))
        while "stands in line" not in caplog.text:
            assert not step.done()
            await asyncio.sleep(0.01)
    await step
    async with db.read() as session:
        assert await session.scalar(select(Interview.clock_ms).where(Interview.id == interview.id)) == 7
    await db.close()


async def _hold(db: Database, go_on: asyncio.Event) -> None:
    with contextlib.suppress(Unavailable):
        async with db.write():
            await go_on.wait()
