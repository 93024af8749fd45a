"""The same workflows without the durable engine, for tests that are not about durability: none to start and stop."""

from __future__ import annotations

import asyncio

from app.capabilities import Capabilities
from app.workflows.completion import ASSEMBLE, FINISH
from app.workflows.preparation import PREPARE
from app.workflows.workflow import Workflow


class InlineJobs:
    """Runs each job as a task at once. A step that raises fails the test when the jobs are stopped."""

    def __init__(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        await asyncio.gather(*self._tasks)

    async def prepare(self, interview_id: str) -> None:
        self._run(PREPARE, interview_id)

    async def finish(self, interview_id: str) -> None:
        self._run(ASSEMBLE, interview_id)
        self._run(FINISH, interview_id)

    async def assemble(self, interview_id: str) -> None:
        self._run(ASSEMBLE, interview_id)

    def _run(self, workflow: Workflow, interview_id: str) -> None:
        self._tasks.add(asyncio.create_task(self._steps(workflow, interview_id)))

    async def _steps(self, workflow: Workflow, interview_id: str) -> None:
        for step in workflow.steps:
            await step.run(self._capabilities, interview_id)
