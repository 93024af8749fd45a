"""A recording as its owner finds it again: the parts of its video, with captions and chapters in their time."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.domain.recording import Part
from app.errors import NotFound
from app.models import Question, Recording, Utterance
from app.recordings.captions import Cue, captions_vtt, chapters_vtt
from app.recordings.parts import part_timeline, parts_of

LONGEST_TRANSCRIPT = 5_000
"""Utterances; an hour of talk has some hundreds."""


async def playable(session: AsyncSession, access: Access, interview_id: str) -> Recording:
    """Raises NotFound until there is a video."""
    _, recording = await access.recording(session, interview_id)
    if recording is None or not recording.storage_key:
        raise NotFound("video_not_found", "There is no video of this interview, or it is still being put together.")
    return recording


async def part_of(session: AsyncSession, access: Access, interview_id: str, number: int) -> tuple[Recording, Part]:
    recording = await playable(session, access, interview_id)
    parts = parts_of(recording)
    if number >= len(parts):
        raise NotFound("video_not_found", "This recording has no such part.")
    return recording, parts[number]


async def captions(session: AsyncSession, access: Access, interview_id: str, number: int = 0) -> str:
    recording, part = await part_of(session, access, interview_id, number)
    query = (
        select(Utterance.speaker, Utterance.text, Utterance.start_ms, Utterance.end_ms)
        .where(Utterance.interview_id == interview_id)
        .order_by(Utterance.sequence)
        .limit(LONGEST_TRANSCRIPT)
    )
    names = {"interviewer": "Interviewer", "candidate": "You"}
    cues = [Cue(row.start_ms, row.end_ms, row.text, names.get(row.speaker, "")) for row in await session.execute(query)]
    return captions_vtt(cues, part_timeline(recording, part))


async def chapters(session: AsyncSession, access: Access, interview_id: str, number: int = 0) -> str:
    """One per question that was asked, from the moment its asking began."""
    recording, part = await part_of(session, access, interview_id, number)
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
