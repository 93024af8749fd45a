"""Questions that somebody wrote or starred, kept for their next interviews."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.domain.limits import MAX_SAVED_QUESTIONS
from app.errors import Conflict, InvalidInput, NotFound
from app.models import SavedQuestion
from app.preparation.questions.additions import own_question


async def saved_of(session: AsyncSession, access: Access) -> Sequence[SavedQuestion]:
    """Newest first, at most a hundred."""
    query = (
        select(SavedQuestion)
        .where(SavedQuestion.user_id == access.user_id)
        .order_by(SavedQuestion.created_at.desc(), SavedQuestion.id)
        .limit(MAX_SAVED_QUESTIONS)
    )
    return (await session.scalars(query)).all()


async def save(session: AsyncSession, access: Access, text: str) -> None:
    """Saved already: no harm. Raises InvalidInput for what cannot be said aloud, Conflict over a hundred."""
    text = " ".join(text.split())
    if own_question(text) is None:
        raise InvalidInput("not_sayable", "That could not be said aloud. Plain words make a question.", field="text")
    mine = SavedQuestion.user_id == access.user_id
    if await session.scalar(select(SavedQuestion.id).where(mine, SavedQuestion.text == text).limit(1)):
        return
    if (await session.scalar(select(func.count()).select_from(SavedQuestion).where(mine)) or 0) >= MAX_SAVED_QUESTIONS:
        raise Conflict("enough_saved", "A hundred questions are saved. Remove one first.")
    session.add(SavedQuestion(user_id=access.user_id, text=text))


async def remove(session: AsyncSession, access: Access, question_id: str) -> None:
    """Raises NotFound."""
    gone = await session.scalar(
        delete(SavedQuestion)
        .where(SavedQuestion.id == question_id, SavedQuestion.user_id == access.user_id)
        .returning(SavedQuestion.id)
    )
    if gone is None:
        raise NotFound("question_not_found", "This question is not among your saved ones any more.")
