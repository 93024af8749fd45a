"""The question bank, to browse by role and by skill."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from app.errors import NotFound
from app.preparation.questions import bank
from app.routers.body_limits import SignedInRoute
from app.routers.dependencies import CurrentAccess
from app.schemas.question_bank import BankQuestion, BankQuestions, BankShelf, BankShelves

router = APIRouter(prefix="/api/question-bank", tags=["questions"], route_class=SignedInRoute)
Key = Annotated[str, Path(max_length=64)]


@router.get("")
def shelves(_access: CurrentAccess) -> BankShelves:
    return BankShelves(
        roles=[BankShelf(key=one.key, name=one.name) for one in bank.role_shelves()],
        skills=[BankShelf(key=one.key, name=one.name) for one in bank.skill_shelves()],
    )


@router.get("/roles/{key}")
def role_questions(key: Key, _access: CurrentAccess) -> BankQuestions:
    try:
        return _shown(*bank.questions_for_role(key))
    except KeyError:
        raise NotFound("shelf_not_found", "There are no questions under this name.") from None


@router.get("/skills/{key}")
def skill_questions(key: Key, _access: CurrentAccess) -> BankQuestions:
    try:
        return _shown(*bank.questions_for_skill(key))
    except KeyError:
        raise NotFound("shelf_not_found", "There are no questions under this name.") from None


def _shown(name: str, questions: tuple[bank.BankedQuestion, ...]) -> BankQuestions:
    return BankQuestions(
        name=name,
        questions=[BankQuestion(text=one.text, form=one.form, level=one.level, about=one.about) for one in questions],
    )
