"""The vendor's own transcript of a call, asked for after the end and merged into what the page relayed.

It may come at once, minutes later or never. Nothing waits for it: results are made from what was relayed, and made
anew where the transcript changes an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.assessment.lifecycle import advance, advancing
from app.capabilities import Capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.conversation.call.merge import AddedUtterance, Merge, StoredUtterance, merge_transcript
from app.db import hold
from app.domain.status import FINISHED, AvatarSessionStatus, InterviewStatus, ResponseStatus
from app.errors import ProviderError
from app.models import AvatarSession, Feedback, Interview, Response, Utterance, now
from app.services.avatar.base import AvatarReport, VendorUtterance

log = logging.getLogger(__name__)

LOOKS_S = (0.5, 0.5, 1, 1, 3, 5, 10, 20, 30, 45, 60, 60, 60, 60, 60)
"""Waits between looks: some seven minutes in all. A transcript that has not come by then does not come."""


async def waiting(capabilities: Capabilities, limit: int) -> Sequence[str]:
    """Interviews whose call should be looked at now, or whose feedback is older than its answers."""
    moment = now()
    due = (AvatarSession.look_at <= moment) & or_(
        AvatarSession.status == AvatarSessionStatus.ACTIVE, Interview.status.in_(FINISHED)
    )
    stale = (Interview.status == InterviewStatus.COMPLETED) & (Feedback.created_at < AvatarSession.changed_at)
    query = (
        select(AvatarSession.interview_id)
        .join(Interview, Interview.id == AvatarSession.interview_id)
        .outerjoin(Feedback, Feedback.interview_id == Interview.id)
        .where(AvatarSession.provider == capabilities.avatar.name, or_(due, stale))
        .distinct()
        .limit(limit)
    )
    async with capabilities.db.read() as session:
        return (await session.scalars(query)).all()


async def look(capabilities: Capabilities, interview_id: str) -> bool:
    """Asks the vendor about each call of this interview that is due. True when one is to be asked about again.

    A vendor that cannot be reached is asked again later: raises nothing.
    """
    async with capabilities.db.read() as session:
        interview = await session.get(Interview, interview_id)
        rows = await session.scalars(
            select(AvatarSession).where(
                AvatarSession.interview_id == interview_id,
                AvatarSession.provider == capabilities.avatar.name,
                AvatarSession.vendor_id != "",
                AvatarSession.status.in_((AvatarSessionStatus.ACTIVE, AvatarSessionStatus.ENDED)),
                AvatarSession.look_at.is_not(None),
                AvatarSession.transcript_at.is_(None),
            )
        )
        calls = list(rows)
    is_over = interview is not None and interview.status in FINISHED
    still_waiting = False
    for row in calls:
        if row.look_at is None or row.look_at > now():
            still_waiting = True
            continue
        try:
            report = await capabilities.avatar.report(row.vendor_id)
        except ProviderError as error:
            log.warning("a call's transcript could not be asked for: %s", error.category)
            report = AvatarReport(ended=False)
        if report.ended:
            await avatar_sessions.mark_ended(capabilities.db, row.id, report.ended_reason)
        if row.status == AvatarSessionStatus.ACTIVE and not report.ended:
            await _next_look(capabilities, row, None)
        elif is_over and report.lines is not None:
            await _merge(capabilities, row, report.lines)
        elif is_over:
            still_waiting |= await _later(capabilities, row)
    return still_waiting


async def look_soon(session: AsyncSession, session_id: str) -> None:
    """The vendor sent word of this call: what it says is read from the vendor itself, soon."""
    await session.execute(
        update(AvatarSession)
        .where(
            AvatarSession.id == session_id,
            AvatarSession.status.in_((AvatarSessionStatus.ACTIVE, AvatarSessionStatus.ENDED)),
            AvatarSession.transcript_at.is_(None),
        )
        .values(look_at=now())
    )


async def give_up(capabilities: Capabilities, interview_id: str) -> None:
    """What was relayed stands; its answers are not asked about any more."""
    async with capabilities.db.write() as session:
        await session.execute(
            update(AvatarSession)
            .where(AvatarSession.interview_id == interview_id)
            .values(look_at=None, changed_at=None)
        )


async def _later(capabilities: Capabilities, row: AvatarSession) -> bool:
    if row.looks >= len(LOOKS_S):
        log.info("a call ended without a transcript of its own")
        await _next_look(capabilities, row, None)
        return False
    await _next_look(capabilities, row, now() + timedelta(seconds=LOOKS_S[row.looks]))
    return True


async def _next_look(capabilities: Capabilities, row: AvatarSession, at: datetime | None) -> None:
    async with capabilities.db.write() as session:
        await session.execute(
            update(AvatarSession).where(AvatarSession.id == row.id).values(look_at=at, looks=row.looks + 1)
        )


async def _merge(capabilities: Capabilities, row: AvatarSession, lines: tuple[VendorUtterance, ...]) -> None:
    """Everything of one transcript, or nothing; twice is once."""
    async with capabilities.db.write() as session:
        if not await hold(session, Interview.id, row.interview_id):
            return
        query = select(AvatarSession).where(AvatarSession.id == row.id, AvatarSession.transcript_at.is_(None))
        call = await session.scalar(query)
        if call is None:
            return
        call.transcript_at, call.look_at = now(), None
        stored = list(
            await session.scalars(
                select(Utterance).where(Utterance.interview_id == row.interview_id).order_by(Utterance.sequence)
            )
        )
        merge = merge_transcript(
            [_stored_line(one) for one in stored],
            lines,
            interview_id=row.interview_id,
            clock_start_ms=row.clock_start_ms,
        )
        await _apply(session, row.interview_id, merge, [one.id for one in stored])
        if merge.changed_responses:
            call.changed_at = now()


async def _apply(session: AsyncSession, interview_id: str, merge: Merge, order: list[str]) -> None:
    for one in merge.replacements:
        await session.execute(update(Utterance).where(Utterance.id == one.id).values(text=one.text))
    if merge.additions:
        for addition in merge.additions:
            await _add(session, interview_id, addition, -1_000_000 - len(order))
            place = order.index(addition.after_id) + 1 if addition.after_id else 0
            while place < len(order) and any(order[place] == earlier.id for earlier in merge.additions):
                place += 1
            order.insert(place, addition.id)
        await _renumber(session, interview_id, order)
    for response_id in merge.changed_responses:
        await session.execute(advancing(ResponseStatus.ENDED).where(Response.id == response_id))


async def _add(session: AsyncSession, interview_id: str, line: AddedUtterance, sequence: int) -> None:
    if line.response_id is not None:
        await _extend_response(session, interview_id, line)
    await session.execute(
        insert(Utterance).values(
            id=line.id,
            interview_id=interview_id,
            sequence=sequence,
            speaker=line.speaker,
            kind=line.kind,
            text=line.text,
            start_ms=line.start_ms,
            end_ms=line.end_ms,
            source="voice",
            question_id=line.question_id,
            follow_up_id=line.follow_up_id,
            response_id=line.response_id,
        )
    )


async def _extend_response(session: AsyncSession, interview_id: str, line: AddedUtterance) -> None:
    response = await session.get(Response, line.response_id)
    if response is not None:
        response.end_ms = max(response.end_ms, line.end_ms)
        return
    # Nothing of this answer was relayed. How it sounded was not heard by us, so its delivery stays unmeasured.
    response = Response(
        id=line.response_id,
        interview_id=interview_id,
        question_id=line.question_id,
        follow_up_id=line.follow_up_id,
        ended_by="silence",
        asked_at_ms=line.start_ms,
        start_ms=line.start_ms,
        end_ms=line.end_ms,
    )
    session.add(response)
    await session.flush()
    advance(response, ResponseStatus.ENDED)
    await session.flush()


async def _renumber(session: AsyncSession, interview_id: str, order: Sequence[str]) -> None:
    """In two steps, since no two lines may ever have the same number."""
    mine = Utterance.interview_id == interview_id
    await session.execute(update(Utterance).where(mine, Utterance.sequence > 0).values(sequence=-Utterance.sequence))
    for sequence, id in enumerate(order, 1):
        await session.execute(update(Utterance).where(mine, Utterance.id == id).values(sequence=sequence))


def _stored_line(row: Utterance) -> StoredUtterance:
    return StoredUtterance(
        id=row.id,
        speaker=row.speaker,
        kind=row.kind,
        text=row.text,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        typed=row.source == "typed",
        question_id=row.question_id,
        follow_up_id=row.follow_up_id,
        response_id=row.response_id,
    )
