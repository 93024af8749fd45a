"""On a real disk without room: nothing acknowledged is lost, everybody is told, and deleting always works."""

from __future__ import annotations

import asyncio
import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.disk_space import FREE_FOR_WORDS, RESERVE_SHARE, SMALL_SHARE, Reserve, is_full
from app.domain.status import InterviewStatus
from app.main import create_app
from app.migrate import migrate
from app.models import Interview, LiveEvent, Recording, User
from app.schemas.live import UtteranceAdded
from app.schemas.results import UtteranceModel
from app.settings import Settings
from app.workflows.engine import WorkflowJobs
from tests.house import sign_up
from tests.recordings.disk import fill, small_disk
from tests.recordings.footage import cut, footage
from tests.routers.live_page import page_of, served
from tests.routers.test_interviews import capabilities_of, me
from tests.routers.test_live import prepared
from tests.routers.test_recordings import end, recorded, send, start, state, until_ready
from tests.workflows.doubles import ScriptedLanguageModel
from tests.workflows.held import a_user, hold_interview
from tests.workflows.test_kill import has_status
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with small_disk(tmp_path / "data", 12) as data:
        made = Settings(
            _env_file=None, data_dir=data, speech="off", rate_limits=False, frontend_dist=tmp_path / "no-frontend"
        )
        migrate(made)
        yield made


async def test_a_piece_is_refused_while_there_is_no_room_and_taken_when_there_is(
    settings: Settings, app: FastAPI, candidate: AsyncClient
) -> None:
    interview_id = await hold_interview(capabilities_of(app).db, await me(candidate), status="in_progress")
    pieces = cut(footage(4), 4)
    await start(candidate, interview_id)
    assert (await send(candidate, interview_id, 0, pieces[0])).status_code == 200
    filler = fill(settings.data_dir)
    answer = await send(candidate, interview_id, 1, pieces[1])
    assert (answer.status_code, answer.json()["code"]) == (503, "piece_not_stored")
    assert int(answer.headers["retry-after"]) > 0
    assert (await state(candidate, interview_id))["takes"][0]["next_piece"] == 1
    filler.unlink()
    for number in (1, 2, 3):
        assert (await send(candidate, interview_id, number, pieces[number])).status_code == 200
    await end(candidate, interview_id, 4)
    await candidate.post(f"/api/interviews/{interview_id}/finish")
    await until_ready(candidate, interview_id)


async def test_recordings_leave_room_for_words(settings: Settings, app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await hold_interview(capabilities_of(app).db, await me(candidate), status="in_progress")
    await start(candidate, interview_id)
    for number in range(100):
        answer = await send(candidate, interview_id, number, bytes(500_000))
        if answer.status_code != 200:
            break
    assert answer.json()["code"] == "piece_not_stored"
    # Written down is still what is said, for a good while.
    async with capabilities_of(app).db.write() as session:
        await session.execute(insert(LiveEvent), events_of(interview_id, 500, 100))


async def test_a_database_without_room_is_said_and_not_a_failure_of_ours(
    settings: Settings, app: FastAPI, candidate: AsyncClient
) -> None:
    fill(settings.data_dir)
    answer = await until_refused(candidate)
    assert (answer.status_code, answer.json()["code"]) == (503, "disk_full")
    assert int(answer.headers["retry-after"]) > 0
    assert (await candidate.get("/api/interviews")).status_code == 200


async def until_refused(client: AsyncClient) -> Any:
    """Until the log, which has some room of its own, is full as well."""
    for _ in range(3000):
        body = {"role": "Nurse", "seniority": "mid", "skills": [], "job_description": "x" * 8000}
        answer = await client.post("/api/interviews", json=body)
        if answer.status_code != 201:
            return answer
    raise AssertionError("there was room all the time")


def events_of(interview_id: str, count: int, letters: int = 400) -> list[dict[str, Any]]:
    line = UtteranceModel(
        id="u-1",
        sequence=1,
        speaker="candidate",
        kind="answer",
        text="x" * letters,
        start_ms=0,
        end_ms=1,
        video_ms=None,
        source="voice",
        question_id=None,
        follow_up_id=None,
        response_id=None,
    )
    data = UtteranceAdded(sequence=1, utterance=line)
    return [{"interview_id": interview_id, "sequence": at, "type": data.type, "data": data} for at in range(count)]


async def crowded(capabilities: Capabilities, user_id: str, events: int = 300) -> str:
    """An interview with much said in it and nothing recorded: deleting it frees no room before it has worked."""
    interview_id = await hold_interview(capabilities.db, user_id)
    async with capabilities.db.write() as session:
        await session.execute(insert(LiveEvent), events_of(interview_id, events))
    return interview_id


def use_up_the_log(settings: Settings) -> None:
    """The log takes no more without growing, which it cannot."""
    with sqlite3.connect(settings.data_dir / "interviewdost.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def test_an_interview_can_be_deleted_on_a_full_disk(
    settings: Settings, app: FastAPI, candidate: AsyncClient
) -> None:
    capabilities = capabilities_of(app)
    user_id = await me(candidate)
    bare = [await crowded(capabilities, user_id) for _ in range(4)]
    with_video = await recorded(app, candidate)
    await until(lambda: has_status(capabilities, with_video, "completed"), "the results")
    use_up_the_log(settings)
    fill(settings.data_dir)
    for interview_id in [*bare, with_video]:
        answer = await candidate.delete(f"/api/interviews/{interview_id}")
        assert answer.status_code == 204, answer.text
        fill(settings.data_dir)
    async with capabilities.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Interview)) == 0
        assert await session.scalar(select(func.count()).select_from(LiveEvent)) == 0
    assert not list((settings.data_dir / "recordings").rglob("*.*"))


