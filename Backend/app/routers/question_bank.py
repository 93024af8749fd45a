"""The question bank, to browse by role and by skill."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.accounts import saved_questions
from app.errors import NotFound
from app.preparation.questions import bank
from app.routers.body_limits import SignedInRoute
from app.routers.dependencies import CapabilitiesDep, CurrentAccess
from app.schemas.interview import NewSavedQuestion, SavedQuestionModel, SavedQuestions
from app.schemas.question_bank import BankQuestion, BankQuestions, BankShelf, BankShelves

router = APIRouter(prefix="/api/question-bank", tags=["questions"], route_class=SignedInRoute)
Key = Annotated[str, Path(max_length=64)]


@router.get("")
def shelves(_access: CurrentAccess) -> BankShelves:
    return BankShelves(
        roles=[BankShelf(key=one.key, name=one.name) for one in bank.role_shelves()],
        skills=[BankShelf(key=one.key, name=one.name) for one in bank.skill_shelves()],
    )


@router.get("/roles/{shelf}")
def role_questions(shelf: Key, _access: CurrentAccess) -> BankQuestions:
    try:
        return _shown(*bank.questions_for_role(shelf))
    except KeyError:
        raise NotFound("shelf_not_found", "There are no questions under this name.") from None


@router.get("/skills/{shelf}")
def skill_questions(shelf: Key, _access: CurrentAccess) -> BankQuestions:
    try:
        return _shown(*bank.questions_for_skill(shelf))
    except KeyError:
        raise NotFound("shelf_not_found", "There are no questions under this name.") from None


saved_router = APIRouter(prefix="/api/saved-questions", tags=["questions"], route_class=SignedInRoute)


@saved_router.get("")
async def my_saved_questions(capabilities: CapabilitiesDep, access: CurrentAccess) -> SavedQuestions:
    async with capabilities.db.read() as session:
        return await _saved(session, access)


@saved_router.post("", status_code=201)
async def save_question(new: NewSavedQuestion, capabilities: CapabilitiesDep, access: CurrentAccess) -> SavedQuestions:
    async with capabilities.db.write() as session:
        await saved_questions.save(session, access, new.text)
        await session.flush()
        return await _saved(session, access)


@saved_router.delete("/{question_id}")
async def remove_saved_question(
    question_id: Key, capabilities: CapabilitiesDep, access: CurrentAccess
) -> SavedQuestions:
    async with capabilities.db.write() as session:
        await saved_questions.remove(session, access, question_id)
        await session.flush()
        return await _saved(session, access)


async def _saved(session: AsyncSession, access: Access) -> SavedQuestions:
    found = await saved_questions.saved_of(session, access)
    return SavedQuestions(questions=[SavedQuestionModel(id=one.id, text=one.text) for one in found])


def _shown(name: str, questions: tuple[bank.BankedQuestion, ...]) -> BankQuestions:
    return BankQuestions(
        name=name,
        questions=[BankQuestion(text=one.text, form=one.form, level=one.level, about=one.about) for one in questions],
    )
