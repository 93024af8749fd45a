"""Pieces give way to their video, once it is proven that they are all in it; what is not proven is kept."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database, hold
from app.domain.recording import PlacedTake
from app.domain.status import RecordingStatus
from app.models import Interview, Recording, RecordingPiece, RecordingTake
from app.pools import REMOVAL
from app.recordings.lifecycle import advancing
from app.recordings.parts import LOCAL, parts_of, takes_in
from app.recordings.pieces import PROVEN, RecordingProgress, progress_of
from app.services.video_storage.base import Take, VideoStorage

log = logging.getLogger(__name__)

LACKING = "lacking"
_Proof = list[tuple[str, list[Take], list[PlacedTake]]]
"""Of each video with us: its key, the takes whose pieces it is to hold, and where they lie in it."""


async def closable(db: Database, before: datetime, limit: int) -> list[str]:
    """Recordings of interviews completed before then of which all has arrived and is still kept in pieces.

    Not those that were looked into before, in vain.
    """
    query = (
        select(Recording)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(
            Recording.status == RecordingStatus.READY,
            Recording.proof != LACKING,
            Interview.completed_at < before,
            exists().where(RecordingTake.recording_id == Recording.id, RecordingPiece.take_id == RecordingTake.id),
        )
        .order_by(Interview.completed_at)
    )
    found: list[str] = []
    async with db.read() as session:
        for recording in (await session.scalars(query)).all():
            if (await progress_of(session, recording)).complete:
                found.append(recording.id)
            if len(found) == limit:
                break
    return found


async def close(db: Database, storage: VideoStorage, recording_id: str) -> None:
    """The video stands for its pieces from now on, if they are proven to be in it; otherwise both stay.

    The word that they are comes first: with it this is found and done again wherever it was broken off.
    """
    async with db.read() as session:
        recording = await session.get(Recording, recording_id)
        if recording is None:
            return
        progress = await progress_of(session, recording)
    if recording.proof != PROVEN:
        if _made_without_counting(recording, progress):
            await _make_again(db, recording_id)
            return
        proof = _proof(recording, progress)
        proven = proof is not None and await REMOVAL.run(_holds, storage, recording_id, proof)
        if not await _note(db, recording, progress, PROVEN if proven else LACKING):
            return
        if not proven:
            log.warning("the video of recording %s does not hold all of its pieces; they are kept", recording_id)
            return
    await REMOVAL.run(storage.drop_pieces, recording_id)
    takes = select(RecordingTake.id).where(RecordingTake.recording_id == recording_id)
    async with db.write() as session:
        await session.execute(delete(RecordingPiece).where(RecordingPiece.take_id.in_(takes)))
        await session.execute(
            update(Recording).where(Recording.id == recording_id).values(proof=PROVEN, received_bytes=0)
        )


def _made_without_counting(recording: Recording, progress: RecordingProgress) -> bool:
    """A video from before takes that do not fit became parts of their own: what was left out gets its chance."""
    placed = {take.number for take in recording.takes}
    counted = any(take.pieces is not None for take in recording.takes)
    return not counted and any(not take.is_direct and take.number not in placed for take in progress.takes)


def _proof(recording: Recording, progress: RecordingProgress) -> _Proof | None:
    """What is to be shown of each video; None where some take's pieces are in none."""
    sent = {take.number: take for take in progress.takes if not take.is_direct and take.next_piece > 0}
    proof: _Proof = []
    for part in parts_of(recording):
        if part.storage != LOCAL:
            continue
        placed = takes_in(recording, part)
        if any(place.number not in sent for place in placed):
            return None
        takes = [sent.pop(place.number) for place in placed]
        proof.append((part.key, [Take(t.number, t.mime_type, t.clock_start_ms, t.next_piece) for t in takes], placed))
    return None if sent or any(take.beyond for take in progress.takes) else proof


def _holds(storage: VideoStorage, recording_id: str, proof: _Proof) -> bool:
    return all(storage.holds(recording_id, key, takes, placed) for key, takes, placed in proof)


async def _note(db: Database, seen: Recording, progress: RecordingProgress, word: str) -> bool:
    """False when something has changed since it was looked at."""
    async with db.write() as session:
        await hold(session, Interview.id, seen.interview_id)
        await hold(session, Recording.id, seen.id)
        recording = await _again(session, seen.id)
        if recording is None or (recording.status, recording.takes) != (RecordingStatus.READY, seen.takes):
            return False
        if await progress_of(session, recording) != progress:
            return False
        recording.proof = word
        return True


async def _make_again(db: Database, recording_id: str) -> None:
    async with db.write() as session:
        again = advancing(RecordingStatus.ASSEMBLING, RecordingStatus.READY)
        await session.execute(again.where(Recording.id == recording_id))


async def _again(session: AsyncSession, recording_id: str) -> Recording | None:
    query = select(Recording).where(Recording.id == recording_id).execution_options(populate_existing=True)
    found: Recording | None = await session.scalar(query)
    return found
