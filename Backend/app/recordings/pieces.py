"""Pieces of a recording, taken in as the browser makes them. A receipt means: on disk and in the database.

A recording is open while its pieces' rows exist or it is not ready; once the checked video stands for them, the rows
and files are removed and the recording is closed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import Access
from app.db import ROW_LOCK, Database
from app.disk_space import RETRY_AFTER_S
from app.domain.recording import TakeAsset
from app.domain.status import FINISHED, InterviewStatus, RecordingStatus
from app.errors import Conflict, InvalidInput, NotFound, ProviderError, TooLarge, Unavailable
from app.models import Interview, Recording, RecordingPiece, RecordingTake, new_id
from app.pools import DISK, REMOVAL
from app.recordings.lifecycle import advancing
from app.recordings.parts import LOCAL
from app.services.video_storage.base import DirectStorage, VideoStorage

PROVEN = "whole"
"""A recording's `proof` once its pieces are going."""
NO_LIMIT = 1 << 62
MAX_PIECES = 20_000
PUT_TOGETHER = (RecordingStatus.READY, RecordingStatus.NONE, RecordingStatus.FAILED, RecordingStatus.UPLOADING)
"""Whose video has been made, or tried, without the piece that comes now."""


@dataclass(frozen=True, slots=True)
class TakeProgress:
    """`next_piece`: all below it are safe; `beyond`: later ones that are safe, too.

    A take that goes straight to a vendor has no pieces here; `asset` is what is known of it there.
    """

    number: int
    mime_type: str
    clock_start_ms: int
    next_piece: int
    beyond: tuple[int, ...]
    expected_pieces: int | None
    storage: str = LOCAL
    asset: TakeAsset = field(default_factory=TakeAsset)

    @property
    def is_direct(self) -> bool:
        return self.storage != LOCAL

    @property
    def stored(self) -> bool:
        """The vendor has all of it."""
        return self.is_direct and bool(self.asset.get("stored"))

    @property
    def complete(self) -> bool:
        if self.is_direct:
            return self.stored
        return self.expected_pieces is not None and self.next_piece >= self.expected_pieces


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """`latest_at`: when the last piece came, where that was noted."""

    recording_id: str
    status: RecordingStatus
    takes: tuple[TakeProgress, ...]
    received_bytes: int
    latest_at: datetime | None = None

    @property
    def pieces(self) -> int:
        """So many can be played: those that follow each other from the first one of their take."""
        return sum(take.next_piece for take in self.takes)

    @property
    def complete(self) -> bool:
        return all(take.complete for take in self.takes)


NOTHING = RecordingProgress("", RecordingStatus.NONE, (), 0)


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """`late`: it came after the interview had ended, so the video has to be assembled (again)."""

    size_bytes: int
    late: bool


def base_type(mime_type: str) -> str:
    """`video/webm` of `video/webm;codecs=vp8,opus`."""
    return mime_type.split(";", 1)[0].strip().lower()


async def progress(session: AsyncSession, access: Access, interview_id: str) -> RecordingProgress:
    """What has arrived. Raises NotFound."""
    _, recording = await access.recording(session, interview_id)
    return NOTHING if recording is None else await progress_of(session, recording)


async def progress_of(session: AsyncSession, recording: Recording) -> RecordingProgress:
    takes = (
        await session.scalars(
            select(RecordingTake).where(RecordingTake.recording_id == recording.id).order_by(RecordingTake.number)
        )
    ).all()
    rows = (
        await session.execute(
            select(RecordingPiece.take_id, RecordingPiece.number, RecordingPiece.size_bytes, RecordingPiece.created_at)
            .join(RecordingTake, RecordingTake.id == RecordingPiece.take_id)
            .where(RecordingTake.recording_id == recording.id)
        )
    ).all()
    closed = recording.status == RecordingStatus.READY and not rows
    numbers: dict[str, set[int]] = {}
    for row in rows:
        numbers.setdefault(row.take_id, set()).add(row.number)
    return RecordingProgress(
        recording_id=recording.id,
        status=recording.status,
        takes=tuple(_take_progress(take, numbers.get(take.id, set()), closed=closed) for take in takes),
        received_bytes=sum(row.size_bytes for row in rows),
        latest_at=max((row.created_at for row in rows if row.created_at), default=None),
    )


def _take_progress(take: RecordingTake, arrived: set[int], *, closed: bool) -> TakeProgress:
    following = first_missing(arrived)
    if closed:
        following = take.expected_pieces or 0
    return TakeProgress(
        number=take.number,
        mime_type=take.mime_type,
        clock_start_ms=take.clock_start_ms,
        next_piece=following,
        beyond=tuple(sorted(number for number in arrived if number > following)),
        expected_pieces=take.expected_pieces,
        storage=take.storage,
        asset=take.asset,
    )


def first_missing(arrived: set[int]) -> int:
    following = 0
    while following in arrived:
        following += 1
    return following


