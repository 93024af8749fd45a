"""Pieces go only when they are proven to be in a stored video; whatever is not proven stays."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.access import Access
from app.capabilities import Capabilities
from app.container import build_capabilities
from app.errors import Conflict
from app.models import Interview, Recording, RecordingPiece, RecordingTake, now
from app.recordings import piece_removal, pieces, video
from app.settings import Settings
from app.workflows.retention import PIECES_KEPT, close_recordings
from tests.recordings.footage import cut, footage
from tests.workflows.held import a_user, hold_interview

pytestmark = pytest.mark.anyio
WEBM, MP4 = "video/webm", "video/mp4"
LONG_AGO = now() - PIECES_KEPT - timedelta(minutes=1)


@pytest.fixture
async def capabilities(settings: Settings) -> AsyncIterator[Capabilities]:
    built = build_capabilities(settings)
    yield built
    await built.db.close()


async def recorded(capabilities: Capabilities, *takes: tuple[str, bytes]) -> str:
    """An interview completed long ago with these takes, each in five pieces, put together."""
    interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db), status="in_progress")
    for number, (mime, film) in enumerate(takes):
        await record(capabilities, interview_id, number, mime, cut(film, 5))
    assert await video.assemble(capabilities.db, capabilities.video_storage, interview_id)
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="completed", completed_at=LONG_AGO))
    return interview_id


async def record(capabilities: Capabilities, interview_id: str, number: int, mime: str, parts: list[bytes]) -> None:
    async with capabilities.db.write() as session:
        interview = await session.get(Interview, interview_id)
        assert interview is not None
        user_id = interview.user_id
        await pieces.start_take(
            session, Access(user_id), interview_id, number=number, mime_type=mime, clock_start_ms=number * 60_000
        )
    for piece, data in enumerate(parts):
        await send(capabilities, user_id, interview_id, number, piece, data, mime)
    async with capabilities.db.write() as session:
        await pieces.end_take(session, Access(user_id), interview_id, number, len(parts))


async def send(
    capabilities: Capabilities, user_id: str, interview_id: str, take: int, number: int, data: bytes, mime: str = WEBM
) -> pieces.StoredPiece:
    return await pieces.receive(
        capabilities.db,
        capabilities.video_storage,
        access=Access(user_id),
        interview_id=interview_id,
        take=take,
        number=number,
        data=data,
        mime_type=mime,
        max_bytes=1 << 40,
    )


async def recording_of(capabilities: Capabilities) -> Recording:
    async with capabilities.db.read() as session:
        found: Recording | None = await session.scalar(select(Recording))
    assert found is not None
    return found


async def kept(capabilities: Capabilities) -> tuple[int, int]:
    """Rows and files of pieces."""
    async with capabilities.db.read() as session:
        rows = len((await session.scalars(select(RecordingPiece.id))).all())
    return rows, len(files(capabilities))


def files(capabilities: Capabilities) -> list[Path]:
    return sorted((capabilities.settings.data_dir / "recordings").rglob("*.piece"))


@pytest.mark.parametrize(
    "films",
    [
        [(WEBM, footage(3))],
        [(WEBM, footage(3)), (WEBM, footage(3, codec="libvpx-vp9"))],
        [(WEBM, footage(3)), (MP4, footage(3, kind="mp4", codec="libx264"))],
        [(WEBM, footage(2)), ("audio/webm", footage(2, picture=False)), (WEBM, footage(2))],
    ],
    ids=["one", "vp8-vp9", "webm-mp4", "sound-between"],
)
async def test_pieces_that_are_in_the_video_give_way_to_it(
    capabilities: Capabilities, films: list[tuple[str, bytes]]
) -> None:
    await recorded(capabilities, *films)
    await close_recordings(capabilities)
    assert await kept(capabilities) == (0, 0)
    found = await recording_of(capabilities)
    assert (found.status, found.received_bytes, found.proof) == ("ready", 0, pieces.PROVEN)
    assert all(capabilities.video_storage.local_path(part.key) for part in found.parts)
    await close_recordings(capabilities)


def lose_a_video(_have: Capabilities, videos: list[Path], _pieces: list[Path]) -> None:
    videos[-1].unlink()


def cut_a_video_short(_have: Capabilities, videos: list[Path], _pieces: list[Path]) -> None:
    videos[-1].write_bytes(videos[-1].read_bytes()[:-4_000])


def harm_a_piece(_have: Capabilities, _videos: list[Path], parts: list[Path]) -> None:
    parts[2].write_bytes(bytes(parts[2].stat().st_size))


@pytest.mark.parametrize("harm", [lose_a_video, cut_a_video_short, harm_a_piece])
async def test_pieces_stay_when_the_video_cannot_be_proven_to_hold_them(
    capabilities: Capabilities,
    harm: Callable[[Capabilities, list[Path], list[Path]], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await recorded(capabilities, (WEBM, footage(4)), (WEBM, footage(3, codec="libvpx-vp9")))
    harm(capabilities, sorted((capabilities.settings.data_dir / "recordings").rglob("video-*")), files(capabilities))
    with caplog.at_level(logging.WARNING):
        await close_recordings(capabilities)
        await close_recordings(capabilities)
    assert await kept(capabilities) == (10, 10)
    found = await recording_of(capabilities)
    assert (found.status, found.proof) == ("ready", piece_removal.LACKING)
    # Said once, and not looked into each hour.
    assert [record.getMessage() for record in caplog.records] == [
        f"the video of recording {found.id} does not hold all of its pieces; they are kept"
    ]


async def test_a_take_that_cannot_be_read_keeps_its_pieces(capabilities: Capabilities) -> None:
    await recorded(capabilities, (WEBM, footage(4)), (WEBM, bytes(50_000)))
    await close_recordings(capabilities)
    assert await kept(capabilities) == (10, 10)


async def test_damage_in_the_middle_of_a_take_keeps_its_pieces(capabilities: Capabilities) -> None:
    parts = cut(footage(6), 5)
    parts[2] = bytes(len(parts[2]))
    await recorded(capabilities, (WEBM, b"".join(parts)))
    await close_recordings(capabilities)
    assert await kept(capabilities) == (5, 5)


async def test_pieces_beyond_a_gap_stay_and_the_missing_one_is_still_taken(capabilities: Capabilities) -> None:
    interview_id = await recorded(capabilities, (WEBM, footage(8)))
    async with capabilities.db.write() as session:
        interview = await session.get(Interview, interview_id)
        assert interview is not None
        await pieces.start_take(
            session, Access(interview.user_id), interview_id, number=1, mime_type=WEBM, clock_start_ms=60_000
        )
    parts = cut(footage(8), 20)
    for number in (*range(7), *range(8, 20)):
        await send(capabilities, interview.user_id, interview_id, 1, number, parts[number])
    async with capabilities.db.write() as session:
        await session.execute(update(RecordingTake).where(RecordingTake.number == 1).values(expected_pieces=20))
    assert await video.assemble(capabilities.db, capabilities.video_storage, interview_id)
    await close_recordings(capabilities)
    assert await kept(capabilities) == (24, 24)
    receipt = await send(capabilities, interview.user_id, interview_id, 1, 7, parts[7])
    assert receipt.late
    assert await kept(capabilities) == (25, 25)
    assert await video.assemble(capabilities.db, capabilities.video_storage, interview_id)
    await close_recordings(capabilities)
    assert await kept(capabilities) == (0, 0)


async def test_a_video_from_before_parts_is_made_again_and_lets_nothing_go(capabilities: Capabilities) -> None:
    await recorded(capabilities, (WEBM, footage(3)), (MP4, footage(3, kind="mp4")))
    async with capabilities.db.write() as session:
        found = await session.scalar(select(Recording))
        assert found is not None
        # As it was left by the version before: the second take was not in it.
        first = replace(found.takes[0], pieces=None)
        found.takes, found.parts, found.duration_ms = (first,), found.parts[:1], first.duration_ms
    await close_recordings(capabilities)
    assert await kept(capabilities) == (10, 10)
    found = await recording_of(capabilities)
    assert found.status == "assembling"
    assert await video.interviews_to_assemble(capabilities.db, 10) == [found.interview_id]
    assert await video.assemble(capabilities.db, capabilities.video_storage, found.interview_id)
    assert len((await recording_of(capabilities)).parts) == 2
    await close_recordings(capabilities)
    assert await kept(capabilities) == (0, 0)


async def test_a_closing_that_was_broken_off_goes_on(capabilities: Capabilities) -> None:
    await recorded(capabilities, (WEBM, footage(3)))
    found = await recording_of(capabilities)
    capabilities.video_storage.drop_pieces(found.id)
    async with capabilities.db.write() as session:
        await session.execute(update(Recording).values(proof=pieces.PROVEN))
    await close_recordings(capabilities)
    assert await kept(capabilities) == (0, 0)


async def test_a_piece_sent_again_after_the_closing_has_its_receipt_and_an_unknown_one_has_none(
    capabilities: Capabilities,
) -> None:
    interview_id = await recorded(capabilities, (WEBM, footage(3)))
    async with capabilities.db.read() as session:
        interview = await session.get(Interview, interview_id)
    assert interview is not None
    await close_recordings(capabilities)
    assert not (await send(capabilities, interview.user_id, interview_id, 0, 4, b"again")).late
    with pytest.raises(Conflict) as refusal:
        await send(capabilities, interview.user_id, interview_id, 0, 5, b"more")
    assert refusal.value.code == "take_ended"