async def test_an_account_can_be_deleted_on_a_full_disk(
    settings: Settings, app: FastAPI, browser: Callable[[], AsyncClient]
) -> None:
    client = browser()
    account = await sign_up(client)
    for _ in range(6):
        await crowded(capabilities_of(app), await me(client))
    use_up_the_log(settings)
    fill(settings.data_dir)
    answer = await client.request("DELETE", "/api/auth/me", json={"password": account["password"]})
    assert answer.status_code == 200, answer.text
    async with capabilities_of(app).db.read() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 0
        assert await session.scalar(select(func.count()).select_from(LiveEvent)) == 0


async def test_a_recording_that_found_no_room_is_put_together_when_there_is_some(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.recordings import video
    from app.workflows import engine

    monkeypatch.setattr(engine, "SWEEP_EVERY_S", 0.2)
    capabilities = build_capabilities(settings)
    capabilities.language_model = ScriptedLanguageModel()
    capabilities.jobs = WorkflowJobs(capabilities)
    await capabilities.jobs.start()
    try:
        from tests.workflows.test_slow_lines import announce
        from tests.workflows.test_slow_lines import send as send_piece

        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db), status="in_progress")
        await announce(capabilities, interview_id)
        for number, piece in enumerate(cut(footage(4), 4)):
            await send_piece(capabilities, interview_id, number, piece)
        await capabilities.jobs._ready()
        # As full as recordings may make it: words still have room, a video has none.
        filler = settings.data_dir / "filler"
        filler.write_bytes(bytes(room_for_recordings(settings) - 20_000))
        async with capabilities.db.write() as session:
            interview = await session.get(Interview, interview_id)
            assert interview is not None
            interview.status = InterviewStatus.PROCESSING
        await capabilities.jobs.finish(interview_id)

        async def has_failed() -> bool:
            async with capabilities.db.read() as session:
                found = await session.scalar(select(Recording))
            return found is not None and (found.status, found.failure) == ("failed", "disk_full")

        await until(has_failed, "the word that there is no room")
        filler.unlink()
        monkeypatch.setattr(video, "FIRST_RETRY", video.FIRST_RETRY * 0)
        async with capabilities.db.write() as session:
            found = await session.scalar(select(Recording))
            assert found is not None and found.retry_at is not None
            found.retry_at = found.created_at

        async def is_ready() -> bool:
            async with capabilities.db.read() as session:
                return await session.scalar(select(Recording.status)) == "ready"

        await until(is_ready, "the video")
    finally:
        await capabilities.jobs.stop()
        await capabilities.db.close()


async def test_a_live_interview_says_that_there_is_no_room_waits_and_goes_on_with_what_was_said(
    settings: Settings,
) -> None:
    capabilities = build_capabilities(settings)
    capabilities.language_model = ScriptedLanguageModel()
    app = create_app(settings, capabilities)
    async with served(app) as address, AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        interview_id, _ = await prepared(capabilities.db, (await sign_up(client))["id"])
        async with page_of(address, interview_id, dict(client.cookies)) as page:
            await page.wish("interview.begin", listen=False, speak=False)
            await page.until_phase("listening", 0)
            use_up_the_log(settings)
            filler = fill(settings.data_dir)
            # What fits into the last bytes is kept as ever; then the page is told, once.
            said = 0
            while not page.of("problem.told") and said < 200:
                said += 1
                await page.wish("answer.type", text=f"Sentence {said}. " + "We measured it. " * 100, done=False)
                await asyncio.sleep(0.01)
            told = await page.until(lambda page: page.of("problem.told"))
            assert [fact["code"] for fact in told] == ["disk_full"]
            assert page.close_code is None
            filler.unlink()
            await page.wish("answer.type", text="And that is all.", done=True)
            await page.until_line("And that is all.")
            typed = [line["text"].split(".")[0] for line in page.lines() if line["speaker"] == "candidate"]
            assert typed == [*(f"Sentence {number}" for number in range(1, said + 1)), "And that is all"]
            assert page.close_code is None


def room_for_recordings(settings: Settings) -> int:
    usage = shutil.disk_usage(settings.data_dir)
    return usage.free - min(FREE_FOR_WORDS, usage.total // SMALL_SHARE)


def test_errors_that_mean_no_room_are_told_from_others(tmp_path: Path) -> None:
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        assert is_full(OSError(number, "no"))
    assert not is_full(OSError(errno.ENOENT, "no"))
    assert not is_full(ValueError("database or disk is full"))
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert is_full(OperationalError("INSERT", {}, full))
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert not is_full(OperationalError("INSERT", {}, busy))


def test_the_reserve_is_held_where_there_is_room_and_given_up_at_once(settings: Settings) -> None:
    reserve = Reserve(settings.data_dir)
    reserve.hold()
    held = (settings.data_dir / "reserve").stat().st_size
    assert held == 12 * 1024 * 1024 // RESERVE_SHARE
    reserve.hold()
    fill(settings.data_dir)
    reserve.release()
    (settings.data_dir / "more").write_bytes(bytes(held - 8192))
    reserve.hold()
    assert not (settings.data_dir / "reserve").exists()
    (settings.data_dir / "more").write_bytes(bytes(8192))
    reserve.hold(again=True)
    assert 0 < (settings.data_dir / "reserve").stat().st_size < held
