"""Two writers, one page: facts are told in the order in which they were stored, each once."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.conversation.room import repository
from app.conversation.room.engines import Engines
from app.conversation.room.event_log import store_facts
from app.conversation.room.room import LiveInterview
from app.conversation.room.voice_queue import SpokenWords
from app.db import Database
from app.domain.persona import MAYA
from app.models import Interview, Question, User
from app.schemas.live import AnswerEnded
from app.settings import Settings
from tests.workflows.doubles import ScriptedLanguageModel

pytestmark = pytest.mark.anyio


def ended(name: str) -> AnswerEnded:
    return AnswerEnded(
        sequence=0, response_id=name, question_id="q", follow_up_id=None, ended_by="done", silence_ms=None
    )


async def scheduled(db: Database) -> str:
    async with db.write() as session:
        user = User(email="a@example.org", name="A", password_hash="x")
        session.add(user)
        await session.flush()
        interview = Interview(user_id=user.id, role="Nurse", seniority="mid", status="scheduled")
        session.add(interview)
        await session.flush()
        session.add(
            Question(interview_id=interview.id, position=0, kind="project", text="Ward 7?", why="w", grounding="Nurse")
        )
    return interview.id


async def test_a_fact_stored_first_is_told_first_whoever_speaks_up_first(settings: Settings) -> None:
    db = Database(settings.resolved_database_url)
    interview_id = await scheduled(db)
    engines = Engines(db=db, language_model=ScriptedLanguageModel(), recognizer=None, voice=None, spoken=SpokenWords())
    live = LiveInterview(
        await repository.load(db, interview_id),
        engines,
        persona=MAYA,
        score=lambda _: None,
        ended=lambda: None,
        end_call=lambda _: None,
    )
    await live.tell_stored()
    await live.welcome(0)
    for name in ("first", "second", "third"):
        async with db.write() as session:
            await store_facts(session, interview_id, [ended(name)])
    # The writer of the third is the first to come back, and all of them come at once.
    await asyncio.gather(live.tell_stored(), live.tell_stored(), live.tell_stored())
    live.outbox.close(1000, "done")
    told = [json.loads(message) async for message in live.outbox.messages() if isinstance(message, str)]
    await db.close()
    assert told[0]["type"] == "interview.welcomed"
    assert [fact["response_id"] for fact in told[1:]] == ["first", "second", "third"]
    assert [fact["sequence"] for fact in told[1:]] == [1, 2, 3]
