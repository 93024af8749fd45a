"""What time does to interviews: those left alone count as abandoned, and pieces give way to their checked video."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import func, select

from app.capabilities import Capabilities
from app.disk import Reserve
from app.domain.status import InterviewStatus
from app.errors import ProviderError
from app.interviews.lifecycle import advancing
from app.models import Interview, LiveEvent, now
from app.pools import REMOVAL
from app.recordings import closure, deletion, direct

log = logging.getLogger(__name__)

RETENTION_EVERY_S = 3600.0
ABANDONED_AFTER = timedelta(hours=24)
PIECES_KEPT = timedelta(hours=24)
"""A day in which a video that disappoints can still be made again from what the browser sent."""
BATCH = 200


async def keep_house(have: Capabilities) -> None:
    await abandon_idle(have)
    await close_recordings(have)
    await direct.stop_waiting(have)
    await direct.look_for_better(have)
    await deletion.remove_assets(have)
    await REMOVAL.run(Reserve(have.settings.data_dir).hold)


async def abandon_idle(have: Capabilities) -> None:
    """An interview in progress in which nothing has happened for a day. It can still be finished."""
    before = now() - ABANDONED_AFTER
    last = (
        select(func.max(LiveEvent.created_at))
        .where(LiveEvent.interview_id == Interview.id)
        .correlate(Interview)
        .scalar_subquery()
    )
    async with have.db.write() as session:
        await session.execute(
            advancing(InterviewStatus.ABANDONED)
            .where(func.coalesce(last, Interview.started_at, Interview.created_at) < before)
            .execution_options(synchronize_session=False)
        )


async def close_recordings(have: Capabilities) -> None:
    for recording_id in await closure.closable(have.db, now() - PIECES_KEPT, BATCH):
        try:
            await closure.close(have.db, have.video_storage, recording_id)
        except ProviderError as error:
            log.warning("pieces of a recording could not be removed: %s", error.category)
