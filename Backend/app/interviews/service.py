"""Interviews before and after they are held: listed, rearranged, ended, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.db import Database, hold
from app.domain.author import Author
from app.domain.question import Brief, PlannedQuestion
from app.domain.status import FINISHED, InterviewStatus, RecordingStatus
from app.errors import Conflict, InvalidInput, NotFound
from app.interviews.lifecycle import advance
from app.interviews.memory import asked_before
from app.models import Interview, Profile, Question, Recording, Response, now
from app.preparation.profiles import draft_of
from app.preparation.questions.roles import role_group
from app.recordings import lifecycle as recording_lifecycle

MAX_TOPIC = 120


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions of one interview: how many stand, and how many were answered (a skipped one was not)."""

    planned: int
    answered: int


async def page_of(session: AsyncSession, access: Access, *, offset: int, limit: int) -> tuple[Sequence[Interview], int]:
    """One page, newest first, and how many there are in all."""
    mine = access.interviews("list")
    total = await session.scalar(select(func.count()).select_from(Interview).where(mine)) or 0
    newest_first = select(Interview).where(mine).order_by(Interview.created_at.desc(), Interview.id)
    query = newest_first.offset(offset).limit(limit)
    return (await session.scalars(query)).all(), total


async def ids_of(db: Database, access: Access) -> Sequence[str]:
    async with db.read() as session:
        return (await session.scalars(select(Interview.id).where(access.interviews("list")))).all()


async def counts_of(session: AsyncSession, interview_ids: Sequence[str]) -> dict[str, Counts]:
    planned_query = (
        select(Question.interview_id, func.count())
        .where(Question.interview_id.in_(interview_ids), Question.dropped.is_(False))
        .group_by(Question.interview_id)
    )
    answered_query = (
        select(Response.interview_id, func.count(Response.question_id.distinct()))
        .where(
            Response.interview_id.in_(interview_ids),
            Response.follow_up_id.is_(None),
            Response.skipped.is_(False),
        )
        .group_by(Response.interview_id)
    )
    planned = {row[0]: row[1] for row in await session.execute(planned_query)}
    answered = {row[0]: row[1] for row in await session.execute(answered_query)}
    return {each: Counts(planned.get(each, 0), answered.get(each, 0)) for each in interview_ids}


async def questions_of(session: AsyncSession, interview_id: str) -> list[Question]:
    """The questions that stand, in order."""
    query = (
        select(Question)
        .where(Question.interview_id == interview_id, Question.dropped.is_(False))
        .order_by(Question.position)
    )
    return list((await session.scalars(query)).all())


async def brief_of(session: AsyncSession, interview: Interview) -> Brief:
    profile = await session.get(Profile, interview.profile_id) if interview.profile_id else None
    return Brief(
        role=interview.role,
        seniority=interview.seniority,
        skills=interview.skills,
        job_description=interview.job_description,
        profile=draft_of(profile),
        seed=int(interview.id.replace("-", "")[:8], 16),
        kind=interview.kind,
        competencies=tuple(one.name for one in role_group(interview.role).competencies),
        asked_before=await asked_before(session, interview),
    )


def planned_of(question: Question) -> PlannedQuestion:
    return PlannedQuestion(
        kind=question.kind,
        text=question.text,
        why=question.why,
        grounding=question.grounding,
        key_points=question.key_points,
        form=question.form,
        topic=question.topic,
    )


def question_row(interview_id: str, position: int, planned: PlannedQuestion) -> Question:
    return Question(
        interview_id=interview_id,
        position=position,
        kind=planned.kind,
        form=planned.form,
        topic=planned.topic[:MAX_TOPIC],
        text=planned.text,
        why=planned.why,
        grounding=planned.grounding,
        key_points=planned.key_points,
    )


async def store_plan(session: AsyncSession, interview_id: str, plan: Sequence[PlannedQuestion], *, asked: str) -> bool:
    """Writes the questions and opens the interview, together. False when it is not (or no longer) being prepared.

    `asked`: the language model that was asked for them.
    """
    if not await hold(session, Interview.id, interview_id):
        return False
    interview = await session.get(Interview, interview_id)
    if interview is None or interview.status != InterviewStatus.PREPARING:
        return False
    await session.execute(delete(Question).where(Question.interview_id == interview_id))
    session.add_all(question_row(interview_id, position, planned) for position, planned in enumerate(plan))
    advance(interview, InterviewStatus.SCHEDULED)
    interview.failure = ""
    interview.planned_by = next((one.author for one in plan if one.author), Author(asked))
    return True


def must_be_open(interview: Interview) -> None:
    if interview.status != InterviewStatus.SCHEDULED:
        raise Conflict("already_begun", "Questions can only be changed before the interview has begun.")


