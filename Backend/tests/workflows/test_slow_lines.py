"""Recordings that come late, piece by piece: no number of jobs wears them out, and what failed is tried again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import av
import pytest
from sqlalchemy import select, update

from app.access import Access
from app.capabilities import Capabilities
from app.models import Interview, Recording, RecordingTake, now
from app.recordings import pieces, video
from app.settings import Settings
from app.workflows import completion, engine
from app.workflows.engine import WorkflowJobs
from app.workflows.workflow import Workflow, WorkflowStep
from tests.recordings.footage import cut, footage
from tests.workflows.doubles import ScriptedLanguageModel
from tests.workflows.held import a_user, hold_interview
from tests.workflows.test_engine import working
from tests.workflows.test_kill import has_status, has_video, new_interview, row
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio
LATE = 70


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same jobs in the same order, without the time between them."""
    for name in ("LATE_PIECES_WAIT_S", "LONGEST_WAIT_S"):
        monkeypatch.setattr(completion, name, 0.0)
    monkeypatch.setattr(engine, "SWEEP_EVERY_S", 0.2)


async def announce(capabilities: Capabilities, interview_id: str, number: int = 0, mime: str = "video/webm") -> None:
    async with capabilities.db.write() as session:
        interview = await session.get(Interview, interview_id)
        assert interview is not None
        await pieces.start_take(
            session,
            Access(interview.user_id),
            interview_id,
            number=number,
            mime_type=mime,
            clock_start_ms=number * 60_000,
        )


async def send(
    capabilities: Capabilities, interview_id: str, number: int, data: bytes, take: int = 0
) -> pieces.StoredPiece:
    receipt = await pieces.receive(
        capabilities.db,
        capabilities.video_storage,
        access=Access((await row(capabilities, interview_id)).user_id),
        interview_id=interview_id,
        take=take,
        number=number,
        data=data,
        mime_type="video/webm",
        max_bytes=1 << 40,
    )
    if receipt.late:
        await capabilities.jobs.assemble(interview_id)
    return receipt


async def end(capabilities: Capabilities, interview_id: str, count: int) -> None:
    async with capabilities.db.write() as session:
        assert await pieces.end_take(
            session, Access((await row(capabilities, interview_id)).user_id), interview_id, 0, count
        )
    await capabilities.jobs.assemble(interview_id)


async def recording_of(capabilities: Capabilities, interview_id: str) -> Recording:
    async with capabilities.db.read() as session:
        found = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
    assert found is not None
    return found


def jobs_of(capabilities: Capabilities, name: str, interview_id: str) -> list[Any]:
    from dbos import DBOS

    return DBOS.list_workflows(workflow_id_prefix=f"{name}:{interview_id}")


async def idle(capabilities: Capabilities, interview_id: str) -> None:
    async def is_idle() -> bool:
        found = await asyncio.to_thread(jobs_of, capabilities, "assemble", interview_id)
        return all(job.status not in engine.RUNNING for job in found)

    await until(is_idle, "the end of the jobs")


