"""Rows of a recording that are held, each proved: see tests/test_held_rows.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import func, select, update

from app.access import Access
from app.capabilities import Capabilities
from app.container import build_capabilities
from app.db import Database
from app.domain.recording import PlacedTake, Playable
from app.errors import AppError, Conflict, ProviderError
from app.models import Interview, Recording, RecordingTake, now
from app.recordings import direct_uploads, pieces, video
from app.services.video_storage.base import (
    DirectStorage,
    DirectTake,
    Notice,
    StoredVideo,
    Take,
    UploadGrant,
    VendorReceipt,
)
from app.services.video_storage.embedded import EmbeddedVideoStorage
from app.settings import Settings
from tests.stopped import COMMIT, Stop, meet, waits_or_ends
from tests.test_held_rows import an_interview, one

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
NOTES_THE_VIDEO = ("UPDATE interviews", "recording_url")


class QuickStorage(EmbeddedVideoStorage):
    """Makes a video without looking at what is in the pieces."""

    def assemble(self, recording_id: str, takes: Sequence[Take], keep: Collection[str] = ()) -> StoredVideo:
        placed = tuple(PlacedTake(take.number, take.clock_start_ms, take.clock_start_ms, 1_000) for take in takes)
        return StoredVideo(f"{recording_id}.webm", "video/webm", 1, 1_000, True, placed)


class DirectVendor:
    """Has every take there is. Told by a receipt, it cannot be asked just now."""

    key = "vendor"

    def __init__(self, place: tuple[str, int], *, answers: bool = True) -> None:
        self.place, self.answers = place, answers

    def place_of(self, asset: str) -> tuple[str, int]:
        return self.place

    def is_receipt(self, receipt: VendorReceipt) -> bool:
        return True

    def grant(self, asset: str, *, has_video: bool) -> UploadGrant:
        return UploadGrant("https://vendor.example/upload", {}, now() + timedelta(hours=1), 1)

    async def look_up(self, asset: str) -> DirectTake:
        if not self.answers:
            raise ProviderError("vendor", "unreachable", retryable=True)
        return DirectTake(7, 1_000, True, Playable("original", "video/webm"), Playable("rendition", "video/mp4"), True)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.resolved_database_url)
    yield database
    await database.close()


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[Database]:
    """The one that stands still: as another process, with connections of its own."""
    database = Database(settings.resolved_database_url)
    yield database
    await database.close()


@pytest.fixture
async def capabilities(settings: Settings, db: Database) -> AsyncIterator[Capabilities]:
    built = build_capabilities(settings)
    yield replace(built, db=db)
    for close in built.closing:
        await close()
    await built.db.close()


async def announce(db: Database, interview: Interview, number: int, mime_type: str = "video/webm") -> None:
    async with db.write() as session:
        await pieces.start_take(
            session,
            Access(interview.user_id),
            interview.id,
            number=number,
            mime_type=mime_type,
            clock_start_ms=number * 1_000,
        )


async def send(
    db: Database, settings: Settings, interview: Interview, number: int, mime_type: str = "video/webm"
) -> pieces.StoredPiece:
    return await pieces.receive(
        db,
        QuickStorage(settings.data_dir / "recordings"),
        access=Access(interview.user_id),
        interview_id=interview.id,
        take=0,
        number=number,
        data=b"piece",
        mime_type=mime_type,
        max_bytes=1_000,
    )


async def assemble(db: Database, settings: Settings, interview: Interview) -> bool:
    return await video.assemble(db, QuickStorage(settings.data_dir / "recordings"), interview.id)


async def test_one_take_announced_twice_at_once_is_one_take(db: Database, other: Database) -> None:
    interview = await an_interview(db, "in_progress")
    assert await meet(db, Stop(other, COMMIT), announce(other, interview, 0), announce(db, interview, 0)) == (
        None,
        None,
    )
    assert await one(db, select(func.count()).select_from(RecordingTake)) == 1


async def test_a_take_does_not_end_twice_with_different_lengths(db: Database, other: Database) -> None:
    interview = await an_interview(db, "in_progress")
    await announce(db, interview, 0)

    async def end(at: Database, length: int) -> bool:
        async with at.write() as session:
            return await pieces.end_take(session, Access(interview.user_id), interview.id, 0, length)

    _, refused = await meet(db, Stop(other, COMMIT), end(other, 3), end(db, 4))
    assert isinstance(refused, Conflict) and refused.code == "take_ended"
    assert await one(db, select(RecordingTake.expected_pieces)) == 3


async def test_a_piece_that_comes_while_the_video_is_noted_asks_for_another(
    db: Database, other: Database, settings: Settings
) -> None:
    interview = await an_interview(db, "in_progress")
    await announce(db, interview, 0)
    await send(db, settings, interview, 0)
    stop = Stop(other, *NOTES_THE_VIDEO)
    made, receipt = await meet(db, stop, assemble(other, settings, interview), send(db, settings, interview, 1))
    assert made and receipt.late
    assert await one(db, select(Recording.status)) == "assembling"


async def test_a_video_noted_while_a_piece_is_stored_knows_that_it_lacks_it(
    db: Database, other: Database, settings: Settings
) -> None:
    interview = await an_interview(db, "in_progress")
    await announce(db, interview, 0)
    await send(db, settings, interview, 0)
    # Past the moment at which it says that it begins, and before the one at which it says that it is done.
    begun = Stop(other, "SELECT interviews.clock_ms")
    making = asyncio.create_task(assemble(other, settings, interview))
    await begun.reached(making)
    stored = Stop(db, COMMIT)
    sending = asyncio.create_task(send(db, settings, interview, 1))
    await stored.reached(sending)
    begun.let_go()
    await waits_or_ends(db, making)
    stored.let_go()
    assert not (await sending).late
    assert not await making
    assert await one(db, select(Recording.status)) == "assembling"


async def test_a_take_announced_while_the_video_is_noted_and_the_video_do_not_wait_for_each_other(
    db: Database, other: Database, settings: Settings
) -> None:
    interview = await an_interview(db, "in_progress")
    await announce(db, interview, 0, "audio/webm")
    await send(db, settings, interview, 0, "audio/webm")
    # The first take with a picture changes the recording, after the interview has been held.
    stop = Stop(other, "UPDATE recordings", "has_video")
    await meet(db, stop, announce(other, interview, 1), assemble(db, settings, interview))
    assert await one(db, select(func.count()).select_from(RecordingTake)) == 2


async def a_direct_take(db: Database, number: int, status: str = "completed") -> tuple[Interview, str]:
    """One take in a piece before it where there is a number before it. The recording's id, too."""
    interview = await an_interview(db, status)
    for each in range(number + 1):
        await announce(db, interview, each)
    async with db.write() as session:
        await session.execute(
            update(RecordingTake)
            .where(RecordingTake.number == number)
            .values(storage="vendor", asset={"provider": "vendor", "name": "asset"})
        )
    return interview, str(await one(db, select(Recording.id)))


