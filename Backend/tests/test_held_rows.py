"""Every row that is held, proved: of two writers one stands still in mid-transaction, and the other comes.

Without the lock that a test is about, the second does not wait, and the outcome is another. On PostgreSQL alone: SQLite
lets in one writer at a time by itself. For recordings, see tests/recordings/test_held_recordings.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.access import Access
from app.accounts.login_sessions import renew, start_login_session
from app.capabilities import Capabilities
from app.container import build_capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.conversation.call import transcripts
from app.conversation.room import repository
from app.conversation.room.event_log import store_facts
from app.conversation.rules.effects import ReopenAnswer, Stored, StoreEnded, StoreUtterance
from app.db import Database
from app.domain.question import KeyPoint, PlannedQuestion
from app.domain.status import InterviewStatus
from app.errors import Conflict, ProviderError
from app.interviews import service as interviews
from app.models import AvatarSession, Feedback, Interview, LiveEvent, Question, Response, Utterance, new_id, now
from app.schemas.live import AnswerEnded
from app.services.avatar.base import AvatarBrief, AvatarReport, VendorUtterance
from app.services.avatar.base import AvatarConnection as Call
from app.services.avatar.embedded import EmbeddedAvatar
from app.settings import Settings
from app.workflows.completion import compose_feedback
from app.workflows.response_score import score_response
from tests.stopped import COMMIT, Stop, meet
from tests.workflows.doubles import ScriptedLanguageModel
from tests.workflows.held import a_user, hold_interview

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]


class CountingAvatar(EmbeddedAvatar):
    """Makes calls and counts them. With `answer_lost` what it made is found once, and then it cannot be reached."""

    name = "tavus"

    def __init__(self) -> None:
        self.answer_lost = False
        self.started: list[str] = []
        self.ended: list[str] = []
        self.finds = 0

    async def start(self, brief: AvatarBrief) -> Call:
        self.started.append(brief.name)
        if self.answer_lost:
            raise ProviderError("tavus", "timeout", retryable=True)
        return Call(f"call-{len(self.started)}", "embedded-call", "https://call.example/1", "token")

    async def find(self, name: str) -> Call | None:
        self.finds += 1
        if self.finds > 1:
            raise ProviderError("tavus", "unreachable", retryable=True)
        return Call("call-1", "embedded-call", "https://call.example/1", "token")

    async def end(self, session_id: str) -> None:
        self.ended.append(session_id)

    async def report(self, session_id: str) -> AvatarReport:
        lines = (
            VendorUtterance("interviewer", "What did you build?", 0.0, 1.0),
            VendorUtterance("candidate", "A ward.", 900.0, 1.0),
        )
        return AvatarReport(ended=session_id in self.ended or session_id == "over", lines=lines)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.resolved_database_url)
    yield database
    await database.close()


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[Database]:
    """The one that stands still: as another process, with connections of its own."""
    database = Database(settings.resolved_database_url)
    yield database
    await database.close()


@pytest.fixture
async def capabilities(settings: Settings, db: Database) -> AsyncIterator[Capabilities]:
    built = build_capabilities(settings)
    yield replace(built, db=db, language_model=ScriptedLanguageModel(), avatar=CountingAvatar())
    for close in built.closing:
        await close()
    await built.db.close()


async def one(db: Database, query: Any) -> Any:
    async with db.read() as session:
        return await session.scalar(query)


async def an_interview(db: Database, status: str = "scheduled") -> Interview:
    interview = Interview(user_id=await a_user(db), role="Nurse", seniority="mid", status=status, consented_at=now())
    async with db.write() as session:
        session.add(interview)
    return interview


# ---- preparing, telling, signing in -----------------------------------------------------


async def test_the_second_plan_waits_and_finds_the_interview_prepared(db: Database, other: Database) -> None:
    interview = await an_interview(db, "preparing")

    async def store(at: Database) -> bool:
        async with at.write() as session:
            plan = [PlannedQuestion("project", "Why?", "Why", "Nurse", (KeyPoint("P"),))]
            return await interviews.store_plan(session, interview.id, plan, asked="scripted")

    assert await meet(db, Stop(other, COMMIT), store(other), store(db)) == (True, False)
    assert await one(db, select(func.count()).select_from(Question)) == 1


async def test_the_last_but_one_question_and_the_last_are_not_both_dropped(db: Database, other: Database) -> None:
    interview = await an_interview(db)
    rows = [
        Question(interview_id=interview.id, position=position, kind="project", text="Q?", why="w", grounding="g")
        for position in range(2)
    ]
    async with db.write() as session:
        session.add_all(rows)

    async def drop(at: Database, question: Question) -> None:
        async with at.write() as session:
            await interviews.drop(session, Access(interview.user_id), interview.id, question.id)

    _, refused = await meet(db, Stop(other, COMMIT), drop(other, rows[0]), drop(db, rows[1]))
    assert isinstance(refused, Conflict) and refused.code == "last_question"


async def test_facts_told_at_once_are_numbered_one_after_the_other(db: Database, other: Database) -> None:
    interview = await an_interview(db)

    async def tell(at: Database, name: str) -> None:
        fact = AnswerEnded(
            sequence=0, response_id=name, question_id="q", follow_up_id=None, ended_by="done", silence_ms=None
        )
        async with at.write() as session:
            await store_facts(session, interview.id, [fact])

    await meet(db, Stop(other, COMMIT), tell(other, "first"), tell(db, "second"))
    async with db.read() as session:
        rows = (await session.execute(select(LiveEvent.sequence, LiveEvent.data).order_by(LiveEvent.sequence))).all()
    assert [(row.sequence, row.data.response_id) for row in rows] == [(1, "first"), (2, "second")]


async def test_the_second_tab_is_given_no_refresh_token_beside_the_firsts(db: Database, other: Database) -> None:
    user_id = await a_user(db)
    async with db.write() as session:
        _, token = start_login_session(session, user_id, days=30)
    first, second = await meet(db, Stop(other, COMMIT), renew(other, token, days=30), renew(db, token, days=30))
    assert first.refresh_token and second.refresh_token is None
    assert (await renew(db, first.refresh_token, days=30)).refresh_token


# ---- answers, feedback ------------------------------------------------------------------


def a_line(question_id: str, response_id: str | None = None) -> StoreUtterance:
    return StoreUtterance(
        new_id(),
        "candidate",
        "answer",
        "And more.",
        40_000,
        41_000,
        "voice",
        question_id,
        None,
        response_id,
    )


async def test_an_answer_that_goes_on_while_it_is_scored_is_left_to_its_next_end(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    interview_id = await hold_interview(db, await a_user(db), status="in_progress")
    response = await one(db, select(Response).join(Question).where(Question.position == 0))
    state = (await repository.load(db, interview_id)).state
    goes_on: list[Stored] = [a_line(response.question_id, response.id), ReopenAnswer(response.id)]
    stop = Stop(other, "UPDATE responses")
    step, told = await meet(
        db,
        stop,
        repository.write(other, state, 1, goes_on),
        score_response(db, capabilities.language_model, response.id),
    )
    assert len(step) == 1 and told == []
    assert await one(db, select(Response.status).where(Response.id == response.id)) == "open"


async def test_feedback_composed_twice_at_once_is_one_feedback(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    interview_id = await hold_interview(db, await a_user(db))
    await meet(
        db,
        Stop(other, COMMIT),
        compose_feedback(replace(capabilities, db=other), interview_id, status=InterviewStatus.PROCESSING),
        compose_feedback(capabilities, interview_id, status=InterviewStatus.PROCESSING),
    )
    assert await one(db, select(func.count()).select_from(Feedback)) == 1


# ---- calls ------------------------------------------------------------------------------


async def a_call(db: Database, capabilities: Capabilities) -> tuple[CountingAvatar, str, str]:
    """The vendor, the person and an interview that can be held."""
    avatar = capabilities.avatar
    assert isinstance(avatar, CountingAvatar)
    user_id = await a_user(db)
    return avatar, user_id, await hold_interview(db, user_id, status="in_progress", answers=())


async def ended(db: Database, capabilities: Capabilities, interview_id: str) -> None:
    await repository.write(db, (await repository.load(db, interview_id)).state, 1, [StoreEnded("ended_early")])
    await avatar_sessions.end(capabilities, interview_id)


async def test_two_tabs_that_want_a_call_at_once_make_one(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    avatar, user_id, interview_id = await a_call(db, capabilities)
    first, second = await meet(
        db,
        Stop(other, COMMIT),
        avatar_sessions.start(replace(capabilities, db=other), Access(user_id), interview_id),
        avatar_sessions.start(capabilities, Access(user_id), interview_id),
    )
    assert first.vendor_id == second.vendor_id == "call-1"
    assert len(avatar.started) == 1


async def test_a_call_that_opens_while_its_page_leaves_it_is_ended(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    avatar, user_id, interview_id = await a_call(db, capabilities)
    opening = avatar_sessions.start(replace(capabilities, db=other), Access(user_id), interview_id)
    stop = Stop(other, "UPDATE avatar_sessions", "vendor_id")
    await meet(db, stop, opening, avatar_sessions.end(capabilities, interview_id))
    assert avatar.ended == ["call-1"]
    assert await one(db, select(AvatarSession.status)) == "ended"


async def test_a_call_found_again_while_its_interview_ends_is_ended(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    avatar, user_id, interview_id = await a_call(db, capabilities)
    avatar.answer_lost = True
    opening = avatar_sessions.start(replace(capabilities, db=other), Access(user_id), interview_id)
    stop = Stop(other, "FROM avatar_sessions", "FOR UPDATE")
    await meet(db, stop, opening, ended(db, capabilities, interview_id))
    assert avatar.ended == ["call-1"]
    assert await one(db, select(AvatarSession.status)) == "ended"


async def test_a_call_that_was_ended_before_it_was_found_again_is_not_opened(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    avatar, user_id, interview_id = await a_call(db, capabilities)
    avatar.answer_lost = True

    async def ended_there() -> None:
        async with db.write() as session:
            await session.execute(update(AvatarSession).values(status="ended"))

    stop = Stop(other, "FROM avatar_sessions", "FOR UPDATE")
    await meet(
        db, stop, avatar_sessions.start(replace(capabilities, db=other), Access(user_id), interview_id), ended_there()
    )
    assert await one(db, select(AvatarSession.status)) == "ended"
    assert avatar.ended == ["call-1"]


async def test_a_transcript_merged_while_a_late_line_is_stored_numbers_it_too(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    interview_id = await hold_interview(db, await a_user(db))
    question_id = await one(db, select(Question.id).where(Question.position == 0))
    async with db.write() as session:
        call = {"provider": "tavus", "name": "c", "vendor_id": "over", "status": "active", "callback_hash": "h"}
        session.add(AvatarSession(interview_id=interview_id, look_at=now(), **call))
    state = (await repository.load(db, interview_id)).state
    late = repository.write(other, state, 1, [a_line(question_id)])
    await meet(db, Stop(other, COMMIT), late, transcripts.look(capabilities, interview_id))
    async with db.read() as session:
        rows = (await session.execute(select(Utterance.sequence, Utterance.text).order_by(Utterance.sequence))).all()
    assert {"And more.", "A ward."} <= {row.text for row in rows}
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