@pytest.mark.timeout(240)
async def test_seventy_late_pieces_end_in_the_whole_video(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    async def counted(*arguments: Any) -> bool:
        nonlocal made
        made += 1
        return await assemble(*arguments)

    assemble = video.assemble
    monkeypatch.setattr(video, "assemble", counted)
    parts = cut(footage(14), LATE)
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        await announce(capabilities, interview_id)
        await capabilities.jobs.finish(interview_id)
        for number, piece in enumerate(parts):
            await send(capabilities, interview_id, number, piece)
            await idle(capabilities, interview_id)
            assert (await recording_of(capabilities, interview_id)).status != "failed"
        await end(capabilities, interview_id, LATE)

        async def is_whole() -> bool:
            found = await recording_of(capabilities, interview_id)
            return found.status == "ready" and found.takes[0].pieces == LATE

        await until(is_whole, "the whole video")
        assert (await recording_of(capabilities, interview_id)).duration_ms == pytest.approx(14_000, abs=100)
        assert len(await asyncio.to_thread(jobs_of, capabilities, "assemble", interview_id)) > 50
    # One per doubling and a few that found nothing to play yet; not one per piece.
    assert made <= 20


async def test_a_take_whose_end_was_never_announced_becomes_a_video_without_anybody_asking(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = cut(footage(6), 6)
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        await announce(capabilities, interview_id)
        for number in range(4):
            await send(capabilities, interview_id, number, parts[number])
        await capabilities.jobs.finish(interview_id)
        await until(lambda: has_video(capabilities, interview_id), "a first video")
        await send(capabilities, interview_id, 4, parts[4])

        async def has_five() -> bool:
            found = await recording_of(capabilities, interview_id)
            return found.status == "ready" and found.takes[0].pieces == 5

        await until(has_five, "the video with the late piece")


async def test_a_beginning_that_is_missing_is_waited_for_and_not_a_failure(settings: Settings) -> None:
    parts = cut(footage(4), 4)
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        await announce(capabilities, interview_id)
        for number in (1, 2, 3):
            await send(capabilities, interview_id, number, parts[number])
        await capabilities.jobs.finish(interview_id)

        async def is_waiting() -> bool:
            return (await recording_of(capabilities, interview_id)).status == "uploading"

        await until(is_waiting, "the wait")
        await send(capabilities, interview_id, 0, parts[0])
        await end(capabilities, interview_id, 4)
        await until(lambda: has_video(capabilities, interview_id), "the video")


async def failed_recording(capabilities: Capabilities, settings: Settings) -> tuple[str, list[tuple[Path, bytes]]]:
    """One whose pieces cannot be read for now."""
    interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db), status="in_progress")
    await announce(capabilities, interview_id)
    for number, piece in enumerate(cut(footage(3), 3)):
        await send(capabilities, interview_id, number, piece)
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="processing", ended_at=now()))
    files = [(path, path.read_bytes()) for path in (settings.data_dir / "recordings").rglob("*.piece")]
    for path, _ in files:
        path.write_bytes(os.urandom(2_000))
    await end(capabilities, interview_id, 3)

    async def has_failed() -> bool:
        return (await recording_of(capabilities, interview_id)).status == "failed"

    await until(has_failed, "the failure")
    return interview_id, files


@pytest.fixture
async def failed(settings: Settings) -> AsyncIterator[tuple[Capabilities, str]]:
    async with working(settings) as capabilities:
        interview_id, files = await failed_recording(capabilities, settings)
        for path, data in files:
            path.write_bytes(data)
        yield capabilities, interview_id


async def test_a_recording_that_failed_is_tried_again_by_itself_after_a_while(
    failed: tuple[Capabilities, str],
) -> None:
    capabilities, interview_id = failed
    found = await recording_of(capabilities, interview_id)
    assert found.retry_at is not None and found.retry_at > found.created_at
    assert await video.interviews_to_assemble(capabilities.db, 10) == []
    async with capabilities.db.write() as session:
        await session.execute(update(Recording).values(retry_at=found.created_at))
    await until(lambda: is_ready(capabilities, interview_id), "the video")
    again = await recording_of(capabilities, interview_id)
    assert (again.failures, again.retry_at, again.failure) == (0, None, "")


async def is_ready(capabilities: Capabilities, interview_id: str) -> bool:
    return (await recording_of(capabilities, interview_id)).status == "ready"


async def test_the_pauses_after_failures_grow_and_end_never(settings: Settings) -> None:
    async with working(settings) as capabilities:
        interview_id, _ = await failed_recording(capabilities, settings)
        pauses = []
        for _ in range(30):
            await video.mark_failed(capabilities.db, interview_id, "service_failed")
            found = await recording_of(capabilities, interview_id)
            assert found.retry_at is not None
            pauses.append(found.retry_at)
        steps = [pause - found.created_at for pause in pauses]
        assert steps == sorted(steps) and steps[-1] < video.LONGEST_RETRY + (pauses[-1] - pauses[-2]) * 10 + steps[0]
        for _ in range(10):
            await video.mark_failed(capabilities.db, interview_id, "disk_full")
        full = await recording_of(capabilities, interview_id)
        assert full.retry_at is not None and full.retry_at < pauses[-1]


