"""Removing what was recorded. Files go before rows: a crash in between leaves something that can be deleted again.

What lies at a vendor is noted for removal in the transaction that removes the rows, and removed afterwards: at once
where the vendor can be reached, otherwise by retention, until it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import delete, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.capabilities import Capabilities
from app.database_url import is_sqlite
from app.disk_space import Reserve, is_full, reuse_log
from app.domain.recording import TakeAsset
from app.errors import ProviderError
from app.models import AssetRemoval, Interview, LiveEvent, Recording, RecordingTake, Utterance, now
from app.pools import REMOVAL

log = logging.getLogger(__name__)
T = TypeVar("T")

PERSON_WAITS_S = 8.0
"""How long somebody who deletes waits for the vendor; what is not gone by then goes later."""
BATCH = 500
BIT = 20
"""Rows: some dozen pages of a database."""


async def with_room(
    capabilities: Capabilities, interview_ids: Sequence[str], deletion: Callable[[], Awaitable[T]]
) -> T:
    """Deletes also on a full disk, by giving up what was held back for that, and in steps that need little room.

    `deletion`, which takes these interviews with it, may be begun a second time.
    """
    try:
        return await deletion()
    except (DBAPIError, OSError, ProviderError) as error:
        if not is_full(error):
            raise
    reserve = Reserve(capabilities.settings.data_dir)
    try:
        await REMOVAL.run(reserve.release)
        for model in (LiveEvent, Utterance):
            await _delete_bit_by_bit(capabilities, model, interview_ids)
        return await deletion()
    finally:
        await REMOVAL.run(reserve.hold, again=True)


async def _delete_bit_by_bit(
    capabilities: Capabilities, model: type[LiveEvent] | type[Utterance], interview_ids: Sequence[str]
) -> None:
    """Most of what an interview is made of. SQLite's log then takes the room it has already, again and again."""
    address = make_url(capabilities.settings.resolved_database_url)
    log_of = Path(address.database) if is_sqlite(address) and address.database else None
    for interview_id in interview_ids:
        bit = select(model.id).where(model.interview_id == interview_id).limit(BIT)
        ids: Sequence[object] = [None]
        while ids:
            async with capabilities.db.write() as session:
                ids = (await session.scalars(bit)).all()
                await session.execute(
                    delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False)
                )
            if log_of is not None:
                await REMOVAL.run(reuse_log, log_of)


async def delete_recordings(capabilities: Capabilities, access: Access, interview_id: str | None = None) -> None:
    """Removes pieces, video and rows: of one interview, or of all. Idempotent.

    Raises ProviderError when files could not be removed.
    """
    query = select(Recording.id).join(Interview, Interview.id == Recording.interview_id)
    if interview_id is not None:
        query = query.where(Interview.id == interview_id)
    async with capabilities.db.read() as session:
        recording_ids = (await session.scalars(query.where(access.interviews("change")))).all()
    for recording_id in recording_ids:
        await _delete(capabilities, recording_id)
    if recording_ids:
        await _remove_now(capabilities)


async def _delete(capabilities: Capabilities, recording_id: str) -> None:
    await REMOVAL.run(capabilities.video_storage.delete, recording_id)
    async with capabilities.db.write() as session:
        assets = await session.scalars(select(RecordingTake.asset).where(RecordingTake.recording_id == recording_id))
        for asset in assets.all():
            await schedule_removal(session, asset)
        await session.execute(delete(Recording).where(Recording.id == recording_id))


async def schedule_removal(session: AsyncSession, asset: TakeAsset) -> None:
    """Notes what a take has at a vendor for removal. Nothing to do for a take that never went there."""
    if not asset.get("name"):
        return
    until = datetime.fromisoformat(asset["granted_until"]) if asset.get("granted_until") else now()
    known = await session.scalar(select(AssetRemoval).where(AssetRemoval.asset == asset["name"]))
    if known is None:
        session.add(AssetRemoval(provider=asset["provider"], asset=asset["name"], repeat_until=until))
    else:
        known.repeat_until = max(known.repeat_until, until)


async def remove_assets(capabilities: Capabilities) -> None:
    """Removes what has been noted. One that could still be uploaded again is removed again, until it cannot be."""
    async with capabilities.db.read() as session:
        due = (await session.scalars(select(AssetRemoval).order_by(AssetRemoval.created_at).limit(BATCH))).all()
    direct = capabilities.direct_storage
    for removal in due:
        if direct is None or removal.provider != direct.key:
            log.warning("videos at %s cannot be removed while it is switched off", removal.provider)
            continue
        moment = now()
        try:
            await direct.delete(removal.asset)
        except ProviderError as error:
            log.warning("removing videos: %s failed: %s", error.provider, error.category)
            return
        if moment >= removal.repeat_until:
            async with capabilities.db.write() as session:
                await session.execute(delete(AssetRemoval).where(AssetRemoval.id == removal.id))


async def _remove_now(capabilities: Capabilities) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PERSON_WAITS_S):
            await remove_assets(capabilities)
