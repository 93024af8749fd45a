"""Waiting for a job's outcome by looking at it, with an end to the patience."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_S = 20.0


async def until(reached: Callable[[], Awaitable[bool]], what: str) -> None:
    """Raises AssertionError naming `what` when it does not come about."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await reached():  # noqa: ASYNC110 - what is waited for lies in a database
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never came about: {what}") from None
