"""Takes that the page sends straight to a vendor: leave to do so, proof that they are there, and what to do if not.

A take counts as stored when the vendor has been asked, or has signed that it is; what the page says counts for
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.capabilities import Capabilities
from app.db import hold
from app.domain.recording import TakeAsset
from app.domain.status import UNATTENDED, RecordingStatus
from app.errors import Conflict, InvalidInput, ProviderError, TooLarge, Unavailable
from app.models import Interview, Recording, RecordingTake, now
from app.recordings.deletion import schedule_removal
from app.recordings.lifecycle import advance, advancing
from app.recordings.parts import LOCAL
from app.recordings.pieces import base_type, no_take, take_of
from app.services.video_storage.base import DirectStorage, DirectTake, Notice, UploadGrant, VendorReceipt

RENDITION_PATIENCE_S = 480.0
"""A rendition takes about as long as the video; after this the best that is there is played."""
BETTER_PATIENCE_S = 15.0
"""How much longer a form that plays waits for a better one, which replaces it later in any case."""
BETTER_AWAITED = timedelta(days=1)
FIRST_LOOK_S = 1.0
LONGEST_LOOK_S = 15.0
UPLOAD_AWAITED = timedelta(hours=1)
"""How long the results wait for a page that has not finished sending; what comes later still gets in."""
BATCH = 200


async def grant(capabilities: Capabilities, access: Access, interview_id: str, number: int) -> UploadGrant:
    """Raises Conflict: `send_to_us` (the take goes to us, in pieces), `take_stored`, `consent_missing`."""
    granted: UploadGrant | None = None
    async with capabilities.db.write() as session:
        take, interview = await _held(session, access, interview_id, number)
        if interview.consented_at is None:
            raise Conflict("consent_missing", "Nothing is recorded without consent. Please agree to the recording.")
        if take.asset.get("stored"):
            raise Conflict("take_stored", "This take has arrived already.")
        direct = capabilities.direct_storage
        if direct is not None and take.storage == direct.key:
            has_video = base_type(take.mime_type).startswith("video/")
            granted = direct.grant(take.asset["name"], has_video=has_video)
            take.asset = {**take.asset, "granted_until": granted.expires_at.isoformat()}
        elif take.storage != LOCAL:
            # The vendor has been switched off since this take was begun.
            take.storage = LOCAL
    if granted is None:
        raise Conflict("send_to_us", "This take is to be sent to us, in pieces.")
    return granted


async def send_to_us(capabilities: Capabilities, access: Access, interview_id: str, number: int) -> None:
    """The vendor refuses this take for good: it comes to us in pieces, from what the page has kept. Idempotent."""
    async with capabilities.db.write() as session:
        take, _ = await _held(session, access, interview_id, number)
        if take.asset.get("stored"):
            raise Conflict("take_stored", "This take has arrived already.")
        if take.storage != LOCAL:
            take.storage = LOCAL
            await schedule_removal(session, take.asset)
            await session.execute(advancing(RecordingStatus.RECORDING).where(Recording.id == take.recording_id))


async def confirm(
    capabilities: Capabilities, access: Access, interview_id: str, number: int, receipt: VendorReceipt | None
) -> bool:
    """The page says that the take is there; we ask the vendor. True when the video is now due.

    Raises InvalidInput for a receipt that is not the vendor's, Conflict `upload_incomplete` when there is no such
    video, Unavailable when that cannot be found out now, TooLarge.
    """
    async with capabilities.db.read() as session:
        take, _ = await _found(session, access, interview_id, number)
    direct = capabilities.direct_storage
    if direct is None or take.storage != direct.key:
        raise Conflict("send_to_us", "This take is to be sent to us, in pieces.")
    if take.asset.get("stored"):
        return False
    name = take.asset["name"]
    if receipt is not None and not (receipt.asset == name and direct.is_receipt(receipt)):
        raise InvalidInput("receipt_wrong", "This is not the answer that the video service gave.")
    try:
        found = await direct.look_up(name)
    except ProviderError as error:
        if receipt is None:
            raise Unavailable(
                "upload_not_checked", "Whether the recording has arrived cannot be checked just now. It is kept."
            ) from error
        # The vendor has signed that it is there; what it looks like is asked later.
        return await _note(capabilities, take.id, {"stored": True})
    if found is None:
        raise Conflict("upload_incomplete", "The recording has not arrived in full yet.")
    if found.size_bytes > capabilities.settings.max_recording_bytes:
        raise TooLarge("recording_too_large", "This recording is larger than what can be kept.")
    return await _note(capabilities, take.id, _facts(found))


async def noticed(capabilities: Capabilities, direct: DirectStorage, notice: Notice) -> str | None:
    """The vendor sends word of an asset, which is looked at anew. The interview whose video is now due, if any.

    Raises ProviderError when it cannot be looked at: the vendor sends word again.
    """
    place = direct.place_of(notice.asset)
    if place is None:
        return None
    query = (
        select(RecordingTake, Recording.interview_id)
        .join(Recording, Recording.id == RecordingTake.recording_id)
        .where(RecordingTake.recording_id == place[0], RecordingTake.number == place[1])
    )
    async with capabilities.db.read() as session:
        row = (await session.execute(query)).one_or_none()
    if row is None or row[0].asset.get("name") != notice.asset or row[0].storage != direct.key:
        return None
    found = await direct.look_up(notice.asset)
    due = found is not None and await _note(capabilities, row[0].id, _facts(found))
    return str(row[1]) if due else None


async def settle(
    capabilities: Capabilities,
    interview_id: str,
    *,
    patience_s: float = RENDITION_PATIENCE_S,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Finds out what the vendor has of this interview, and waits for renditions that are being made.

    After `patience_s` the video is played as it is by then, or as it was recorded. Raises ProviderError when a stored
    take cannot be looked at, so that there is nothing to play it by.
    """
    direct = capabilities.direct_storage
    if direct is None:
        return
    waited, wait = 0.0, FIRST_LOOK_S
    while True:
        failure = await _look(capabilities, direct, interview_id)
        takes = [take for take in await _takes(capabilities, direct, interview_id) if take.asset.get("stored")]
        making = [take for take in takes if not take.asset.get("is_final")]
        if failure is not None and not failure.retryable:
            raise failure
        lacking = any(not take.asset.get("rendition") for take in making)
        if not making or waited >= (patience_s if lacking else min(patience_s, BETTER_PATIENCE_S)):
            break
        await sleep(wait)
        waited += wait
        wait = min(LONGEST_LOOK_S, wait * 1.5)
    if failure is not None and any("original" not in take.asset for take in making):
        raise failure