@pytest.mark.parametrize("times", [1, 60])
async def test_whoever_asks_for_a_failed_job_gets_it_however_often_it_failed(
    settings: Settings, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The retry button, on a job that crashes without even being able to say so."""
    broken = True

    async def crash(_have: Capabilities, _interview_id: str) -> None:
        if broken:
            raise RuntimeError("broken")

    async def cannot_say(_have: Capabilities, _interview_id: str, _code: str) -> None:
        if broken:
            raise RuntimeError("still broken")

    monkeypatch.setattr(engine, "SWEEP_EVERY_S", 600.0)
    prepare, *others = engine.WORKFLOWS
    fragile = Workflow("prepare", (WorkflowStep("crash", crash, 5.0), *prepare.steps), prepare.waiting, cannot_say)
    async with working(settings, ScriptedLanguageModel(), (fragile, *others)) as capabilities:
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        for number in range(times):
            await capabilities.jobs.prepare(interview_id)

            async def has_crashed(number: int = number) -> bool:
                found = await asyncio.to_thread(jobs_of, capabilities, "prepare", interview_id)
                return [job.output for job in found] == ["unexpected"] * (number + 1)

            await until(has_crashed, "the crash")
        broken = False
        await capabilities.jobs.prepare(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions")


async def test_the_sweep_pauses_after_failures_and_comes_to_an_end_that_can_be_taken_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up: list[str] = []

    async def crash(_have: Capabilities, _interview_id: str) -> None:
        raise RuntimeError("broken")

    async def cannot_say(capabilities: Capabilities, interview_id: str, code: str) -> None:
        if code != "job_crashed":
            raise RuntimeError("still broken")
        await prepare.give_up(capabilities, interview_id, code)
        given_up.append(code)

    for name in ("FIRST_PAUSE_S", "LONGEST_PAUSE_S"):
        monkeypatch.setattr(engine, name, 0.0)
    prepare, *others = engine.WORKFLOWS
    fragile = Workflow("prepare", (WorkflowStep("crash", crash, 5.0),), prepare.waiting, cannot_say)
    async with working(settings, workflows=(fragile, *others)) as capabilities:
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        await until(lambda: given_up_once(given_up), "the end of the tries")
        assert len(await asyncio.to_thread(jobs_of, capabilities, "prepare", interview_id)) == engine.MAX_FAILURES
        assert (await row(capabilities, interview_id)).failure == "job_crashed"


async def given_up_once(given_up: list[str]) -> bool:
    return bool(given_up)


async def test_jobs_that_went_well_never_count_against_the_next_one(settings: Settings) -> None:
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        jobs = capabilities.jobs
        assert isinstance(jobs, WorkflowJobs)
        for number in range(engine.MAX_FAILURES + 5):
            await jobs.finish(interview_id)

            async def is_over(number: int = number) -> bool:
                found = await asyncio.to_thread(jobs_of, capabilities, "finish", interview_id)
                return [job.status for job in found] == ["SUCCESS"] * (number + 1)

            await until(is_over, "the job's end")
        assert await jobs._start("finish", interview_id, asked=False) == "started"


async def test_takes_that_do_not_fit_are_parts_and_play_in_the_order_of_the_clock(settings: Settings) -> None:
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        for take, codec in enumerate(("", "libvpx-vp9", "")):
            await announce(capabilities, interview_id, take)
            await send(capabilities, interview_id, 0, footage(2, codec=codec), take)
            async with capabilities.db.write() as session:
                await session.execute(update(RecordingTake).values(expected_pieces=1))
        await capabilities.jobs.finish(interview_id)
        await until(lambda: has_video(capabilities, interview_id), "the video")
        found = await recording_of(capabilities, interview_id)
        assert [part.start_ms for part in found.parts] == [0, 2008, 4016]
        assert [take.video_start_ms for take in found.takes] == [0, 2008, 4016]
        assert found.duration_ms == 3 * 2008
        for part in found.parts:
            path = capabilities.video_storage.local_path(part.key)
            assert path is not None
            with av.open(str(path)) as container:
                assert sum(1 for _ in container.decode(video=0)) == 20