async def start_take(
    session: AsyncSession,
    access: Access,
    interview_id: str,
    *,
    number: int,
    mime_type: str,
    clock_start_ms: int,
    direct: DirectStorage | None = None,
) -> None:
    """Announces a run of the recorder; with `direct`, the page sends it there.

    The same announcement again is harmless, another one under its number is not.

    Also after the end: a page that could not reach us while it recorded brings what it kept.

    Raises Conflict without consent (`consent_missing`), for an interview that nobody could have held or whose pieces
    have been cleared away (`interview_over`), or for a taken number (`take_exists`).
    """
    interview = await access.hold(session, interview_id)
    if interview.consented_at is None:
        raise Conflict("consent_missing", "Nothing is recorded without consent. Please agree to the recording first.")
    recording = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
    if recording is not None:
        existing = await session.scalar(
            select(RecordingTake).where(RecordingTake.recording_id == recording.id, RecordingTake.number == number)
        )
        if existing is not None:
            if (existing.mime_type, existing.clock_start_ms) == (mime_type, clock_start_ms):
                return
            raise Conflict("take_exists", "This take has been recorded already. Start a new one under the next number.")
    if interview.status in (InterviewStatus.PREPARING, InterviewStatus.FAILED) or await _is_sealed(session, recording):
        raise Conflict("interview_over", "This interview is over; nothing more will be recorded.")
    if recording is None:
        recording = Recording(interview_id=interview_id, has_video=base_type(mime_type).startswith("video/"))
        session.add(recording)
        await session.flush()
    elif base_type(mime_type).startswith("video/"):
        recording.has_video = True
    take = RecordingTake(
        recording_id=recording.id, number=number, mime_type=mime_type[:64], clock_start_ms=clock_start_ms
    )
    if direct is not None:
        take.storage = direct.key
        take.asset = {"provider": direct.key, "name": direct.new_asset(recording.id, number)}
    session.add(take)


async def _is_sealed(session: AsyncSession, recording: Recording | None) -> bool:
    """Whether the pieces are gone or going, so that the video cannot be made anew."""
    if recording is None or recording.status != RecordingStatus.READY:
        return False
    if recording.proof == PROVEN:
        return True
    came_here = select(RecordingTake.id).where(
        RecordingTake.recording_id == recording.id, RecordingTake.storage == LOCAL
    )
    if await session.scalar(came_here.limit(1)) is None:
        return False
    kept = select(RecordingPiece.id).join(RecordingTake).where(RecordingTake.recording_id == recording.id).limit(1)
    return await session.scalar(kept) is None


def take_of(access: Access, interview_id: str, number: int) -> Select[RecordingTake, Recording, Interview]:
    """To change it."""
    return (
        select(RecordingTake, Recording, Interview)
        .join(Recording, Recording.id == RecordingTake.recording_id)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(Interview.id == interview_id, access.interviews("change"), RecordingTake.number == number)
    )


def no_take() -> NotFound:
    return NotFound("take_not_found", "This take has not been started.")


async def end_take(session: AsyncSession, access: Access, interview_id: str, number: int, pieces: int) -> bool:
    """The recorder has stopped after so many pieces. True when the interview is over, so that the video is due."""
    query = take_of(access, interview_id, number).with_for_update(**ROW_LOCK, of=RecordingTake)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise no_take()
    take, recording, interview = row
    if take.expected_pieces is not None and take.expected_pieces != pieces:
        raise Conflict("take_ended", "This take has ended already with another number of pieces.")
    take.expected_pieces = pieces
    return interview.status in FINISHED and recording.status != RecordingStatus.READY


