"""Recordings over HTTP: pieces go in as they are made; the video comes out with ranges, captions and chapters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi import Response as HttpResponse
from fastapi.responses import FileResponse, PlainTextResponse

from app.domain.json import JsonObject
from app.errors import InvalidInput, NotFound
from app.pools import PICTURES
from app.recordings import direct_uploads, pieces, playback
from app.recordings.parts import LOCAL
from app.recordings.pieces import RecordingProgress, TakeProgress
from app.routers.body_limits import SignedInRoute
from app.routers.dependencies import CapabilitiesDep, CurrentAccess, limit
from app.routers.rate_limits import rate_limiter_of
from app.routers.video_proxy import PRIVATE, passed_on, poster_of
from app.schemas.recording import (
    DirectUpload,
    EndTake,
    NewTake,
    PieceReceipt,
    RecordingState,
    TakeState,
    UploadDone,
)
from app.services.video_storage.base import VendorReceipt

router = APIRouter(prefix="/api/interviews/{interview_id}/recording", tags=["recordings"], route_class=SignedInRoute)

TakeNumber = Annotated[int, Path(ge=0, le=99)]
PieceNumber = Annotated[int, Path(ge=0, lt=pieces.MAX_PIECES)]
PartNumber = Annotated[int, Query(ge=0, le=99)]
StreamPart = Annotated[int, Path(ge=0, le=99)]
StreamKey = Annotated[str, Path(max_length=500)]

_BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_VIDEO: dict[int | str, JsonObject] = {
    200: {"content": {"video/webm": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The range asked for"},
    416: {"description": "A range beyond the end"},
}


_PICTURE: dict[int | str, JsonObject] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("")
async def recording_state(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> RecordingState:
    async with capabilities.db.read() as session:
        return _state(await pieces.progress(session, access, interview_id))


@router.post("/takes", status_code=201)
async def start_take(
    interview_id: str, new: NewTake, capabilities: CapabilitiesDep, access: CurrentAccess
) -> TakeState:
    """Announces a run of the recorder, before its first piece."""
    async with capabilities.db.write() as session:
        await pieces.start_take(
            session,
            access,
            interview_id,
            number=new.number,
            mime_type=new.mime_type,
            clock_start_ms=new.clock_start_ms,
            direct=capabilities.direct_storage,
        )
        await session.flush()
        return _take(await pieces.progress(session, access, interview_id), new.number)


@router.put("/takes/{take}/pieces/{piece}", dependencies=[Depends(limit("piece"))], openapi_extra=_BYTES)
async def receive_piece(
    interview_id: str,
    take: TakeNumber,
    piece: PieceNumber,
    request: Request,
    capabilities: CapabilitiesDep,
    access: CurrentAccess,
) -> PieceReceipt:
    """The raw bytes of one piece. The receipt means that it is on disk; without one the page sends it again."""
    # Before the body is read, so that it waits where it comes from.
    told_bytes = request.headers.get("content-length", "")
    bytes_at_most = int(told_bytes) if told_bytes.isdecimal() else capabilities.settings.max_piece_bytes
    await rate_limiter_of(request).pace(
        "piece, kB", access.user_id, min(bytes_at_most, capabilities.settings.max_piece_bytes) / 1000
    )
    data = await request.body()
    if not data:
        raise InvalidInput("piece_empty", "This piece holds nothing.")
    receipt = await pieces.receive(
        capabilities.db,
        capabilities.video_storage,
        access,
        interview_id=interview_id,
        take=take,
        number=piece,
        data=data,
        mime_type=request.headers.get("content-type", ""),
        max_bytes=capabilities.settings.max_recording_bytes,
        max_person_bytes=capabilities.settings.max_person_bytes,
    )
    if receipt.late:
        await capabilities.jobs.assemble(interview_id)
    return PieceReceipt(take=take, number=piece, size_bytes=receipt.size_bytes)


@router.post("/takes/{take}/end")
async def end_take(
    interview_id: str, take: TakeNumber, end: EndTake, capabilities: CapabilitiesDep, access: CurrentAccess
) -> TakeState:
    async with capabilities.db.write() as session:
        is_over = await pieces.end_take(session, access, interview_id, take, end.pieces)
        await session.flush()
        state = _take(await pieces.progress(session, access, interview_id), take)
    if is_over:
        await capabilities.jobs.assemble(interview_id)
    return state


@router.post("/takes/{take}/upload")
async def grant_upload(
    interview_id: str, take: TakeNumber, capabilities: CapabilitiesDep, access: CurrentAccess
) -> DirectUpload:
    """Leave to send a take straight to the video service. It holds for an hour and may be asked for again."""
    granted = await direct_uploads.grant(capabilities, access, interview_id, take)
    return DirectUpload(
        url=granted.url, fields=dict(granted.fields), expires_at=granted.expires_at, chunk_bytes=granted.chunk_bytes
    )


@router.post("/takes/{take}/upload/done")
async def confirm_upload(
    interview_id: str, take: TakeNumber, done: UploadDone, capabilities: CapabilitiesDep, access: CurrentAccess
) -> TakeState:
    """The video service has it all, says the page; the answer means that this has been checked."""
    told = done.receipt
    receipt = VendorReceipt(told.public_id, told.version, told.signature) if told else None
    if await direct_uploads.confirm(capabilities, access, interview_id, take, receipt):
        await capabilities.jobs.assemble(interview_id)
    async with capabilities.db.read() as session:
        return _take(await pieces.progress(session, access, interview_id), take)


@router.delete("/takes/{take}/upload")
async def give_up_upload(
    interview_id: str, take: TakeNumber, capabilities: CapabilitiesDep, access: CurrentAccess
) -> TakeState:
    """The video service refuses this take for good: from now on its pieces come to us."""
    await direct_uploads.send_to_us(capabilities, access, interview_id, take)
    async with capabilities.db.read() as session:
        return _take(await pieces.progress(session, access, interview_id), take)


@router.head("/video", response_class=FileResponse, responses=_VIDEO, operation_id="watch_head")
@router.get("/video", response_class=FileResponse, responses=_VIDEO)
async def watch(
    interview_id: str, request: Request, capabilities: CapabilitiesDep, access: CurrentAccess, part: PartNumber = 0
) -> HttpResponse:
    """One part of the recording; answers ranges, so that it plays and seeks everywhere.

    503 `video_being_made` with Retry-After while the video service is still at it.
    """
    async with capabilities.db.read() as session:
        _, found = await playback.part_of(session, access, interview_id, part)
    if found.storage != LOCAL:
        return await passed_on(capabilities.direct_storage, found, request, _folder(interview_id, part))
    path = capabilities.video_storage.local_path(found.key)
    if path is None:
        raise NotFound("video_not_found", "The video of this interview is not there.")
    return FileResponse(
        path,
        media_type=found.mime_type,
        filename=f"interview{path.suffix}",
        content_disposition_type="inline",
        headers=PRIVATE,
    )


@router.get("/stream/{part}/{key:path}", response_class=HttpResponse, responses=_VIDEO)
async def stream(
    interview_id: str,
    part: StreamPart,
    key: StreamKey,
    request: Request,
    capabilities: CapabilitiesDep,
    access: CurrentAccess,
) -> HttpResponse:
    """A piece of an adaptive video, or one of its playlists, as a playlist that came from here names it."""
    async with capabilities.db.read() as session:
        _, found = await playback.part_of(session, access, interview_id, part)
    if found.storage == LOCAL:
        raise NotFound("video_not_found", "This recording has no such part.")
    return await passed_on(capabilities.direct_storage, found, request, _folder(interview_id, part), key)


@router.get("/poster.jpg", response_class=HttpResponse, responses=_PICTURE)
async def poster(
    interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess, part: PartNumber = 0
) -> HttpResponse:
    """What is shown before the video plays; 404 where there is no picture."""
    async with capabilities.db.read() as session:
        _, found = await playback.part_of(session, access, interview_id, part)
    if found.storage == LOCAL:
        picture = await PICTURES.run(capabilities.video_storage.poster, found.key)
    else:
        picture = await poster_of(capabilities.direct_storage, found)
    if picture is None:
        raise NotFound("picture_not_found", "There is no picture of this video.")
    return HttpResponse(picture, media_type="image/jpeg", headers=PRIVATE)


@router.get("/captions.vtt", response_class=PlainTextResponse)
async def captions(
    interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess, part: PartNumber = 0
) -> HttpResponse:
    async with capabilities.db.read() as session:
        text = await playback.captions(session, access, interview_id, part)
    return PlainTextResponse(text, media_type="text/vtt; charset=utf-8", headers=PRIVATE)


@router.get("/chapters.vtt", response_class=PlainTextResponse)
async def chapters(
    interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess, part: PartNumber = 0
) -> HttpResponse:
    async with capabilities.db.read() as session:
        text = await playback.chapters(session, access, interview_id, part)
    return PlainTextResponse(text, media_type="text/vtt; charset=utf-8", headers=PRIVATE)


def _folder(interview_id: str, part: int) -> str:
    return f"/api/interviews/{interview_id}/recording/stream/{part}"


def _state(progress: RecordingProgress) -> RecordingState:
    return RecordingState(
        status=progress.status,
        takes=[_take_state(take) for take in progress.takes],
        received_bytes=progress.received_bytes,
    )


def _take(progress: RecordingProgress, number: int) -> TakeState:
    for take in progress.takes:
        if take.number == number:
            return _take_state(take)
    raise NotFound("take_not_found", "This take has not been started.")


def _take_state(take: TakeProgress) -> TakeState:
    return TakeState(
        number=take.number,
        mime_type=take.mime_type,
        clock_start_ms=take.clock_start_ms,
        next_piece=take.next_piece,
        beyond=list(take.beyond),
        expected_pieces=take.expected_pieces,
        direct=take.is_direct,
        stored=take.stored,
    )
