"""Profiles on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.domain import limits
from app.schemas.account import Strict

Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=limits.MAX_TITLE)]
Organisation = Annotated[str, StringConstraints(strip_whitespace=True, max_length=limits.MAX_ORGANISATION)]
Date = Annotated[str, Field(max_length=limits.MAX_DATE)]
Skill = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.MAX_SKILL)]
ClaimNumber = Annotated[str, Field(max_length=limits.MAX_CLAIM_NUMBER)]


class ClaimModel(Strict):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.MAX_CLAIM)]
    organisation: Organisation = ""
    title: Title = ""
    period: Annotated[str, Field(max_length=limits.MAX_PERIOD)] = ""
    numbers: Annotated[list[ClaimNumber], Field(max_length=limits.MAX_CLAIM_NUMBERS)] = []
    skills: Annotated[list[Skill], Field(max_length=limits.MAX_CLAIM_SKILLS)] = []


class PositionModel(Strict):
    title: Title
    organisation: Organisation = ""
    start: Date = ""
    end: Date = ""
    kind: Literal["job", "education", "project", "volunteering"] = "job"


class ProfileWarning(BaseModel):
    """code: not_a_resume, language, little_text, truncated …; `message` says what to do."""

    code: str
    message: str


class ProfileCorrection(Strict):
    """What the person put right. A field left out stays as it is."""

    headline: Annotated[str, StringConstraints(strip_whitespace=True, max_length=limits.MAX_HEADLINE)] | None = None
    skills: Annotated[list[Skill], Field(max_length=limits.MAX_PROFILE_SKILLS)] | None = None
    experience: Annotated[list[PositionModel], Field(max_length=limits.MAX_POSITIONS)] | None = None
    claims: Annotated[list[ClaimModel], Field(max_length=limits.MAX_CLAIMS)] | None = None


class ProfileModel(BaseModel):
    id: str
    source: Literal["pdf", "docx", "text"]
    filename: str
    headline: str
    skills: list[str]
    experience: list[PositionModel]
    claims: list[ClaimModel]
    years_of_experience: float | None
    language: str
    warnings: list[ProfileWarning]
    created_at: datetime


class RoleSuggestions(BaseModel):
    roles: list[str]
