"""Prepares an interview: the questions for this person, stored together with the word that it may begin."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.capabilities import Capabilities
from app.domain.status import InterviewStatus
from app.interviews import service as interviews
from app.interviews.lifecycle import advancing
from app.models import Interview
from app.preparation.questions.checks import check_plan
from app.services.language_model.meter import attributed
from app.workflows.workflow import Workflow, WorkflowStep


async def plan_questions(capabilities: Capabilities, interview_id: str) -> None:
    async with capabilities.db.read() as session:
        interview = await session.get(Interview, interview_id)
        if interview is None or interview.status != InterviewStatus.PREPARING:
            return
        brief = await interviews.brief_of(session, interview)
    with attributed(user_id=interview.user_id, interview_id=interview_id):
        plan = await capabilities.language_model.plan_questions(brief, count=interview.length)
    check_plan(capabilities.language_model.name, brief, plan, count=interview.length)
    async with capabilities.db.write() as session:
        await interviews.store_plan(session, interview_id, plan, asked=capabilities.language_model.name)


async def waiting(capabilities: Capabilities, limit: int) -> Sequence[str]:
    async with capabilities.db.read() as session:
        query = (
            select(Interview.id)
            .where(Interview.status == InterviewStatus.PREPARING)
            .order_by(Interview.created_at)
            .limit(limit)
        )
        return (await session.scalars(query)).all()


async def give_up(capabilities: Capabilities, interview_id: str, code: str) -> None:
    async with capabilities.db.write() as session:
        await session.execute(
            advancing(InterviewStatus.FAILED, InterviewStatus.PREPARING)
            .where(Interview.id == interview_id)
            .values(failure=code)
        )


PREPARE = Workflow("prepare", (WorkflowStep("plan_questions", plan_questions, 60.0),), waiting, give_up)
