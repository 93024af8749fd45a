"""Results over HTTP: the transcript, the results page, and progress over time."""

from __future__ import annotations

from fastapi import APIRouter

from app.domain.recording import Part
from app.domain.status import RecordingStatus
from app.interviews import service as interviews
from app.models import Recording
from app.recordings.parts import parts_of
from app.recordings.timeline import Timeline
from app.results import page
from app.routers.body_limits import SignedInRoute
from app.routers.dependencies import CapabilitiesDep, CurrentAccess
from app.schemas.interview import Progress
from app.schemas.results import Results, Transcript, VideoModel, VideoPart
from app.settings import Settings

router = APIRouter(prefix="/api", tags=["results"], route_class=SignedInRoute)

MAX_POINTS = 100


@router.get("/interviews/{interview_id}/transcript")
async def transcript(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> Transcript:
    async with capabilities.db.read() as session:
        _, recording = await access.recording(session, interview_id)
        moment = Timeline(recording.takes if recording else ()).video_ms
        return Transcript(utterances=await page.transcript(session, interview_id, moment))


@router.get("/interviews/{interview_id}/results")
async def interview_results(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> Results:
    """What there is so far while the interview is being processed, everything once it is completed."""
    async with capabilities.db.read() as session:
        interview, recording = await access.recording(session, interview_id)
        moment = Timeline(recording.takes if recording else ()).video_ms
        seen = _video(interview_id, recording)
        return await page.results(session, interview, seen, moment, vendor_names=_model_names(capabilities.settings))


@router.get("/progress")
async def progress(capabilities: CapabilitiesDep, access: CurrentAccess) -> Progress:
    async with capabilities.db.read() as session:
        completed = await interviews.completed_since(session, access, limit=MAX_POINTS)
        return await page.progress(session, completed)


def _model_names(settings: Settings) -> dict[str, str]:
    """Of all that could be chosen: the one who failed then may be switched off now."""
    models = settings.vendors.language_model
    return {vendor.key: vendor.name_for_people(settings) for vendor in models if vendor.is_outside}


def _video(interview_id: str, recording: Recording | None) -> VideoModel:
    """An earlier video goes on playing while late pieces are worked into a new one."""
    if recording is None:
        return VideoModel(status=RecordingStatus.NONE, parts=[], duration_ms=0, has_video=False)
    return VideoModel(
        status=recording.status,
        parts=[_part(interview_id, number, part) for number, part in enumerate(parts_of(recording))],
        duration_ms=recording.duration_ms,
        has_video=recording.has_video,
    )


def _part(interview_id: str, number: int, part: Part) -> VideoPart:
    base = f"/api/interviews/{interview_id}/recording"
    which = f"?part={number}" if number else ""
    return VideoPart(
        url=f"{base}/video{which}",
        poster_url=f"{base}/poster.jpg{which}",
        captions_url=f"{base}/captions.vtt{which}",
        chapters_url=f"{base}/chapters.vtt{which}",
        mime_type=part.mime_type,
        has_video=part.has_video,
        start_ms=part.start_ms,
        duration_ms=part.duration_ms,
    )
