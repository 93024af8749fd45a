"""Two writers of one thing at once, each on a connection of its own: as if one had come after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.access import Access
from app.accounts.login_sessions import renew, start_login_session
from app.conversation.room.event_log import store_facts
from app.db import Database
from app.domain.question import KeyPoint, PlannedQuestion
from app.errors import Conflict
from app.interviews import service as interviews
from app.models import Interview, LiveEvent, Question, Recording, RecordingTake
from app.recordings import pieces, video
from app.schemas.live import AnswerEnded
from app.services.video_storage.base import StoredVideo, Take
from app.services.video_storage.embedded import EmbeddedVideoStorage
from app.settings import Settings
from tests.recordings.footage import cut, footage
from tests.workflows.held import a_user

pytestmark = pytest.mark.anyio
WRITERS = 8


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.resolved_database_url)
    # A connection for each: who must open one first comes too late to race.
    async with AsyncExitStack() as stack:
        for _ in range(WRITERS):
            await (await stack.enter_async_context(database.engine.connect())).scalar(select(1))
    yield database
    await database.close()


async def an_interview(db: Database, status: str = "scheduled") -> Interview:
    interview = Interview(user_id=await a_user(db), role="Nurse", seniority="mid", status=status)
    async with db.write() as session:
        session.add(interview)
    return interview


def ended(name: str) -> AnswerEnded:
    return AnswerEnded(
        sequence=0, response_id=name, question_id="q", follow_up_id=None, ended_by="done", silence_ms=None
    )


async def test_facts_are_numbered_once_each_and_without_gaps(db: Database) -> None:
    interview = await an_interview(db)

    async def tell(name: str) -> None:
        async with db.write() as session:
            await store_facts(session, interview.id, [ended(name), ended(name + "+")])
            # Long enough for every other writer to have read the same last number, had it been able to.
            await session.execute(select(func.count()).select_from(LiveEvent))

    await asyncio.gather(*(tell(f"r{number}") for number in range(WRITERS)))
    async with db.read() as session:
        rows = (await session.execute(select(LiveEvent.sequence, LiveEvent.data).order_by(LiveEvent.sequence))).all()
    assert [row.sequence for row in rows] == list(range(1, 2 * WRITERS + 1))
    assert [row.data.sequence for row in rows] == list(range(1, 2 * WRITERS + 1))
    assert all(rows[n].data.response_id + "+" == rows[n + 1].data.response_id for n in range(0, 2 * WRITERS, 2))


async def test_a_plan_is_stored_once_however_many_store_it(db: Database) -> None:
    interview = await an_interview(db, "preparing")
    plan = [PlannedQuestion("project", f"Question {n}?", "Why", "Nurse", (KeyPoint("P"),)) for n in range(5)]

    async def store() -> bool:
        async with db.write() as session:
            return await interviews.store_plan(session, interview.id, plan, asked="scripted")

    assert sorted(await asyncio.gather(*(store() for _ in range(WRITERS)))) == [False] * (WRITERS - 1) + [True]
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Question)) == 5


async def test_of_two_that_drop_the_last_two_questions_one_is_refused(db: Database) -> None:
    interview = await an_interview(db)
    async with db.write() as session:
        for position in range(2):
            session.add(
                Question(
                    interview_id=interview.id, position=position, kind="project", text="Q?", why="w", grounding="g"
                )
            )
    async with db.read() as session:
        first, second = await interviews.questions_of(session, interview.id)

    async def drop(question: Question) -> None:
        async with db.write() as session:
            await interviews.drop(session, Access(interview.user_id), interview.id, question.id)

    outcomes = await asyncio.gather(drop(first), drop(second), return_exceptions=True)
    assert [type(each) for each in outcomes if each is not None] == [Conflict]


async def test_two_tabs_with_one_refresh_token_get_one_new_token(db: Database) -> None:
    user_id = await a_user(db)
    async with db.write() as session:
        _, token = start_login_session(session, user_id, days=30)
    renewed = await asyncio.gather(*(renew(db, token, days=30) for _ in range(WRITERS)))
    fresh = [each.refresh_token for each in renewed if each.refresh_token]
    assert len(fresh) == 1
    assert (await renew(db, fresh[0], days=30)).refresh_token


async def test_one_take_announced_many_times_at_once_is_one_take(db: Database) -> None:
    interview = await an_interview(db, "in_progress")
    async with db.write() as session:
        await interviews.consent(session, Access(interview.user_id), interview.id, recording=True)

    async def announce() -> None:
        async with db.write() as session:
            await pieces.start_take(
                session, Access(interview.user_id), interview.id, number=0, mime_type="video/webm", clock_start_ms=0
            )

    await asyncio.gather(*(announce() for _ in range(WRITERS)))
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Recording)) == 1
        assert await session.scalar(select(func.count()).select_from(RecordingTake)) == 1


class Interrupted(EmbeddedVideoStorage):
    """`meanwhile` happens while the first video is being put together."""

    def __init__(self, root: Path, meanwhile: Callable[[], None]) -> None:
        super().__init__(root)
        self._meanwhile: Callable[[], None] | None = meanwhile

    def assemble(self, recording_id: str, takes: Sequence[Take], keep: Collection[str] = ()) -> StoredVideo:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().assemble(recording_id, takes, keep)


async def test_a_piece_that_arrives_while_the_video_is_put_together_asks_for_another(
    db: Database, settings: Settings
) -> None:
    loop = asyncio.get_running_loop()
    interview = await an_interview(db, "in_progress")
    parts = cut(footage(3), 3)
    async with db.write() as session:
        await interviews.consent(session, Access(interview.user_id), interview.id, recording=True)
        await pieces.start_take(
            session, Access(interview.user_id), interview.id, number=0, mime_type="video/webm", clock_start_ms=0
        )

    async def send(number: int) -> pieces.StoredPiece:
        return await pieces.receive(
            db,
            storage,
            access=Access(interview.user_id),
            interview_id=interview.id,
            take=0,
            number=number,
            data=parts[number],
            mime_type="video/webm",
            max_bytes=1 << 30,
        )

    def send_the_last() -> None:
        asyncio.run_coroutine_threadsafe(send(2), loop).result()

    storage = Interrupted(settings.data_dir / "recordings", send_the_last)
    await send(0)
    await send(1)
    assert not await video.assemble(db, storage, interview.id)
    state = await video.state_of(db, interview.id)
    assert state is not None
    assert (state.status, state.takes[0].next_piece) == ("assembling", 3)
    assert await video.assemble(db, storage, interview.id)
    async with db.read() as session:
        found = await session.scalar(select(Recording))
    assert found is not None
    assert found.status == "ready"
