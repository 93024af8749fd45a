"""Killed at any place of any step, and started again: every job ends, once, with nothing doubled."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from typing import Any

import pytest
from dbos._dbos import _get_or_create_dbos_registry
from sqlalchemy import func, select

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.models import Feedback, Interview, Question, Recording, RecordingPiece, RecordingTake, Response
from app.settings import Settings
from app.workflows.engine import WORKFLOWS, WorkflowJobs
from tests.recordings.footage import cut, footage
from tests.workflows import killed
from tests.workflows.doubles import ScriptedLanguageModel
from tests.workflows.held import GOOD, a_user, hold_interview
from tests.workflows.killed import PLACES
from tests.workflows.waiting import until

PLACES_TO_DIE = [
    (workflow.name, step.name, place) for workflow in WORKFLOWS for step in workflow.steps for place in PLACES
]
KILL_TIMEOUT_S = 60


# Every case is a process of its own. They are forked from one that has imported everything, because importing takes
# seconds and there is a case for every place of every step on both databases.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["dbos", "tests.workflows.killed"])


@pytest.fixture(autouse=True)
def quick_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job taken over passes through DBOS's own queue, which is looked into once a second: a minute in all here."""
    monkeypatch.setattr(_get_or_create_dbos_registry().get_internal_queue(), "_polling_interval_sec", 0.05)


async def killed_at(settings: Settings, workflow: str, step: str, place: str, interview_id: str) -> int | None:
    process = FORKED.Process(
        target=killed.main, args=(settings.data_dir, settings.database_url, workflow, step, place, interview_id)
    )
    process.start()
    try:
        await asyncio.to_thread(process.join, KILL_TIMEOUT_S)
        return process.exitcode
    finally:
        if process.exitcode is None:
            process.kill()
            process.join()
        process.close()


def restarted(settings: Settings) -> Capabilities:
    capabilities = build_capabilities(settings)
    capabilities.language_model = ScriptedLanguageModel()
    capabilities.jobs = WorkflowJobs(capabilities)
    return capabilities


async def recorded_interview(capabilities: Capabilities, user_id: str) -> str:
    interview_id = await hold_interview(capabilities.db, user_id, answers=(GOOD, "", None))
    pieces = cut(footage(3), 3)
    async with capabilities.db.write() as session:
        recording = Recording(interview_id=interview_id)
        session.add(recording)
        await session.flush()
        take = RecordingTake(
            recording_id=recording.id, number=0, mime_type="video/webm", clock_start_ms=0, expected_pieces=3
        )
        session.add(take)
        await session.flush()
        for number, piece in enumerate(pieces):
            session.add(RecordingPiece(take_id=take.id, number=number, size_bytes=len(piece), sha256="0" * 64))
    for number, piece in enumerate(pieces):
        capabilities.video_storage.put_piece(recording.id, 0, number, piece)
    return interview_id


async def new_interview(capabilities: Capabilities, user_id: str) -> str:
    interview = Interview(user_id=user_id, role="Nurse", seniority="mid")
    async with capabilities.db.write() as session:
        session.add(interview)
    return interview.id


async def row(capabilities: Capabilities, interview_id: str) -> Interview:
    async with capabilities.db.read() as session:
        found = await session.get(Interview, interview_id)
        assert found is not None
        return found


async def count(capabilities: Capabilities, model: Any, interview_id: str) -> int:
    async with capabilities.db.read() as session:
        query = select(func.count()).select_from(model).where(model.interview_id == interview_id)
        return await session.scalar(query) or 0


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("workflow", "step", "place"), PLACES_TO_DIE, ids=["-".join(each) for each in PLACES_TO_DIE])
async def test_a_killed_job_goes_on_at_the_next_start(settings: Settings, workflow: str, step: str, place: str) -> None:
    first = build_capabilities(settings)
    user_id = await a_user(first.db)
    make = new_interview if workflow == "prepare" else recorded_interview
    interview_id = await make(first, user_id)
    await first.db.close()

    assert await killed_at(settings, workflow, step, place, interview_id) == -signal.SIGKILL

    capabilities = restarted(settings)
    await capabilities.jobs.start()
    try:
        if workflow == "prepare":
            await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions")
            assert await count(capabilities, Question, interview_id) == 5
            return
        await until(lambda: has_status(capabilities, interview_id, "completed"), "the results")
        await until(lambda: has_video(capabilities, interview_id), "the video")
        assert await count(capabilities, Feedback, interview_id) == 1
        assert await count(capabilities, Response, interview_id) == 3
        assert (await row(capabilities, interview_id)).overall_score is not None
        folders = list((settings.data_dir / "recordings").iterdir())
        assert len(folders) == 1
        assert len(list(folders[0].glob("video-*"))) == 1
    finally:
        await capabilities.jobs.stop()
        await capabilities.db.close()


async def has_status(capabilities: Capabilities, interview_id: str, status: str) -> bool:
    found = (await row(capabilities, interview_id)).status
    assert found != "failed"
    return found == status


async def has_video(capabilities: Capabilities, interview_id: str) -> bool:
    async with capabilities.db.read() as session:
        found = await session.scalar(select(Recording.status).where(Recording.interview_id == interview_id))
    assert found != "failed"
    return found == "ready"
