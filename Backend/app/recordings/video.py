"""The assembled video of an interview: put together from what has arrived, and found again by its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database, hold
from app.errors import NotFound, ProviderError
from app.models import Interview, Question, Recording, RecordingPiece, RecordingTake, Utterance
from app.pools import ASSEMBLY, REMOVAL
from app.recordings.captions import Cue, captions_vtt, chapters_vtt
from app.recordings.parts import LOCAL, Part, part_timeline, parts_of, put
from app.recordings.pieces import Progress, TakeProgress, progress_of
from app.services.video_storage.base import PlacedTake, Playable, Take, VideoStorage

LONGEST_TRANSCRIPT = 5_000
"""Utterances; an hour of talk has some hundreds."""


async def owned_recording(session: AsyncSession, user_id: str, interview_id: str) -> Recording | None:
    """Raises NotFound for someone else's interview; None where nothing was recorded."""
    query = (
        select(Interview.id, Recording)
        .outerjoin(Recording, Recording.interview_id == Interview.id)
        .where(Interview.id == interview_id, Interview.user_id == user_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("interview_not_found", "There is no such interview.")
    recording: Recording | None = row[1]
    return recording


async def playable(session: AsyncSession, user_id: str, interview_id: str) -> Recording:
    """Raises NotFound until there is a video."""
    recording = await owned_recording(session, user_id, interview_id)
    if recording is None or not recording.storage_key:
        raise NotFound("video_not_found", "There is no video of this interview, or it is still being put together.")
    return recording


async def part_of(session: AsyncSession, user_id: str, interview_id: str, number: int) -> tuple[Recording, Part]:
    recording = await playable(session, user_id, interview_id)
    parts = parts_of(recording)
    if number >= len(parts):
        raise NotFound("video_not_found", "This recording has no such part.")
    return recording, parts[number]


async def captions(session: AsyncSession, user_id: str, interview_id: str, number: int = 0) -> str:
    recording, part = await part_of(session, user_id, interview_id, number)
    query = (
        select(Utterance.speaker, Utterance.text, Utterance.start_ms, Utterance.end_ms)
        .where(Utterance.interview_id == interview_id)
        .order_by(Utterance.sequence)
        .limit(LONGEST_TRANSCRIPT)
    )
    names = {"interviewer": "Interviewer", "candidate": "You"}
    cues = [Cue(row.start_ms, row.end_ms, row.text, names.get(row.speaker, "")) for row in await session.execute(query)]
    return captions_vtt(cues, part_timeline(recording, part))


async def chapters(session: AsyncSession, user_id: str, interview_id: str, number: int = 0) -> str:
    """One per question that was asked, from the moment its asking began."""
    recording, part = await part_of(session, user_id, interview_id, number)
    query = (
        select(Question.position, Question.text, func.min(Utterance.start_ms).label("start_ms"))
        .join(Utterance, Utterance.question_id == Question.id)
        .where(Question.interview_id == interview_id, Utterance.kind == "question")
        .group_by(Question.id, Question.position, Question.text)
        .order_by(Question.position)
    )
    cues = [
        Cue(row.start_ms, row.start_ms, f"Question {row.position + 1}: {row.text}")
        for row in await session.execute(query)
    ]
    return chapters_vtt(cues, part_timeline(recording, part), part.duration_ms)


async def state_of(db: Database, interview_id: str) -> Progress | None:
    """How far the pieces have come; None where nothing was recorded. For jobs, so not scoped to a user."""
    async with db.read() as session:
        recording = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
        return None if recording is None else await progress_of(session, recording)


async def assemble(db: Database, storage: VideoStorage, interview_id: str) -> bool:
    """Puts together what has arrived. True when it is all in the video; False when more arrived meanwhile.

    While a page is still sending a take to a vendor, the recording counts as `uploading`. Raises ProviderError.
    Assembling twice gives the same video.
    """
    before = await state_of(db, interview_id)
    if before is None or before.status == "ready":
        return True
    stretches = _stretches(before)
    if not stretches:
        nothing = "none" if before.received_bytes == 0 else "failed"
        await _set_status(db, before.recording_id, "uploading" if _awaited(before) else nothing, "pieces_missing")
        return True
    await _set_status(db, before.recording_id, "assembling", "")
    made = await _made(db, storage, interview_id, before.recording_id, stretches)
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
            put(recording, made.parts, made.takes, made.size_bytes)
            recording.status = "assembling" if not is_all else "uploading" if _awaited(after) else "ready"
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
    return is_all


@dataclass
class _Made:
    parts: list[Part] = field(default_factory=list)
    takes: list[PlacedTake] = field(default_factory=list)
    size_bytes: int = 0
    end_ms: int = 0

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
    recording_id: str,
    stretches: Sequence[Sequence[TakeProgress]],
) -> _Made:
    async with db.read() as session:
        clock_ms = await session.scalar(select(Interview.clock_ms).where(Interview.id == interview_id)) or 0
    made = _Made()
    unplayable: ProviderError | None = None
    for index, stretch in enumerate(stretches):
        first = stretch[0]
        if first.is_direct:
            following = stretches[index + 1][0].clock_start_ms if index + 1 < len(stretches) else clock_ms
            _add_direct(made, first, following)
            continue
        keys = [part.key for part in made.parts]
        try:
            stored = await ASSEMBLY.run(storage.assemble, recording_id, [_take(take) for take in stretch], keys)
        except ProviderError as error:
            if error.retryable or len(stretches) == 1:
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
    placed = PlacedTake(take.number, take.clock_start_ms, 0, duration_ms)
    playable = Playable(**(asset["rendition"] or asset["original"]))
    made.add(take.storage, playable, asset["has_video"], asset["size_bytes"], [placed])


def _stretches(progress: Progress) -> list[list[TakeProgress]]:
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


def _awaited(progress: Progress) -> bool:
    return any(take.is_direct and not take.stored for take in progress.takes)


def _take(take: TakeProgress) -> Take:
    return Take(take.number, take.mime_type, take.clock_start_ms, take.next_piece)


async def _set_status(db: Database, recording_id: str, status: str, failure: str) -> None:
    async with db.write() as session:
        await session.execute(
            update(Recording)
            .where(Recording.id == recording_id)
            .values(status=status, failure=failure if status == "failed" else "")
        )


async def mark_failed(db: Database, interview_id: str, code: str) -> None:
    async with db.write() as session:
        await session.execute(
            update(Recording).where(Recording.interview_id == interview_id).values(status="failed", failure=code)
        )


async def interviews_to_assemble(db: Database, limit: int) -> list[str]:
    """Interviews that are over and whose recording has not been put together."""
    query = (
        select(Recording.interview_id)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(
            Interview.status.in_(("processing", "completed", "abandoned", "failed")),
            Recording.status.in_(("recording", "assembling")),
        )
        .order_by(Recording.created_at)
        .limit(limit)
    )
    async with db.read() as session:
        return list((await session.scalars(query)).all())


async def closable(db: Database, before: datetime, limit: int) -> list[str]:
    """Recordings of interviews completed before then whose every piece is in the checked video, pieces still kept."""
    query = (
        select(Recording)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(
            Recording.status == "ready",
            Interview.completed_at < before,
            exists().where(RecordingTake.recording_id == Recording.id, RecordingPiece.take_id == RecordingTake.id),
        )
        .order_by(Interview.completed_at)
        .limit(limit)
    )
    async with db.read() as session:
        found = (await session.scalars(query)).all()
        return [recording.id for recording in found if (await progress_of(session, recording)).complete]


async def close(db: Database, storage: VideoStorage, recording_id: str) -> None:
    """The video stands for its pieces from now on. Files first: with the rows left this is found and done again."""
    await REMOVAL.run(storage.drop_pieces, recording_id)
    takes = select(RecordingTake.id).where(RecordingTake.recording_id == recording_id)
    async with db.write() as session:
        await session.execute(delete(RecordingPiece).where(RecordingPiece.take_id.in_(takes)))