def with_vendor(capabilities: Capabilities, db: Database, vendor: DirectVendor) -> Capabilities:
    return replace(capabilities, db=db, direct_storage=cast(DirectStorage, vendor))


async def test_a_take_that_arrives_at_the_vendor_while_the_video_is_noted_asks_for_another(
    db: Database, other: Database, settings: Settings, capabilities: Capabilities
) -> None:
    interview, recording_id = await a_direct_take(db, 1)
    await send(db, settings, interview, 0)
    there = with_vendor(capabilities, db, DirectVendor((recording_id, 1)))
    arrived = direct_uploads.confirm(there, Access(interview.user_id), interview.id, 1, None)
    made, due = await meet(db, Stop(other, *NOTES_THE_VIDEO), assemble(other, settings, interview), arrived)
    assert made and due
    assert await one(db, select(Recording.status)) == "assembling"


async def test_what_the_vendor_tells_of_a_take_is_kept_beside_what_the_page_tells(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    interview, recording_id = await a_direct_take(db, 0)
    word = DirectVendor((recording_id, 0))
    noticed = direct_uploads.noticed(
        with_vendor(capabilities, other, word), cast(DirectStorage, word), Notice("1", "upload", "asset")
    )
    page = with_vendor(capabilities, db, DirectVendor((recording_id, 0), answers=False))
    receipt = direct_uploads.confirm(
        page, Access(interview.user_id), interview.id, 0, VendorReceipt("asset", 1, "signed")
    )
    await meet(db, Stop(other, COMMIT), noticed, receipt)
    kept = await one(db, select(RecordingTake.asset))
    assert kept["stored"] and kept["original"] == Playable("original", "video/webm")


async def test_a_take_that_has_just_arrived_is_not_sent_to_us_as_well(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    interview, recording_id = await a_direct_take(db, 0)
    word = DirectVendor((recording_id, 0))
    noticed = direct_uploads.noticed(
        with_vendor(capabilities, other, word), cast(DirectStorage, word), Notice("1", "upload", "asset")
    )
    gives_up = direct_uploads.send_to_us(
        with_vendor(capabilities, db, word), Access(interview.user_id), interview.id, 0
    )
    _, refusal = await meet(db, Stop(other, COMMIT), noticed, gives_up)
    assert isinstance(refusal, AppError) and refusal.code == "take_stored"
    assert await one(db, select(RecordingTake.storage)) == "vendor"


async def test_leave_asked_for_again_forgets_nothing_that_the_vendor_has_just_told(
    db: Database, other: Database, capabilities: Capabilities
) -> None:
    interview, recording_id = await a_direct_take(db, 0)
    word = DirectVendor((recording_id, 0))
    noticed = direct_uploads.noticed(
        with_vendor(capabilities, other, word), cast(DirectStorage, word), Notice("1", "upload", "asset")
    )
    leave = direct_uploads.grant(with_vendor(capabilities, db, word), Access(interview.user_id), interview.id, 0)
    _, refusal = await meet(db, Stop(other, COMMIT), noticed, leave)
    assert isinstance(refusal, AppError) and refusal.code == "take_stored"
    assert (await one(db, select(RecordingTake.asset)))["stored"]