async def reorder(session: AsyncSession, access: Access, interview_id: str, ids: Sequence[str]) -> Interview:
    """Raises InvalidInput unless `ids` names each standing question once."""
    interview = await access.hold(session, interview_id)
    must_be_open(interview)
    questions = {question.id: question for question in await questions_of(session, interview_id)}
    if len(ids) != len(questions) or set(ids) != set(questions):
        raise InvalidInput(
            "questions_changed", "The list of questions has changed. Load it again, then reorder.", field="question_ids"
        )
    for position, each in enumerate(ids):
        questions[each].position = position
    return interview


async def drop(session: AsyncSession, access: Access, interview_id: str, question_id: str) -> Interview:
    """Raises Conflict for the last question: an interview needs one."""
    interview = await access.hold(session, interview_id)
    must_be_open(interview)
    questions = await questions_of(session, interview_id)
    dropped = _among(questions, question_id)
    if len(questions) == 1:
        raise Conflict("last_question", "One question must stay. Ask for another one instead.")
    dropped.dropped = True
    for position, question in enumerate(each for each in questions if each is not dropped):
        question.position = position
    return interview


async def before_another(
    session: AsyncSession, access: Access, interview_id: str, question_id: str
) -> tuple[Brief, tuple[PlannedQuestion, ...]]:
    """The brief, and every question already seen (dropped ones, too), the one to be replaced first."""
    interview = await access.interview(session, interview_id)
    must_be_open(interview)
    replaced = _among(await questions_of(session, interview_id), question_id)
    seen = (await session.scalars(select(Question).where(Question.interview_id == interview_id))).all()
    ordered = [replaced, *(question for question in seen if question.id != replaced.id)]
    return await brief_of(session, interview), tuple(planned_of(question) for question in ordered)


async def replace(
    session: AsyncSession, access: Access, interview_id: str, question_id: str, planned: PlannedQuestion
) -> Interview:
    interview = await access.hold(session, interview_id)
    must_be_open(interview)
    replaced = _among(await questions_of(session, interview_id), question_id)
    replaced.dropped = True
    session.add(question_row(interview_id, replaced.position, planned))
    return interview


def _among(questions: Sequence[Question], question_id: str) -> Question:
    for question in questions:
        if question.id == question_id:
            return question
    raise NotFound("question_not_found", "There is no such question in this interview.")


async def consent(session: AsyncSession, access: Access, interview_id: str, *, recording: bool) -> Interview:
    interview = await access.hold(session, interview_id)
    if interview.status not in (InterviewStatus.SCHEDULED, InterviewStatus.IN_PROGRESS):
        raise Conflict("interview_over", "This interview is over; nothing more will be recorded.")
    interview.consented_at = (interview.consented_at or now()) if recording else None
    return interview


async def begin_finishing(session: AsyncSession, access: Access, interview_id: str) -> Interview:
    """Ends what was cut short. Asking again is harmless. Raises Conflict before the interview has begun."""
    interview = await access.hold(session, interview_id)
    if interview.status in FINISHED:
        return interview
    if interview.status not in (InterviewStatus.IN_PROGRESS, InterviewStatus.ABANDONED):
        raise Conflict("not_begun", "This interview has not begun, so there is nothing to finish.")
    advance(interview, InterviewStatus.PROCESSING)
    interview.ended_at = interview.ended_at or now()
    return interview


async def begin_retry(session: AsyncSession, access: Access, interview_id: str) -> Interview:
    """Sets a failed interview going again: from preparing, or from processing when it had been held.

    A recording that failed goes back to assembling, whatever has become of its interview.
    """
    interview = await access.hold(session, interview_id)
    recording = await session.scalar(select(Recording).where(Recording.interview_id == interview_id))
    video_failed = recording is not None and recording.status == RecordingStatus.FAILED
    if recording is not None and video_failed:
        recording_lifecycle.advance(recording, RecordingStatus.ASSEMBLING)
        recording.failure, recording.retry_at = "", None
    if interview.status == InterviewStatus.FAILED:
        advance(interview, InterviewStatus.PROCESSING if interview.started_at else InterviewStatus.PREPARING)
        interview.failure = ""
    elif not video_failed and interview.status not in (
        InterviewStatus.PREPARING,
        InterviewStatus.PROCESSING,
    ):
        raise Conflict("not_failed", "Nothing has failed here, so there is nothing to try again.")
    return interview


async def remove(session: AsyncSession, access: Access, interview_id: str) -> None:
    """Done already: no harm."""
    await session.execute(delete(Interview).where(Interview.id == interview_id, access.interviews("change")))


async def completed_since(session: AsyncSession, access: Access, *, limit: int) -> list[Interview]:
    """The latest completed interviews, oldest first."""
    query = (
        select(Interview)
        .where(access.interviews("list"), Interview.status == InterviewStatus.COMPLETED)
        .order_by(Interview.completed_at.desc())
        .limit(limit)
    )
    return list(reversed((await session.scalars(query)).all()))
