"""The video of an interview, put together from what has arrived: part by part, where not all fits into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import ROW_LOCK, Database, hold
from app.domain.recording import Part, PlacedTake, Playable
from app.domain.status import UNATTENDED, RecordingStatus
from app.errors import ProviderError
from app.models import Interview, Recording, now
from app.pools import ASSEMBLY, REMOVAL
from app.recordings.assembly_schedule import due
from app.recordings.direct_uploads import UPLOAD_AWAITED
from app.recordings.lifecycle import advancing, conclude
from app.recordings.parts import LOCAL, parts_of, place_parts
from app.recordings.pieces import RecordingProgress, TakeProgress, progress_of
from app.services.video_storage.base import Take, VideoStorage

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
LONGEST_WAIT_FOR_ROOM = timedelta(minutes=5)


async def state_of(db: Database, interview_id: str) -> RecordingProgress | None:
    """How far the pieces have come; None where nothing was recorded. For jobs, so not scoped to a user."""
    async with db.read() as session:
        recording = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
        return None if recording is None else await progress_of(session, recording)


async def is_due(db: Database, interview_id: str) -> bool:
    """Whether the video is to be made now, or more of the recording is to be waited for. For jobs."""
    async with db.read() as session:
        recording = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
        return recording is not None and await _is_due(session, recording)


async def _is_due(session: AsyncSession, recording: Recording) -> bool:
    in_video = sum(take.pieces or 0 for take in recording.takes)
    return due(await progress_of(session, recording), in_video, now())


async def assemble(db: Database, storage: VideoStorage, interview_id: str) -> bool:
    """Puts together what has arrived. True when it is all in the video; False when more arrived meanwhile.

    While the page still has to send a take, or the beginning of one, the recording counts as `uploading`. Raises
    ProviderError. Assembling twice gives the same video.
    """
    before = await state_of(db, interview_id)
    if before is None or before.status == RecordingStatus.READY:
        return True
    stretches = _stretches(before)
    if not stretches:
        await _note_nothing(db, interview_id, before)
        return True
    async with db.write() as session:
        trying = advancing(RecordingStatus.ASSEMBLING).where(Recording.id == before.recording_id)
        await session.execute(trying.values(failure=""))
    made = await _made(db, storage, interview_id, before, stretches)
    async with db.write() as session:
        # A piece that comes now waits, and then finds the recording ready; see pieces.receive.
        await hold(session, Interview.id, interview_id)
        await hold(session, Recording.id, before.recording_id)
        recording = await session.get(Recording, before.recording_id)
        if recording is None:
            is_all = None
        else:
            after = await progress_of(session, recording)
            is_all = _stretches(after) == stretches
            place_parts(recording, made.parts, made.takes, made.size_bytes)
            if not is_all:
                outcome = RecordingStatus.ASSEMBLING
            else:
                outcome = RecordingStatus.UPLOADING if _awaited(after) else RecordingStatus.READY
            conclude(recording, outcome)
            recording.failure = ""
            await session.execute(
                update(Interview)
                .where(Interview.id == interview_id)
                .values(recording_url=f"/api/interviews/{interview_id}/recording/video")
            )
    if is_all is None:
        # Deleted while it was being put together: what has just been written must go, too.
        await REMOVAL.run(storage.delete, before.recording_id)
        return True
    await REMOVAL.run(storage.keep_only, before.recording_id, made.keys)
    return is_all


async def _note_nothing(db: Database, interview_id: str, progress: RecordingProgress) -> None:
    """Nothing can be played so far. Where something is on its way, that is waited for, without a failure."""
    async with db.read() as session:
        interview = await session.get(Interview, interview_id)
    ended_at = (interview.ended_at or interview.created_at) if interview else now()
    if _awaited(progress) and ended_at > now() - UPLOAD_AWAITED:
        await _conclude(db, interview_id, RecordingStatus.UPLOADING)
    elif progress.received_bytes == 0 and not any(take.is_direct for take in progress.takes):
        await _conclude(db, interview_id, RecordingStatus.NONE)
    else:
        await mark_failed(db, interview_id, "pieces_missing")


@dataclass
class _Made:
    parts: list[Part] = field(default_factory=list)
    takes: list[PlacedTake] = field(default_factory=list)
    size_bytes: int = 0
    end_ms: int = 0

    @property
    def keys(self) -> list[str]:
        """Of the videos that lie with us."""
        return [part.key for part in self.parts if part.storage == LOCAL]

    def add(self, storage: str, playable: Playable, has_video: bool, size: int, takes: Sequence[PlacedTake]) -> None:
        """`takes` as they lie in this part."""
        lasts_ms = max(take.video_start_ms + take.duration_ms for take in takes)
        self.parts.append(Part(storage, playable.key, playable.mime_type, self.end_ms, lasts_ms, has_video))
        self.takes += [replace(take, video_start_ms=take.video_start_ms + self.end_ms) for take in takes]
        self.size_bytes += size
        self.end_ms += lasts_ms


async def _made(
    db: Database,
    storage: VideoStorage,
    interview_id: str,
    progress: RecordingProgress,
    stretches: Sequence[Sequence[TakeProgress]],
) -> _Made:
    async with db.read() as session:
        clock_ms = await session.scalar(select(Interview.clock_ms).where(Interview.id == interview_id)) or 0
        recording = await session.get(Recording, progress.recording_id)
        # What is shown until then stays until this is noted, also when it comes to nothing.
        shown = [part.key for part in parts_of(recording) if part.storage == LOCAL] if recording else []
    made = _Made()
    unplayable: ProviderError | None = None
    for index, stretch in enumerate(stretches):
        first = stretch[0]
        if first.is_direct:
            following = stretches[index + 1][0].clock_start_ms if index + 1 < len(stretches) else clock_ms
            _add_direct(made, first, following)
            continue
        takes = [_take(take) for take in stretch]
        for fitting in await ASSEMBLY.run(storage.stretches, progress.recording_id, takes):
            keep = [*shown, *made.keys]
            try:
                stored = await ASSEMBLY.run(storage.assemble, progress.recording_id, fitting, keep)
            except ProviderError as error:
                if error.retryable:
                    raise
                unplayable = error
                continue
            made.add(LOCAL, Playable(stored.key, stored.mime_type), stored.has_video, stored.size_bytes, stored.takes)
    if not made.parts and unplayable is not None:
        raise unplayable
    return made


def _add_direct(made: _Made, take: TakeProgress, until_ms: int) -> None:
    asset = take.asset
    # A vendor may not know how long a recorder's file is; the interview clock ran exactly while it recorded.
    duration_ms = asset["duration_ms"] or max(0, until_ms - take.clock_start_ms)
    placed = PlacedTake(take.number, take.clock_start_ms, 0, duration_ms, pieces=0)
    playable = asset["rendition"] or asset["original"]
    made.add(take.storage, playable, asset["has_video"], asset["size_bytes"], [placed])


def _stretches(progress: RecordingProgress) -> list[list[TakeProgress]]:
    """What can be played, in the order of the clock: takes in pieces that follow each other, or one at a vendor."""
    stretches: list[list[TakeProgress]] = []
    for take in sorted(progress.takes, key=lambda take: (take.clock_start_ms, take.number)):
        if take.is_direct:
            if take.stored and take.asset.get("original"):
                stretches.append([take])
        elif take.next_piece > 0:
            if stretches and not stretches[-1][0].is_direct:
                stretches[-1].append(take)
            else:
                stretches.append([take])
    return stretches


def _awaited(progress: RecordingProgress) -> bool:
    """Whether there is something that can only be played when more of it has come."""
    return any(not (take.complete if take.is_direct else take.next_piece) for take in progress.takes)


def _take(take: TakeProgress) -> Take:
    return Take(take.number, take.mime_type, take.clock_start_ms, take.next_piece)


async def _conclude(db: Database, interview_id: str, to: RecordingStatus) -> None:
    async with db.write() as session:
        recording = await _held(session, interview_id)
        if recording is not None:
            conclude(recording, to)
            recording.failure = ""


async def mark_failed(db: Database, interview_id: str, code: str) -> None:
    """Never for good: it is tried again by itself, later each time, and whenever somebody asks or a piece comes."""
    async with db.write() as session:
        recording = await _held(session, interview_id)
        if recording is not None:
            conclude(recording, RecordingStatus.FAILED)
            recording.failure = code
            recording.failures += 1
            longest = LONGEST_WAIT_FOR_ROOM if code == "disk_full" else LONGEST_RETRY
            recording.retry_at = now() + min(longest, FIRST_RETRY * 2 ** min(recording.failures - 1, 20))


async def _held(session: AsyncSession, interview_id: str) -> Recording | None:
    query = select(Recording).where(Recording.interview_id == interview_id).with_for_update(**ROW_LOCK)
    found: Recording | None = await session.scalar(query)
    return found


async def interviews_to_assemble(db: Database, limit: int) -> list[str]:
    """Interviews that are over and whose recording is due to be put together, or to be tried again."""
    failed = Recording.status == RecordingStatus.FAILED
    again = failed & (Recording.retry_at.is_(None) | (Recording.retry_at <= now()))
    query = (
        select(Recording)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(
            Interview.status.in_(UNATTENDED),
            Recording.status.in_((RecordingStatus.RECORDING, RecordingStatus.ASSEMBLING)) | again,
        )
        # What fails again and again keeps nobody else waiting.
        .order_by(failed, Recording.created_at)
    )
    found: list[str] = []
    async with db.read() as session:
        for recording in (await session.scalars(query)).all():
            if recording.status == RecordingStatus.FAILED or await _is_due(session, recording):
                found.append(recording.interview_id)
            if len(found) == limit:
                break
    return found
