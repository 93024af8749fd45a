"""A process that runs the jobs on a given data folder and kills itself without warning at a given place.

The steps are the product's own, wrapped here: `before` a step begins, `during` its first transaction that writes (all
but committed), and `after` it has returned but before the engine has noted that it has.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.db import Database
from app.settings import Settings
from app.workflows.engine import WORKFLOWS, WorkflowJobs
from app.workflows.workflow import Workflow, WorkflowStep
from tests.workflows.doubles import ScriptedLanguageModel

PLACES = ("before", "during", "after")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DeadlyDatabase(Database):
    """Dies in its next write transaction, or at its next read where a step writes nothing, once `armed`."""

    armed = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        async with super().write() as session:
            yield session
            await session.flush()
            if self.armed:
                die()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with super().read() as session:
            yield session


def deadly(workflow: Workflow, step_name: str, place: str, db: DeadlyDatabase) -> Workflow:
    def wrap(step: WorkflowStep) -> WorkflowStep:
        if step.name != step_name:
            return step

        async def run(capabilities: Capabilities, interview_id: str) -> None:
            if place == "before":
                die()
            db.armed = place == "during"
            await step.run(capabilities, interview_id)
            # A step that writes nothing has no transaction to die in: its end is its middle.
            die()

        return replace(step, run=run)

    return replace(workflow, steps=tuple(wrap(step) for step in workflow.steps))


def main(data: Path, database_url: str, workflow_name: str, step_name: str, place: str, interview_id: str) -> None:
    """Ends by SIGKILL; with code 3 when the place was not reached. `place` is one of PLACES, or `never`."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    asyncio.run(run(data, database_url, workflow_name, step_name, place, interview_id))


async def run(data: Path, database_url: str, workflow_name: str, step_name: str, place: str, interview_id: str) -> None:
    settings = Settings(_env_file=None, data_dir=data, database_url=database_url, speech="off", rate_limits=False)
    capabilities = build_capabilities(settings)
    db = DeadlyDatabase(settings.resolved_database_url)
    capabilities.db = db
    capabilities.language_model = ScriptedLanguageModel()
    workflows = [
        deadly(each, step_name, place, db) if each.name == workflow_name and place != "never" else each
        for each in WORKFLOWS
    ]
    capabilities.jobs = WorkflowJobs(capabilities, workflows)
    await capabilities.jobs.start()
    if workflow_name == "call":
        # Nobody asks for this one: a sweep finds what it is for.
        await capabilities.jobs._ensure("call", interview_id)
    else:
        await (
            capabilities.jobs.prepare(interview_id)
            if workflow_name == "prepare"
            else capabilities.jobs.finish(interview_id)
        )
    await asyncio.sleep(60)
    sys.exit(3)
