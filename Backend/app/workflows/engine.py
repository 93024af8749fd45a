"""Durable jobs on DBOS, which nothing outside this file knows of.

A job is started after the commit that asks for it, under an id made of its meaning, and a sweep starts what a crash in
between left out. Every process has an executor id of its own and proves its life by a lock; whoever is alive takes
over the jobs of the dead. The checkpoints hold interview ids and failure codes, never anything a person said.

DBOS is synchronous here on purpose: its threads wait while each step runs on the application's own event loop, so that
the database's connections stay with one loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from itertools import takewhile
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from app.capabilities import Capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.database_url import is_sqlite
from app.db import session_engine
from app.disk_space import is_full
from app.errors import AppError, ProviderError, Unavailable
from app.workflows.completion import ASSEMBLE, FINISH
from app.workflows.late_transcripts import CALL
from app.workflows.preparation import PREPARE
from app.workflows.process_locks import ProofOfLife
from app.workflows.retention import RETENTION_EVERY_S, apply_retention
from app.workflows.session_locks import SessionLock
from app.workflows.workflow import Workflow, WorkflowStep

if TYPE_CHECKING:
    from dbos import DBOS, WorkflowStatus

log = logging.getLogger(__name__)
T = TypeVar("T")

SWEEP_EVERY_S = 15.0
SWEEP_LIMIT = 200
TRIES = 3
MAX_FAILURES = 12
"""Jobs for one interview that failed one after the other before the sweep stops starting further ones: with the pauses
between them a quarter of an hour. Whoever asks for a job gets it all the same."""
FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 120.0
NO_ROOM = "disk_full"
"""The code of a step that failed for want of room: nobody gives up for that, it is tried until there is some."""
STOP_WAIT_S = 5.0
LAUNCH_TIMEOUT_S = 60.0
LISTENER_SLEEP_S = 0.1
# Fixed: DBOS would hash our source and then leave the jobs of yesterday's version lying. Steps are idempotent,
# so a job that no longer fits is simply started anew by the sweep.
APPLICATION_VERSION = "1"
JOBS_SCHEMA = "dbos"
RUNNING = ("PENDING", "ENQUEUED", "DELAYED")

WORKFLOWS = (PREPARE, FINISH, ASSEMBLE, CALL)


class _Stopping(BaseException):
    """Leaves a job's thread without a result, so that the job is not recorded as over."""


