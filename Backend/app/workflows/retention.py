"""What time does to interviews: those left alone count as abandoned, and pieces give way to their checked video."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import func, select

from app.capabilities import Capabilities
from app.disk_space import Reserve
from app.domain.status import InterviewStatus
from app.errors import ProviderError
from app.interviews.lifecycle import advancing
from app.models import Interview, LiveEvent, now
from app.pools import REMOVAL
from app.recordings import deletion, direct_uploads, piece_removal

log = logging.getLogger(__name__)

RETENTION_EVERY_S = 3600.0
ABANDONED_AFTER = timedelta(hours=24)
PIECES_KEPT = timedelta(hours=24)
"""A day in which a video that disappoints can still be made again from what the browser sent."""
BATCH = 200


async def apply_retention(capabilities: Capabilities) -> None:
    await abandon_idle(capabilities)
    await close_recordings(capabilities)
    await direct_uploads.stop_waiting(capabilities)
    await direct_uploads.look_for_better(capabilities)
    await deletion.remove_assets(capabilities)
    await REMOVAL.run(Reserve(capabilities.settings.data_dir).hold)


async def abandon_idle(capabilities: Capabilities) -> None:
    """An interview in progress in which nothing has happened for a day. It can still be finished."""
    before = now() - ABANDONED_AFTER
    last = (
        select(func.max(LiveEvent.created_at))
        .where(LiveEvent.interview_id == Interview.id)
        .correlate(Interview)
        .scalar_subquery()
    )
    async with capabilities.db.write() as session:
        await session.execute(
            advancing(InterviewStatus.ABANDONED)
            .where(func.coalesce(last, Interview.started_at, Interview.created_at) < before)
            .execution_options(synchronize_session=False)
        )


async def close_recordings(capabilities: Capabilities) -> None:
    for recording_id in await piece_removal.closable(capabilities.db, now() - PIECES_KEPT, BATCH):
        try:
            await piece_removal.close(capabilities.db, capabilities.video_storage, recording_id)
        except ProviderError as error:
            log.warning("pieces of a recording could not be removed: %s", error.category)
