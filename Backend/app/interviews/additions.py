"""Questions added to an interview before it begins: for a requirement nothing asks about, or of a person's own."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.domain.limits import MAX_QUESTIONS
from app.domain.question import PlannedQuestion
from app.errors import Conflict, InvalidInput
from app.interviews.service import brief_of, must_be_open, planned_of, question_row, questions_of
from app.models import Interview
from app.preparation.questions.additions import own_question, question_about
from app.preparation.questions.requirements import needs_of


async def add_requirement(session: AsyncSession, access: Access, interview_id: str, requirement: str) -> Interview:
    """Raises InvalidInput for what the advert does not ask for, Conflict when the interview is full or has begun."""
    interview = await access.hold(session, interview_id)
    must_be_open(interview)
    if requirement not in needs_of(interview.job_description):
        raise InvalidInput(
            "not_required", "The advert does not ask for that. Load the page again.", field="requirement"
        )
    asked = tuple(planned_of(question) for question in await questions_of(session, interview_id))
    return await _add(session, interview, question_about(await brief_of(session, interview), requirement, asked))


async def add_own(session: AsyncSession, access: Access, interview_id: str, text: str) -> Interview:
    """Raises InvalidInput for what cannot be said aloud, Conflict when the interview is full or has begun."""
    interview = await access.hold(session, interview_id)
    must_be_open(interview)
    question = own_question(text)
    if question is None:
        raise InvalidInput("not_sayable", "That could not be said aloud. Plain words make a question.", field="text")
    return await _add(session, interview, question)


async def _add(session: AsyncSession, interview: Interview, planned: PlannedQuestion) -> Interview:
    questions = await questions_of(session, interview.id)
    if len(questions) >= MAX_QUESTIONS:
        raise Conflict("enough_questions", "Twelve questions are the most. Drop one first.")
    if any(question.text.lower() == planned.text.lower() for question in questions):
        raise Conflict("already_asked", "That question is in this interview already.")
    session.add(question_row(interview.id, len(questions), planned))
    return interview