class WorkflowJobs:
    """One per process at a time: DBOS keeps its state in globals."""

    def __init__(
        self,
        capabilities: Capabilities,
        workflows: Sequence[Workflow] = WORKFLOWS,
        *,
        stop_wait_s: float = STOP_WAIT_S,
    ) -> None:
        self._capabilities = capabilities
        self._stop_wait_s = stop_wait_s
        self._workflows = {workflow.name: workflow for workflow in workflows}
        self._executor_id = str(uuid.uuid4())
        self._url = capabilities.settings.session_database_url
        self._life: ProofOfLife | SessionLock = (
            ProofOfLife(capabilities.settings.data_dir / "executors", self._executor_id)
            if is_sqlite(make_url(self._url))
            else SessionLock(self._url, self._executor_id)
        )
        self._dbos: DBOS | None = None
        self._engine: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._launch: asyncio.Task[None] | None = None
        self._tending: asyncio.Task[None] | None = None
        self._missing: set[str] = set()
        self._wake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._stopping = threading.Event()
        self._steps: set[Future[str]] = set()
        self._threads: set[asyncio.Task[object]] = set()

    async def start(self) -> None:
        """Returns at once; the engine's slow import goes on beside the first requests."""
        global _running
        if _running is not None:
            raise RuntimeError("another WorkflowJobs is running in this process; stop it first")
        _running = self
        self._loop = asyncio.get_running_loop()
        self._launch = asyncio.create_task(asyncio.to_thread(self._launch_engine))
        self._tending = asyncio.create_task(self._tend())

    async def stop(self) -> None:
        """Waits a little for running steps; what is left is taken up at the next start."""
        global _running
        self._stopping.set()
        if self._tending is not None:
            self._tending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._tending
        if self._launch is not None:
            with contextlib.suppress(Exception):
                await self._launch
            # A copy: a job's thread takes its step out as soon as that is over.
            steps = [asyncio.wrap_future(each) for each in list(self._steps)]
            if steps:
                await asyncio.wait(steps, timeout=self._stop_wait_s)
            for step in list(self._steps):
                step.cancel()
            if self._threads:
                await asyncio.wait(list(self._threads), timeout=self._stop_wait_s)
            await asyncio.to_thread(self._shut_engine)
        if _running is self:
            _running = None

    async def prepare(self, interview_id: str) -> None:
        await self._ensure("prepare", interview_id)

    async def finish(self, interview_id: str) -> None:
        # The video needs no feedback and the feedback no video: two jobs, so that neither can hold up the other.
        await self._ensure("assemble", interview_id)
        await self._ensure("finish", interview_id)

    async def assemble(self, interview_id: str) -> None:
        await self._ensure("assemble", interview_id)

    # ---- starting ----

    async def _ensure(self, name: str, interview_id: str) -> None:
        """Starts the job unless it is under way, however often it has failed. What asks for it is committed already.

        Raises Unavailable when the engine could not be launched.
        """
        await self._ready()
        try:
            state = await self._start(name, interview_id, asked=True)
        except SQLAlchemyError as error:
            if not is_full(error):
                raise
            log.error("a job could not be started for want of room; the sweep starts it when there is some")
            return
        if state == "running":
            # It may be in its last instant and past noticing what this call was about: look again soon.
            self._wake.set()

    async def _start(self, name: str, interview_id: str, *, asked: bool) -> str:
        async with self._one_at_a_time:
            return await self._on_thread(self._start_once, name, interview_id, asked)

    def _start_once(self, name: str, interview_id: str, asked: bool) -> str:
        """`asked`: by somebody, not by the sweep, which makes pauses and comes to an end."""
        from dbos import DBOS, SetWorkflowID

        base = f"{name}:{interview_id}:"
        latest = DBOS.list_workflows(workflow_id_prefix=base, load_input=False, sort_desc=True, limit=MAX_FAILURES + 1)
        if any(each.status in RUNNING for each in latest):
            return "running"
        outcomes = list(takewhile(lambda outcome: outcome, map(_failure_of, latest)))
        if outcomes and not asked:
            worn_out = len(outcomes) >= MAX_FAILURES and NO_ROOM not in outcomes
            if worn_out and not self._workflows[name].tireless:
                return "worn out"
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (len(outcomes) - 1))
            if time.time() < (latest[0].updated_at or 0) / 1000 + pause_s:
                return "pausing"
        # Successors of one another, so that two processes that start the next one start the same.
        number = max((int(each.workflow_id.rsplit(":", 1)[-1]) for each in latest), default=0) + 1
        with SetWorkflowID(f"{base}{number}"):
            DBOS.start_workflow(_registered(), name, interview_id)
        return "started"

    async def _ready(self) -> None:
        if self._launch is None:
            raise RuntimeError("jobs are not started")
        try:
            await asyncio.wait_for(asyncio.shield(self._launch), LAUNCH_TIMEOUT_S)
        except Exception as error:
            log.error("the job engine is not running: %s", type(error).__name__)
            raise Unavailable(
                "jobs_unavailable", "Work in the background is not possible now. Everything is kept; try again soon."
            ) from error

    async def _on_thread(self, work: Callable[..., T], *arguments: object) -> T:
        """As asyncio.to_thread, but `stop` waits for it: an engine that is shut under it never lets it go."""
        task = asyncio.create_task(asyncio.to_thread(work, *arguments))
        self._threads.add(task)
        task.add_done_callback(self._threads.discard)
        return await asyncio.shield(task)

    # ---- keeping at it ----

    async def _tend(self) -> None:
        """Takes over from dead processes, starts what was left out, and keeps house; at start and from time to time."""
        await self._ready()
        kept_house_at = float("-inf")
        # Asked each time round: a cancellation that meets the end of a wait_for is lost in Python 3.11.
        while not self._stopping.is_set():
            for chore in (self._adopt, self._sweep, self._end_calls):
                await self._quietly(chore)
            clock = asyncio.get_running_loop().time()
            if clock - kept_house_at >= RETENTION_EVERY_S:
                kept_house_at = clock
                await self._quietly(lambda: apply_retention(self._capabilities))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), SWEEP_EVERY_S)
                self._wake.clear()
                # Asked to look again: by then the job that was in its last instant is over.
                await asyncio.sleep(1.0)

    async def _quietly(self, chore: Callable[[], Awaitable[None]]) -> None:
        try:
            await chore()
        except Exception as error:  # noqa: BLE001 - tending must outlive whatever one round of it meets
            log.error("keeping the jobs going failed, will try again: %s", _where(error))

    async def _adopt(self) -> None:
        await self._on_thread(self._adopt_orphans)

    def _adopt_orphans(self) -> None:
        from dbos import DBOS

        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False, limit=1000)
        self._resume_lost([each.workflow_id for each in pending if each.executor_id == self._executor_id])
        holders = {each.executor_id for each in pending if each.executor_id}
        with self._life.others_dead(sorted(holders)) as dead:
            if dead:
                # Private in 3.4, hence the pin; test_engine.py kills processes to hold it to its promise.
                DBOS._recover_pending_workflows(dead)
        self._life.forget_dead()

    def _resume_lost(self, mine: Sequence[str]) -> None:
        """Jobs whose thread has ended without being able to note it, as on a full disk. They go on where they were."""
        from dbos import DBOS

        if self._dbos is None:
            return
        active = set(self._dbos._active_workflows_set.activeList())
        missing = {each for each in mine if each not in active}
        # Twice in a row: one that has just been noted, or is just ending, is not lost.
        for workflow_id in missing & self._missing:
            log.warning("a job that could not note its end goes on")
            DBOS.resume_workflow(workflow_id)
        self._missing = missing

    async def _end_calls(self) -> None:
        await avatar_sessions.reap(self._capabilities)

    async def _sweep(self) -> None:
        for workflow in self._workflows.values():
            for interview_id in await workflow.waiting(self._capabilities, SWEEP_LIMIT):
                if await self._start(workflow.name, interview_id, asked=False) == "worn out":
                    await workflow.give_up(self._capabilities, interview_id, "job_crashed")

    # ---- running (called on DBOS's threads) ----

    def run(self, name: str, interview_id: str) -> str:
        """The code of what went wrong, or nothing."""
        from dbos import DBOS

        workflow = self._workflows[name]
        for step in workflow.steps:
            code = DBOS.run_step({"name": f"{name}.{step.name}"}, self._on_loop, step, interview_id)
            if code == NO_ROOM and not workflow.tireless:
                return code
            if code:
                DBOS.run_step({"name": f"{name}.give_up"}, self._on_loop, _giving_up(workflow, code), interview_id)
                return code
        return ""

    def _on_loop(self, step: WorkflowStep, interview_id: str) -> str:
        if self._loop is None or self._stopping.is_set():
            raise _Stopping
        future: Future[str] = asyncio.run_coroutine_threadsafe(
            _perform(self._capabilities, step, interview_id), self._loop
        )
        self._steps.add(future)
        try:
            return future.result()
        except BaseException:
            if self._stopping.is_set():
                raise _Stopping from None
            raise
        finally:
            self._steps.discard(future)

    # ---- DBOS's own life (called on a thread) ----

    def _launch_engine(self) -> None:
        from dbos import DBOS, DBOSConfig

        settings = self._capabilities.settings
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._life.hold()
        config: DBOSConfig = {
            "name": "interviewdost",
            "executor_id": self._executor_id,
            "application_version": APPLICATION_VERSION,
            "log_level": "ERROR",
            # It looks for messages between jobs, and we send none: all that its sleep does is hold up a stop.
            "notification_listener_polling_interval_sec": LISTENER_SLEEP_S,
        }
        if is_sqlite(make_url(self._url)):
            config["system_database_url"] = f"sqlite:///{settings.data_dir / 'dbos.sqlite3'}"
        else:
            # Beside our tables, in a schema of its own. Our engine, since DBOS's own would first look into another
            # database, "postgres", for whether ours exists.
            self._engine = session_engine(self._url)
            config["system_database_engine"] = self._engine
            config["dbos_system_schema"] = JOBS_SCHEMA
            # We send no messages between jobs, so nobody need sit in a connection and listen for them.
            config["use_listen_notify"] = False
        self._dbos = DBOS(config=config)
        _registered()
        DBOS.launch()

    def _shut_engine(self) -> None:
        from dbos import DBOS

        # Each job still has to note its end. DBOS can wait for that itself, but looks once a second. Private in 3.4.
        deadline = time.monotonic() + self._stop_wait_s
        while self._dbos and self._dbos._active_workflows_set.activeList() and time.monotonic() < deadline:
            time.sleep(0.01)
        DBOS.destroy()
        if self._engine is not None:
            # What a late thread of DBOS's gives back is closed, as DBOS sees to with an engine of its own.
            event.listen(self._engine, "checkin", lambda _connection, record: record.invalidate())
            self._engine.dispose()
        self._life.release()