async def _look(capabilities: Capabilities, direct: DirectStorage, interview_id: str) -> ProviderError | None:
    for take in await _takes(capabilities, direct, interview_id):
        if take.asset.get("stored") and take.asset.get("is_final"):
            continue
        try:
            found = await direct.look_up(take.asset["name"])
        except ProviderError as error:
            return error
        if found is not None:
            await _note(capabilities, take.id, _facts(found))
    return None


async def _takes(capabilities: Capabilities, direct: DirectStorage, interview_id: str) -> list[RecordingTake]:
    query = (
        select(RecordingTake)
        .join(Recording, Recording.id == RecordingTake.recording_id)
        .where(Recording.interview_id == interview_id, RecordingTake.storage == direct.key)
        .order_by(RecordingTake.number)
    )
    async with capabilities.db.read() as session:
        return list((await session.scalars(query)).all())


async def _note(capabilities: Capabilities, take_id: str, facts: TakeAsset) -> bool:
    """True when there is something new and the interview is over, so that the video has to be made (again)."""
    async with capabilities.db.write() as session:
        known = await session.get(RecordingTake, take_id)
        if known is None:
            return False
        # Held, so that whoever is making the video either sees this take or is seen to have finished.
        await hold(session, Recording.id, known.recording_id)
        again = select(RecordingTake).where(RecordingTake.id == take_id).execution_options(populate_existing=True)
        take = await session.scalar(again)
        if take is None or take.storage == LOCAL:
            return False
        told: TakeAsset = {**take.asset, **facts}
        if told == take.asset:
            return False
        take.asset = told
        recording = await session.get(Recording, take.recording_id)
        if recording is None:
            return False
        status = await session.scalar(select(Interview.status).where(Interview.id == recording.interview_id))
        if status not in UNATTENDED:
            return False
        advance(recording, RecordingStatus.ASSEMBLING)
        recording.failure = ""
        return True


