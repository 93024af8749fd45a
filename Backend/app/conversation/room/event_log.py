"""The log of what a live interview has told, in order: stored before it is sent, replayed to a page that comes back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import hold
from app.models import Interview, LiveEvent, now
from app.schemas.live import DurableFact, Fact

MAX_REPLAYED = 2_000
"""An hour's interview has some 300 facts."""


async def last_sequence(session: AsyncSession, interview_id: str) -> int:
    query = select(func.max(LiveEvent.sequence)).where(LiveEvent.interview_id == interview_id)
    return await session.scalar(query) or 0


async def store_facts(session: AsyncSession, interview_id: str, facts: Sequence[DurableFact]) -> list[Fact]:
    """Numbers and stores them in the caller's write transaction, which keeps numbers unique and without gaps."""
    if not facts or not await hold(session, Interview.id, interview_id):
        return []
    first = await last_sequence(session, interview_id) + 1
    numbered: list[DurableFact] = [
        fact.model_copy(update={"sequence": first + index}) for index, fact in enumerate(facts)
    ]
    await session.execute(
        insert(LiveEvent),
        [
            {
                "interview_id": interview_id,
                "sequence": first + index,
                "type": fact.type,
                "data": fact,
                "created_at": now(),
            }
            for index, fact in enumerate(numbered)
        ],
    )
    return [*numbered]


async def facts_after(session: AsyncSession, interview_id: str, sequence: int) -> list[DurableFact]:
    query = (
        select(LiveEvent.data)
        .where(LiveEvent.interview_id == interview_id, LiveEvent.sequence > sequence)
        .order_by(LiveEvent.sequence)
        .limit(MAX_REPLAYED)
    )
    return list(await session.scalars(query))