_running: WorkflowJobs | None = None
_workflow: Callable[[str, str], str] | None = None


def _registered() -> Callable[[str, str], str]:
    """The one function DBOS knows; registered once, since its registry outlives every engine."""
    global _workflow
    if _workflow is None:
        from dbos import DBOS

        def interview_job(name: str, interview_id: str) -> str:
            if _running is None:
                raise _Stopping
            return _running.run(name, interview_id)

        _workflow = DBOS.workflow(name="interview_job")(interview_job)
    return _workflow


def _failure_of(job: WorkflowStatus) -> str:
    """How a job that is over failed; nothing for one that went well."""
    return str(job.output or "") if job.status == "SUCCESS" else "crashed"


def _giving_up(workflow: Workflow, code: str) -> WorkflowStep:
    async def give_up(capabilities: Capabilities, interview_id: str) -> None:
        await workflow.give_up(capabilities, interview_id, code)

    return WorkflowStep("give_up", give_up, 30.0)


async def _perform(capabilities: Capabilities, step: WorkflowStep, interview_id: str) -> str:
    """Runs one step; the stable code of what went wrong, or nothing. The one place that retries a provider."""
    for attempt in range(1, TRIES + 1):
        try:
            async with asyncio.timeout(step.timeout_s):
                await step.run(capabilities, interview_id)
            return ""
        except ProviderError as error:
            log.warning("step %s: %s failed: %s", step.name, error.provider, error.category)
            if not error.retryable or attempt == TRIES:
                return NO_ROOM if is_full(error) else "service_failed"
            await asyncio.sleep(error.retry_after_s or random.uniform(0.2, 0.6) * 2**attempt)
        except TimeoutError:
            log.error("step %s took longer than %.0f s", step.name, step.timeout_s)
            return "timeout"
        except Unavailable as error:
            # Full is not failed: whoever is before us will be done.
            log.warning("step %s was not let in: %s", step.name, error.code)
            if attempt == TRIES:
                return error.code
            await asyncio.sleep(1 if error.retry_after_s is None else error.retry_after_s)
        except AppError as error:
            return error.code
        except Exception as error:  # noqa: BLE001 - whatever it is, the interview must say so and offer a retry
            log.error("step %s failed: %s", step.name, _where(error))
            return NO_ROOM if is_full(error) else "unexpected"
    return "service_failed"


def _where(error: BaseException) -> str:
    """Kind and place of an error. Not its message: a database's error quotes what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "nowhere"
    return f"{type(error).__name__} at {place}"
