"""Removing what was recorded. Files go before rows: a crash in between leaves something that can be deleted again."""

from __future__ import annotations

import asyncio

from sqlalchemy import delete, select

from app.capabilities import Capabilities
from app.models import Recording
from app.recordings.pieces import recordings_of_user


async def delete_of_interview(have: Capabilities, interview_id: str) -> None:
    """Removes pieces, video and rows. The caller has checked whose interview it is. Idempotent."""
    async with have.db.read() as session:
        recording_id = await session.scalar(select(Recording.id).where(Recording.interview_id == interview_id))
    if recording_id is not None:
        await _delete(have, recording_id)


async def delete_all_of_user(have: Capabilities, user_id: str) -> None:
    """Removes everything recorded of one person. Idempotent. Raises ProviderError when files could not be removed."""
    async with have.db.read() as session:
        recording_ids = await recordings_of_user(session, user_id)
    for recording_id in recording_ids:
        await _delete(have, recording_id)


async def _delete(have: Capabilities, recording_id: str) -> None:
    await asyncio.to_thread(have.video_storage.delete, recording_id)
    async with have.db.write() as session:
        await session.execute(delete(Recording).where(Recording.id == recording_id))