def _facts(found: DirectTake) -> TakeAsset:
    return {
        "stored": True,
        "size_bytes": found.size_bytes,
        "duration_ms": found.duration_ms,
        "has_video": found.has_video,
        "original": found.original,
        "rendition": found.rendition,
        "is_final": found.is_final,
    }


async def look_for_better(capabilities: Capabilities) -> None:
    """Asks after forms that were not there when a video had to be shown, where no word of them has come."""
    direct = capabilities.direct_storage
    if direct is None:
        return
    query = (
        select(Recording.interview_id, RecordingTake.asset)
        .join(Interview, Interview.id == Recording.interview_id)
        .join(RecordingTake, RecordingTake.recording_id == Recording.id)
        .where(
            Recording.status == RecordingStatus.READY,
            RecordingTake.storage == direct.key,
            Interview.ended_at > now() - BETTER_AWAITED,
        )
        .order_by(Interview.ended_at.desc())
        .limit(BATCH)
    )
    async with capabilities.db.read() as session:
        rows = (await session.execute(query)).all()
    for interview_id in dict.fromkeys(row.interview_id for row in rows if not row.asset.get("is_final")):
        await _look(capabilities, direct, interview_id)


async def stop_waiting(capabilities: Capabilities) -> None:
    """Recordings whose page has not finished sending for long: what there is gets played."""
    ended = func.coalesce(Interview.ended_at, Interview.created_at)
    query = (
        select(Recording.interview_id)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(Recording.status == RecordingStatus.UPLOADING, ended < now() - UPLOAD_AWAITED)
        .limit(BATCH)
    )
    async with capabilities.db.read() as session:
        waiting = (await session.scalars(query)).all()
    for interview_id in waiting:
        if capabilities.direct_storage is not None:
            # It may all be there, and only the page's last word be missing.
            await _look(capabilities, capabilities.direct_storage, interview_id)
        async with capabilities.db.write() as session:
            recording = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
            if recording is None or recording.status != RecordingStatus.UPLOADING:
                continue
            if recording.storage_key:
                advance(recording, RecordingStatus.READY)
            else:
                status, recording.failure = await _without_a_video(session, recording)
                advance(recording, status)
                recording.retry_at = now() + BETTER_AWAITED


async def _without_a_video(session: AsyncSession, recording: Recording) -> tuple[RecordingStatus, str]:
    """Status and failure: a page that was closed before it had recorded anything has lost nothing."""
    at_vendor = select(RecordingTake.id).where(
        RecordingTake.recording_id == recording.id, RecordingTake.storage != LOCAL
    )
    if recording.received_bytes == 0 and await session.scalar(at_vendor.limit(1)) is None:
        return RecordingStatus.NONE, ""
    return RecordingStatus.FAILED, "upload_missing"


async def _held(
    session: AsyncSession, access: Access, interview_id: str, number: int
) -> tuple[RecordingTake, Interview]:
    """To be changed: what the vendor tells of the take meanwhile waits, and what it has told is seen."""
    take, interview = await _found(session, access, interview_id, number)
    await hold(session, Recording.id, take.recording_id)
    await session.refresh(take)
    return take, interview


async def _found(
    session: AsyncSession, access: Access, interview_id: str, number: int
) -> tuple[RecordingTake, Interview]:
    row = (await session.execute(take_of(access, interview_id, number))).one_or_none()
    if row is None:
        raise no_take()
    return row[0], row[2]
