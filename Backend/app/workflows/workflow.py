"""What a durable job is made of: named steps that each may run twice without harm, on nothing but an interview's id.

The engine knows nothing of interviews, and the steps know nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.capabilities import Capabilities


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """`run(capabilities, interview_id)` does nothing where its work is already done."""

    name: str
    run: Callable[[Capabilities, str], Awaitable[None]]
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Workflow:
    """Steps in order.

    `waiting` lists interviews (at most so many) that stand in want of this workflow: the sweep starts it where the
    process died between the commit that asked for it and the start. `give_up` records a failure's stable code.
    `tireless`: it sees to its own pauses after a failure, and the sweep never stops starting it.
    """

    name: str
    steps: tuple[WorkflowStep, ...]
    waiting: Callable[[Capabilities, int], Awaitable[Sequence[str]]]
    give_up: Callable[[Capabilities, str, str], Awaitable[None]]
    tireless: bool = False
