"""The questions there are to choose from, on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from app.schemas.interview import QuestionForm

BankLevel = Literal["junior", "mid", "senior"]


class BankShelf(BaseModel):
    """One occupation or skill that has questions."""

    key: str
    name: str


class BankShelves(BaseModel):
    roles: list[BankShelf]
    skills: list[BankShelf]


class BankQuestion(BaseModel):
    text: str
    form: QuestionForm
    level: BankLevel | None
    """None: it is asked at every level."""
    about: str


class BankQuestions(BaseModel):
    name: str
    questions: list[BankQuestion]
