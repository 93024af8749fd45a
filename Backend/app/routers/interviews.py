"""Interviews over HTTP: made, listed, rearranged, finished, removed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.capabilities import Capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.domain.status import InterviewStatus
from app.errors import Conflict, InvalidInput, NotFound, Unavailable
from app.interviews import additions
from app.interviews import service as interviews
from app.interviews.service import Counts
from app.models import Interview, Question
from app.preparation.questions.checks import check_plan
from app.preparation.questions.coverage import coverage
from app.recordings import deletion
from app.results.presentation import score_numbers
from app.routers.body_limits import SignedInRoute
from app.routers.dependencies import CapabilitiesDep, CurrentAccess, limit
from app.routers.live import live_interviews_of
from app.schemas.interview import (
    Consent,
    InterviewDetail,
    InterviewPage,
    InterviewSummary,
    NewInterview,
    NewQuestion,
    QuestionModel,
    QuestionOrder,
    RequirementModel,
)
from app.services.language_model.meter import attributed

router = APIRouter(prefix="/api", tags=["interviews"], route_class=SignedInRoute)


@router.post("/interviews", status_code=201, dependencies=[Depends(limit("interview"))])
async def new_interview(asked: NewInterview, capabilities: CapabilitiesDep, access: CurrentAccess) -> InterviewSummary:
    """Comes back at once as `preparing`; the questions follow within about a second."""
    async with capabilities.db.write() as session:
        if asked.profile_id is not None:
            await access.profile(session, asked.profile_id)
        interview = Interview(
            user_id=access.user_id,
            role=asked.role,
            seniority=asked.seniority,
            skills=tuple(asked.skills),
            job_description=asked.job_description,
            profile_id=asked.profile_id,
            kind=asked.kind,
            length=asked.length,
        )
        session.add(interview)
    await capabilities.jobs.prepare(interview.id)
    return _summary(interview, Counts(0, 0))


@router.get("/interviews")
async def my_interviews(
    capabilities: CapabilitiesDep,
    access: CurrentAccess,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> InterviewPage:
    async with capabilities.db.read() as session:
        found, total = await interviews.page_of(session, access, offset=offset, limit=limit)
        counts = await interviews.counts_of(session, [interview.id for interview in found])
    following = offset + len(found)
    return InterviewPage(
        interviews=[_summary(interview, counts[interview.id]) for interview in found],
        total=total,
        next_offset=following if found and following < total else None,
    )


@router.get("/interviews/{interview_id}")
async def one_interview(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> InterviewDetail:
    async with capabilities.db.read() as session:
        return await _detail(session, await access.interview(session, interview_id))


@router.delete("/interviews/{interview_id}", status_code=204)
async def delete_interview(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> None:
    # Files first: a crash in between leaves an interview that can be deleted again, not a video nobody can find.
    async with capabilities.db.read() as session:
        await access.interview(session, interview_id, "change")
    await avatar_sessions.forget(capabilities, access, interview_id)
    await deletion.with_room(capabilities, [interview_id], partial(_delete, capabilities, access, interview_id))


async def _delete(capabilities: Capabilities, access: Access, interview_id: str) -> None:
    await deletion.delete_recordings(capabilities, access, interview_id)
    async with capabilities.db.write() as session:
        await interviews.remove(session, access, interview_id)


@router.post("/interviews/{interview_id}/retry")
async def retry(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> InterviewSummary:
    async with capabilities.db.write() as session:
        interview = await interviews.begin_retry(session, access, interview_id)
        summary = await _counted(session, interview)
    if interview.status == InterviewStatus.PREPARING:
        await capabilities.jobs.prepare(interview_id)
    elif interview.status == InterviewStatus.PROCESSING:
        await capabilities.jobs.finish(interview_id)
    else:
        await capabilities.jobs.assemble(interview_id)
    return summary


@router.put("/interviews/{interview_id}/questions/order")
async def order_questions(
    interview_id: str, order: QuestionOrder, capabilities: CapabilitiesDep, access: CurrentAccess
) -> InterviewDetail:
    async with capabilities.db.write() as session:
        return await _detail(session, await interviews.reorder(session, access, interview_id, order.question_ids))


@router.delete("/interviews/{interview_id}/questions/{question_id}")
async def drop_question(
    interview_id: str, question_id: str, capabilities: CapabilitiesDep, access: CurrentAccess
) -> InterviewDetail:
    async with capabilities.db.write() as session:
        return await _detail(session, await interviews.drop(session, access, interview_id, question_id))


@router.post("/interviews/{interview_id}/questions/{question_id}/another", dependencies=[Depends(limit("question"))])
async def another_question(
    interview_id: str, question_id: str, capabilities: CapabilitiesDep, access: CurrentAccess
) -> InterviewDetail:
    async with capabilities.db.read() as session:
        brief, seen = await interviews.before_another(session, access, interview_id, question_id)
    with attributed(user_id=access.user_id, interview_id=interview_id):
        planned = await capabilities.language_model.plan_questions(brief, count=1, avoid=seen)
    if not planned:
        raise Unavailable("no_other_question", "There is no other question to offer here. Keep this one, or drop it.")
    check_plan(capabilities.language_model.name, brief, planned, count=1, avoid=seen)
    async with capabilities.db.write() as session:
        return await _detail(session, await interviews.replace(session, access, interview_id, question_id, planned[0]))


@router.post("/interviews/{interview_id}/questions", dependencies=[Depends(limit("question"))])
async def add_question(
    interview_id: str, new: NewQuestion, capabilities: CapabilitiesDep, access: CurrentAccess
) -> InterviewDetail:
    if bool(new.requirement) == bool(new.text):
        raise InvalidInput("one_question", "Give a requirement of the advert, or a question of your own.", field="text")
    async with capabilities.db.write() as session:
        if new.text:
            interview = await additions.add_own(session, access, interview_id, new.text)
        else:
            interview = await additions.add_requirement(session, access, interview_id, new.requirement)
        return await _detail(session, interview)


@router.post("/interviews/{interview_id}/consent")
async def give_consent(
    interview_id: str, given: Consent, capabilities: CapabilitiesDep, access: CurrentAccess
) -> InterviewDetail:
    async with capabilities.db.write() as session:
        return await _detail(
            session, await interviews.consent(session, access, interview_id, recording=given.recording)
        )


@router.post("/interviews/{interview_id}/finish", status_code=202)
async def finish(
    interview_id: str, request: Request, capabilities: CapabilitiesDep, access: CurrentAccess
) -> InterviewSummary:
    """Ends an interview that was cut short, or that another tab still holds; what was answered is scored."""
    async with capabilities.db.read() as session:
        status = (await access.interview(session, interview_id, "change")).status
    if status in (InterviewStatus.IN_PROGRESS, InterviewStatus.ABANDONED):
        # The conversation closes the answer it was in. Where it has nothing to close, the status alone is set below.
        with contextlib.suppress(Conflict, NotFound):
            await live_interviews_of(request).end(interview_id)
    async with capabilities.db.write() as session:
        interview = await interviews.begin_finishing(session, access, interview_id)
        summary = await _counted(session, interview)
    if interview.status == InterviewStatus.PROCESSING:
        await capabilities.jobs.finish(interview_id)
    return summary


async def _counted(session: AsyncSession, interview: Interview) -> InterviewSummary:
    await session.flush()
    return _summary(interview, (await interviews.counts_of(session, [interview.id]))[interview.id])


async def _detail(session: AsyncSession, interview: Interview) -> InterviewDetail:
    await session.flush()
    counts = (await interviews.counts_of(session, [interview.id]))[interview.id]
    questions: Sequence[Question] = await interviews.questions_of(session, interview.id)
    return InterviewDetail(
        **dict(_summary(interview, counts)),
        skills=list(interview.skills),
        job_description=interview.job_description,
        profile_id=interview.profile_id,
        consented_at=interview.consented_at,
        recording_url=interview.recording_url,
        transcript_url=interview.transcript_url,
        questions=[QuestionModel.model_validate(question, from_attributes=True) for question in questions],
        requirements=_requirements(interview, questions),
    )


def _requirements(interview: Interview, questions: Sequence[Question]) -> list[RequirementModel]:
    planned = [interviews.planned_of(question) for question in questions]
    return [
        RequirementModel(text=one.text, question_ids=[questions[place].id for place in one.covered_by])
        for one in coverage(interview.job_description, planned)
    ]


def _summary(interview: Interview, counts: Counts) -> InterviewSummary:
    return InterviewSummary(
        id=interview.id,
        role=interview.role,
        seniority=interview.seniority,
        kind=interview.kind,
        length=interview.length,
        status=interview.status,
        failure=interview.failure,
        overall_score=interview.overall_score,
        scores=score_numbers(interview.scores),
        answered=counts.answered,
        planned=counts.planned,
        created_at=interview.created_at,
        started_at=interview.started_at,
        ended_at=interview.ended_at,
    )
