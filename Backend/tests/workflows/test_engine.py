"""The durable engine itself, on its real database."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg.sql import SQL
from sqlalchemy import select, update

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.errors import Unavailable
from app.models import Feedback, Interview, LiveEvent, Recording, RecordingPiece, RecordingTake, now
from app.schemas.live import InterviewEnded
from app.services.language_model.base import LanguageModel
from app.settings import Settings
from app.workflows.engine import STOP_WAIT_S, TRIES, WORKFLOWS, WorkflowJobs, _perform
from app.workflows.process_locks import ProofOfLife
from app.workflows.retention import ABANDONED_AFTER, PIECES_KEPT, abandon_idle, close_recordings
from app.workflows.session_locks import SessionLock
from app.workflows.workflow import Workflow, WorkflowStep
from tests.postgresql import Cluster, program
from tests.workflows.doubles import ScriptedLanguageModel
from tests.workflows.held import a_user, hold_interview
from tests.workflows.test_kill import count, has_status, has_video, new_interview, recorded_interview, row
from tests.workflows.waiting import until

TOLD = InterviewEnded(sequence=1, reason="complete")


@asynccontextmanager
async def working(
    settings: Settings,
    model: LanguageModel | None = None,
    workflows: tuple[Workflow, ...] = WORKFLOWS,
    stop_wait_s: float = STOP_WAIT_S,
) -> AsyncIterator[Capabilities]:
    capabilities = build_capabilities(settings)
    capabilities.language_model = model or ScriptedLanguageModel()
    capabilities.jobs = WorkflowJobs(capabilities, workflows, stop_wait_s=stop_wait_s)
    await capabilities.jobs.start()
    try:
        yield capabilities
    finally:
        await capabilities.jobs.stop()
        await capabilities.db.close()


async def test_asking_twice_is_one_job(settings: Settings) -> None:
    model = ScriptedLanguageModel()
    async with working(settings, model) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        await asyncio.gather(*(capabilities.jobs.finish(interview_id) for _ in range(5)))
        await until(lambda: has_status(capabilities, interview_id, "completed"), "the results")
        await capabilities.jobs.finish(interview_id)
        assert await count(capabilities, Feedback, interview_id) == 1
    assert model.calls.count("write_feedback") == 1


async def test_an_interview_left_without_a_job_is_found_at_the_next_start(settings: Settings) -> None:
    before = build_capabilities(settings)
    user_id = await a_user(before.db)
    preparing = await new_interview(before, user_id)
    processing = await recorded_interview(before, user_id)
    await before.db.close()
    async with working(settings) as capabilities:
        await until(lambda: has_status(capabilities, preparing, "scheduled"), "five questions")
        await until(lambda: has_status(capabilities, processing, "completed"), "the results")
        await until(lambda: has_video(capabilities, processing), "the video")


async def test_a_passing_failure_is_tried_again(settings: Settings) -> None:
    model = ScriptedLanguageModel(failures=2)
    async with working(settings, model) as capabilities:
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        await capabilities.jobs.prepare(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions")
    assert model.calls == ["plan_questions"] * 3


@pytest.mark.parametrize(("failures", "retryable", "calls"), [(3, True, 3), (1, False, 1)])
async def test_a_lasting_failure_is_shown_with_its_code_and_can_be_retried(
    settings: Settings, failures: int, retryable: bool, calls: int
) -> None:
    model = ScriptedLanguageModel(failures=failures, retryable=retryable)
    async with working(settings, model) as capabilities:
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        await capabilities.jobs.prepare(interview_id)

        async def has_failed() -> bool:
            return (await row(capabilities, interview_id)).status == "failed"

        await until(has_failed, "the failure")
        assert (await row(capabilities, interview_id)).failure == "service_failed"
        assert len(model.calls) == calls
        async with capabilities.db.write() as session:
            await session.execute(
                update(Interview).where(Interview.id == interview_id).values(status="preparing", failure="")
            )
        await capabilities.jobs.prepare(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions at the second try")


async def test_a_step_that_hangs_fails_the_job_and_not_the_process(settings: Settings) -> None:
    async def hang(_have: Capabilities, _interview_id: str) -> None:
        await asyncio.Event().wait()

    prepare, *others = WORKFLOWS
    stuck = Workflow("prepare", (WorkflowStep("hang", hang, 0.2),), prepare.waiting, prepare.give_up)
    async with working(settings, workflows=(stuck, *others)) as capabilities:
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        await capabilities.jobs.prepare(interview_id)

        async def has_failed() -> bool:
            return (await row(capabilities, interview_id)).failure == "timeout"

        await until(has_failed, "the time-out")


async def test_an_unexpected_error_is_logged_without_its_words(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_have: Capabilities, _interview_id: str) -> None:
        raise RuntimeError("Meera Nair, 45 to 20 minutes")

    prepare, *others = WORKFLOWS
    broken = Workflow("prepare", (WorkflowStep("fail", fail, 5.0),), prepare.waiting, prepare.give_up)
    with caplog.at_level(logging.DEBUG):
        async with working(settings, workflows=(broken, *others)) as capabilities:
            interview_id = await new_interview(capabilities, await a_user(capabilities.db))
            await capabilities.jobs.prepare(interview_id)

            async def has_failed() -> bool:
                return (await row(capabilities, interview_id)).failure == "unexpected"

            await until(has_failed, "the failure")
    assert "step fail failed: RuntimeError at test_engine.py" in caplog.text
    assert "Meera" not in caplog.text


async def test_a_broken_recording_never_holds_up_the_feedback(settings: Settings) -> None:
    async with working(settings) as capabilities:
        interview_id = await recorded_interview(capabilities, await a_user(capabilities.db))
        folder = next((settings.data_dir / "recordings").iterdir())
        for piece in (folder / "pieces" / "000").iterdir():
            piece.write_bytes(os.urandom(2_000))
        await capabilities.jobs.finish(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "completed"), "the results")

        async def recording_failed() -> bool:
            async with capabilities.db.read() as session:
                found = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
                return found is not None and (found.status, found.failure) == ("failed", "service_failed")

        await until(recording_failed, "the failure of the recording")


async def test_a_failed_feedback_never_holds_up_the_video(settings: Settings) -> None:
    async with working(settings, ScriptedLanguageModel(failures=99, retryable=False)) as capabilities:
        interview_id = await recorded_interview(capabilities, await a_user(capabilities.db))
        await capabilities.jobs.finish(interview_id)
        await until(lambda: has_video(capabilities, interview_id), "the video")

        async def has_failed() -> bool:
            return (await row(capabilities, interview_id)).status == "failed"

        await until(has_failed, "the failure of the feedback")


async def test_a_stop_in_the_middle_of_a_job_lets_the_next_start_end_it(settings: Settings) -> None:
    begun = asyncio.Event()

    async def hang(_have: Capabilities, _interview_id: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    prepare, *others = WORKFLOWS
    slow = Workflow("prepare", (WorkflowStep("plan_questions", hang, 60.0),), prepare.waiting, prepare.give_up)
    async with working(settings, workflows=(slow, *others), stop_wait_s=0.2) as capabilities:
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        await capabilities.jobs.prepare(interview_id)
        await asyncio.wait_for(begun.wait(), 20)
    async with working(settings) as capabilities:
        await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions")


async def test_a_stop_in_the_moment_of_the_launch_ends(settings: Settings) -> None:
    capabilities = build_capabilities(settings)
    jobs = WorkflowJobs(capabilities)
    await jobs.start()
    await jobs._ready()
    await asyncio.wait_for(jobs.stop(), 60)
    await capabilities.db.close()


async def test_a_deleted_interview_ends_its_jobs_quietly(settings: Settings) -> None:
    async with working(settings) as capabilities:
        await capabilities.jobs.prepare("no-such-interview")
        await capabilities.jobs.finish("no-such-interview")
        interview_id = await new_interview(capabilities, await a_user(capabilities.db))
        await capabilities.jobs.prepare(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions")


async def test_the_engine_keeps_nothing_that_a_person_said(settings: Settings) -> None:
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        await capabilities.jobs.finish(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "completed"), "the results")
    kept = kept_by_engine(settings)
    assert interview_id.encode() in kept
    for words in (b"City Hospital", b"mangoes", b"triage"):
        assert words not in kept


def kept_by_engine(settings: Settings) -> bytes:
    if not settings.database_url:
        return b"".join(path.read_bytes() for path in settings.data_dir.glob("dbos.sqlite3*"))
    dump = [program("pg_dump"), "--data-only", "--schema=dbos", f"--dbname={settings.database_url}"]
    return subprocess.run(dump, capture_output=True, check=True, timeout=60).stdout


async def test_only_one_engine_runs_in_a_process(settings: Settings) -> None:
    async with working(settings) as capabilities:
        with pytest.raises(RuntimeError, match="another"):
            await WorkflowJobs(capabilities).start()


async def test_an_interview_left_alone_for_a_day_is_abandoned_and_a_recent_one_is_not(settings: Settings) -> None:
    capabilities = build_capabilities(settings)
    user_id = await a_user(capabilities.db)
    idle, recent, talking = [await hold_interview(capabilities.db, user_id, status="in_progress") for _ in range(3)]
    long_ago = now() - ABANDONED_AFTER - timedelta(minutes=1)
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).where(Interview.id.in_((idle, talking))).values(started_at=long_ago))
        session.add(LiveEvent(interview_id=idle, sequence=1, type=TOLD.type, data=TOLD, created_at=long_ago))
        session.add(LiveEvent(interview_id=talking, sequence=1, type=TOLD.type, data=TOLD, created_at=long_ago))
        session.add(LiveEvent(interview_id=talking, sequence=2, type=TOLD.type, data=TOLD))
    await abandon_idle(capabilities)
    assert [(await row(capabilities, each)).status for each in (idle, recent, talking)] == [
        "abandoned",
        "in_progress",
        "in_progress",
    ]
    await capabilities.db.close()


async def test_pieces_give_way_to_their_video_after_a_day_but_only_when_all_are_in_it(settings: Settings) -> None:
    async with working(settings) as capabilities:
        user_id = await a_user(capabilities.db)
        whole, partial = [await recorded_interview(capabilities, user_id) for _ in range(2)]
        for interview_id in (whole, partial):
            await capabilities.jobs.finish(interview_id)
            await until(lambda each=interview_id: has_video(capabilities, each), "the video")  # type: ignore[misc]
            await until(lambda each=interview_id: has_status(capabilities, each, "completed"), "the results")  # type: ignore[misc]
        await close_recordings(capabilities)
        assert await pieces_of(capabilities, whole) == 3
        async with capabilities.db.write() as session:
            await session.execute(update(Interview).values(completed_at=now() - PIECES_KEPT - timedelta(minutes=1)))
            recording = await session.scalar(select(Recording.id).where(Recording.interview_id == partial))
            await session.execute(
                update(RecordingTake).where(RecordingTake.recording_id == recording).values(expected_pieces=4)
            )
        await close_recordings(capabilities)
        assert await pieces_of(capabilities, whole) == 0
        assert await pieces_of(capabilities, partial) == 3
        async with capabilities.db.read() as session:
            found = await session.scalar(select(Recording).where(Recording.interview_id == whole))
        assert found is not None
        assert capabilities.video_storage.local_path(found.storage_key) is not None
        assert not list((settings.data_dir / "recordings" / found.id).rglob("*.piece"))


async def pieces_of(capabilities: Capabilities, interview_id: str) -> int:
    async with capabilities.db.read() as session:
        query = (
            select(RecordingPiece.id)
            .join(RecordingTake, RecordingTake.id == RecordingPiece.take_id)
            .join(Recording, Recording.id == RecordingTake.recording_id)
            .where(Recording.interview_id == interview_id)
        )
        return len((await session.scalars(query)).all())


def proof_of(settings: Settings, name: str) -> ProofOfLife | SessionLock:
    if settings.database_url:
        return SessionLock(settings.session_database_url, name)
    return ProofOfLife(settings.data_dir, name)


def test_a_living_process_is_not_taken_for_a_dead_one(settings: Settings) -> None:
    mine, another = proof_of(settings, "mine"), proof_of(settings, "another")
    mine.hold()
    another.hold()
    with mine.others_dead(["mine", "another", "gone"]) as dead:
        assert dead == ["gone"]
    another.release()
    with mine.others_dead(["another"]) as dead:
        assert dead == ["another"]
    mine.release()


def test_the_lock_of_a_killed_process_is_free(settings: Settings) -> None:
    holding = (
        "import sys, time; from pathlib import Path;"
        "from app.workflows.process_locks import ProofOfLife; from app.workflows.session_locks import SessionLock;"
        "url, folder = sys.argv[1:];"
        "(SessionLock(url, 'victim') if url else ProofOfLife(Path(folder), 'victim')).hold();"
        "print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holding, settings.database_url and settings.session_database_url, settings.data_dir],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    watcher = proof_of(settings, "watcher")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with watcher.others_dead(["victim"]) as dead:
            assert dead == []
        process.kill()
        process.wait(10)
        # The server notices a closed socket in a moment, the kernel a dead process at once.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not dead:
            with watcher.others_dead(["victim"]) as dead:
                pass
        assert dead == ["victim"]
        watcher.forget_dead()
        assert not (settings.data_dir / "victim.lock").exists()
    finally:
        watcher.release()
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_process_whose_session_was_cut_proves_its_life_anew(settings: Settings, cluster: Cluster) -> None:
    mine, watcher = proof_of(settings, "mine"), proof_of(settings, "watcher")
    mine.hold()
    cluster.execute(SQL("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    with mine.others_dead(["gone"]) as dead:
        assert dead == ["gone"]
    with watcher.others_dead(["mine"]) as dead:
        assert dead == []
    watcher.release()
    mine.release()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a/b"])
def test_an_id_that_is_no_id_never_names_a_file(tmp_path: Path, name: str) -> None:
    watcher = ProofOfLife(tmp_path / "executors", "watcher")
    watcher.hold()
    with watcher.others_dead([name]) as dead:
        assert dead == [name]
    watcher.release()


@pytest.mark.parametrize(("refusals", "outcome"), [(TRIES - 1, ""), (TRIES, "busy")])
async def test_a_step_that_finds_the_house_full_is_tried_again(settings: Settings, refusals: int, outcome: str) -> None:
    tried: list[str] = []

    async def work(_have: Capabilities, interview_id: str) -> None:
        tried.append(interview_id)
        if len(tried) <= refusals:
            raise Unavailable("busy", "Many people are here.", retry_after_s=0)

    capabilities = build_capabilities(settings)
    assert await _perform(capabilities, WorkflowStep("work", work, 60.0), "i") == outcome
    assert len(tried) == TRIES
    await capabilities.db.close()
