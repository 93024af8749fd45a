"""What somebody was asked in earlier interviews, so that no question comes back in the same words."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.domain.question import AskedBefore
from app.domain.score import RELEVANCE, Scores
from app.models import Interview, Question, Response

INTERVIEWS = 10
MAX_QUESTIONS = 120
WEAK = 50
"""Relevance below which an answer was weak: its topic is worth another try, in other words."""


async def asked_before(session: AsyncSession, interview: Interview) -> tuple[AskedBefore, ...]:
    """The questions of this person's latest ten other interviews, dropped ones too, newest interview first."""
    latest = (
        select(Interview.id)
        .where(Access(interview.user_id).interviews("list"), Interview.id != interview.id)
        .order_by(Interview.created_at.desc())
        .limit(INTERVIEWS)
    )
    ids = (await session.scalars(latest)).all()
    if not ids:
        return ()
    rows = await session.execute(
        select(Question.text, Question.topic, Question.dropped, Response.scores)
        .outerjoin(Response, (Response.question_id == Question.id) & Response.follow_up_id.is_(None))
        .where(Question.interview_id.in_(ids))
        .order_by(Question.interview_id, Question.position)
        .limit(MAX_QUESTIONS)
    )
    return tuple(AskedBefore(text, topic, not dropped and _is_weak(scores)) for text, topic, dropped, scores in rows)


def _is_weak(scores: Scores | None) -> bool:
    relevance = scores.get(RELEVANCE) if scores else None
    return relevance is not None and relevance.value is not None and relevance.value < WEAK
