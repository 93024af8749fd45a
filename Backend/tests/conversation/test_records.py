"""What a failing write says of itself."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from app.conversation import records
from app.conversation.effects import StoreUtterance
from app.conversation.machine import begin_state
from app.db import Database
from app.errors import NotFound
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
        await records.write(db, state, 0, [line("no such response")])
    assert SECRET not in str(failed.value)
    await db.close()


async def test_an_interview_deleted_meanwhile_is_noticed(settings: Settings) -> None:
    db = Database(settings.resolved_database_url)
    with pytest.raises(NotFound):
        await records.write(db, begin_state(script(2, "gone")), 0, [line(None)])
    await db.close()
