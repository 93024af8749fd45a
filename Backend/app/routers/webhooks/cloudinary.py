"""Notifications of the video service. All that is believed of one is that there is news: the video is looked at."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request
from fastapi import Response as HttpResponse
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.errors import NotFound, NotSignedIn, ProviderError, TooLarge, Unavailable
from app.models import Recording, VendorEvent
from app.recordings import direct_uploads
from app.routers.body_limits import BodyLimit
from app.routers.dependencies import CapabilitiesDep
from app.services.video_storage.base import Notice

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])
BODY_LIMIT = BodyLimit(
    "POST",
    "/api/webhooks/cloudinary",
    256 * 1024,
    TooLarge("notice_too_large", "A notification is not that long."),
)


@router.post("/cloudinary", status_code=200)
async def video_notice(request: Request, capabilities: CapabilitiesDep) -> HttpResponse:
    """Any answer but 200 makes the vendor send it again, three times within some minutes."""
    storage = capabilities.direct_storage
    if storage is None:
        raise NotFound("not_here", "No video service is switched on.")
    try:
        notice = storage.read_notice(await request.body(), request.headers)
    except ProviderError:
        # Genuine, but of a kind that says nothing of a video.
        return HttpResponse()
    if notice is None:
        raise NotSignedIn("notice_not_genuine", "This notification is not signed as it has to be.")
    place = storage.place_of(notice.asset)
    if place is None or await _is_known(capabilities, storage.key, notice):
        return HttpResponse()
    try:
        interview_id = await direct_uploads.noticed(capabilities, storage, notice)
    except ProviderError as error:
        raise Unavailable("video_not_checked", "The video cannot be looked at now.") from error
    await _remember(capabilities, storage.key, notice, place[0])
    if interview_id is not None:
        await capabilities.jobs.assemble(interview_id)
    return HttpResponse()


async def _is_known(capabilities: CapabilitiesDep, provider: str, notice: Notice) -> bool:
    async with capabilities.db.read() as session:
        query = select(VendorEvent.id).where(VendorEvent.provider == provider, VendorEvent.key == _key(notice))
        return await session.scalar(query) is not None


async def _remember(capabilities: CapabilitiesDep, provider: str, notice: Notice, recording_id: str) -> None:
    """After the work: a crash in between means that it is done twice, which does no harm."""
    try:
        async with capabilities.db.write() as session:
            recording = await session.get(Recording, recording_id)
            if recording is not None:
                session.add(
                    VendorEvent(
                        provider=provider, key=_key(notice), interview_id=recording.interview_id, kind=notice.kind[:80]
                    )
                )
    except IntegrityError:
        return


def _key(notice: Notice) -> str:
    return hashlib.sha256(notice.id.encode()).hexdigest()