async def receive(
    db: Database,
    storage: VideoStorage,
    access: Access,
    *,
    interview_id: str,
    take: int,
    number: int,
    data: bytes,
    mime_type: str,
    max_bytes: int,
    max_person_bytes: int = NO_LIMIT,
) -> StoredPiece:
    """Stores one piece; the hot route of a recording, so three statements besides the commit.

    Raises Conflict (`consent_missing`, `piece_differs`, `take_ended`), InvalidInput (`piece_type`, `piece_number`),
    NotFound, TooLarge over the total of the recording (`recording_too_large`) or of all that is kept of this person
    (`recordings_full`), Unavailable when the disk refuses: the page keeps the piece and sends it again.
    """
    if not 0 <= number < MAX_PIECES:
        raise InvalidInput("piece_number", "This recording has too many pieces. Start a new take.")
    digest = await DISK.run(lambda: hashlib.sha256(data).hexdigest())
    place = await _place(db, access, interview_id, take, number)
    if base_type(mime_type) != base_type(place.mime_type):
        announced = base_type(place.mime_type)
        raise InvalidInput("piece_type", f"This take was announced as {announced}.", params={"announced": announced})
    if place.is_direct:
        raise Conflict("take_goes_elsewhere", "This take is being sent straight to the video service.")
    if place.known_sha256 is not None:
        if place.known_sha256 != digest:
            raise Conflict("piece_differs", "Another piece has arrived under this number already. It was kept.")
        return StoredPiece(place.known_bytes, late=False)
    if place.in_closed_video:
        return StoredPiece(len(data), late=False)
    if not place.consented:
        raise Conflict("consent_missing", "Nothing is recorded without consent. Please agree to the recording first.")
    if place.received_bytes + len(data) > max_bytes:
        raise TooLarge("recording_too_large", "This recording has reached its largest size. The interview goes on.")
    if place.person_bytes + len(data) > max_person_bytes:
        raise TooLarge(
            "recordings_full",
            "Your recordings fill all the room there is for one person. Delete an interview that you no longer need. "
            "The interview goes on.",
        )
    try:
        await DISK.run(storage.put_piece, place.recording_id, take, number, data)
    except ProviderError as error:
        raise Unavailable(
            "piece_not_stored",
            "The recording could not be stored just now. This page keeps it and tries again.",
            retry_after_s=RETRY_AFTER_S if error.category == "quota" else None,
        ) from error
    late = place.interview_status not in (InterviewStatus.SCHEDULED, InterviewStatus.IN_PROGRESS)
    try:
        async with db.write() as session:
            # Held, so that whoever is making the video either sees this piece or is seen to have finished.
            counted = (
                update(Recording)
                .where(Recording.id == place.recording_id)
                .values(received_bytes=Recording.received_bytes + len(data))
                .returning(Recording.status, Recording.proof)
            )
            status, proof = (await session.execute(counted)).one_or_none() or (None, "")
            if proof == PROVEN:
                raise Conflict("take_ended", "This take has ended already with another number of pieces.")
            await session.execute(
                insert(RecordingPiece).values(
                    id=new_id(), take_id=place.take_id, number=number, size_bytes=len(data), sha256=digest
                )
            )
            if status in PUT_TOGETHER:
                late = True
                again = advancing(RecordingStatus.ASSEMBLING, *PUT_TOGETHER)
                await session.execute(again.where(Recording.id == place.recording_id).values(failure=""))
    except IntegrityError as error:
        return await _settle(db, storage, place, access, interview_id, take, number, digest, error)
    return StoredPiece(len(data), late=late)


@dataclass(frozen=True, slots=True)
class _Place:
    recording_id: str
    take_id: str
    mime_type: str
    is_direct: bool
    interview_status: InterviewStatus
    consented: bool
    in_closed_video: bool
    received_bytes: int
    person_bytes: int
    known_bytes: int
    known_sha256: str | None


async def _place(db: Database, access: Access, interview_id: str, take: int, number: int) -> _Place:
    theirs, of_theirs = aliased(Recording), aliased(Interview)
    of_person = (
        select(func.coalesce(func.sum(theirs.received_bytes + theirs.size_bytes), 0))
        .join(of_theirs, of_theirs.id == theirs.interview_id)
        .where(of_theirs.user_id == Interview.user_id)
        .correlate(Interview)
        .scalar_subquery()
    )
    query = (
        select(
            Recording.id.label("recording_id"),
            Recording.status.label("recording_status"),
            RecordingTake.id.label("take_id"),
            RecordingTake.mime_type,
            RecordingTake.storage,
            Interview.status,
            Interview.consented_at,
            Recording.received_bytes,
            Recording.takes,
            RecordingTake.expected_pieces,
            of_person.label("person_bytes"),
            RecordingPiece.size_bytes,
            RecordingPiece.sha256,
        )
        .join(Recording, Recording.interview_id == Interview.id)
        .join(RecordingTake, RecordingTake.recording_id == Recording.id)
        .outerjoin(RecordingPiece, (RecordingPiece.take_id == RecordingTake.id) & (RecordingPiece.number == number))
        .where(Interview.id == interview_id, access.interviews("change"), RecordingTake.number == take)
    )
    async with db.read() as session:
        row = (await session.execute(query)).one_or_none()
    if row is None:
        raise no_take()
    return _Place(
        recording_id=row.recording_id,
        take_id=row.take_id,
        mime_type=row.mime_type,
        is_direct=row.storage != LOCAL,
        interview_status=row.status,
        consented=row.consented_at is not None,
        in_closed_video=row.recording_status == RecordingStatus.READY
        and row.received_bytes == 0
        and number < (row.expected_pieces or 0)
        and any(placed.number == take and number < (placed.pieces or MAX_PIECES) for placed in row.takes),
        received_bytes=row.received_bytes,
        person_bytes=row.person_bytes,
        known_bytes=row.size_bytes or 0,
        known_sha256=row.sha256,
    )


async def _settle(
    db: Database,
    storage: VideoStorage,
    place: _Place,
    access: Access,
    interview_id: str,
    take: int,
    number: int,
    digest: str,
    error: IntegrityError,
) -> StoredPiece:
    """Two uploads of one piece met, or the interview was deleted under the upload."""
    try:
        again = await _place(db, access, interview_id, take, number)
    except NotFound:
        await REMOVAL.run(storage.delete, place.recording_id)
        raise
    if again.known_sha256 == digest:
        return StoredPiece(again.known_bytes, late=False)
    raise Conflict("piece_differs", "Another piece has arrived under this number already. It was kept.") from error
