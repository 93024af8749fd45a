"""Profiles on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.schemas.account import Strict

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Skill = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class ClaimModel(Strict):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    organisation: Short = ""
    title: Short = ""
    period: Annotated[str, Field(max_length=60)] = ""
    numbers: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)] = []
    skills: Annotated[list[Skill], Field(max_length=30)] = []


class PositionModel(Strict):
    title: Short
    organisation: Short = ""
    start: Annotated[str, Field(max_length=20)] = ""
    end: Annotated[str, Field(max_length=20)] = ""
    kind: Literal["job", "education", "project", "volunteering"] = "job"


class ProfileWarning(BaseModel):
    """code: not_a_resume, language, little_text, truncated …; `message` says what to do."""

    code: str
    message: str


class ProfileCorrection(Strict):
    """What the person put right. A field left out stays as it is."""

    headline: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None
    skills: Annotated[list[Skill], Field(max_length=60)] | None = None
    experience: Annotated[list[PositionModel], Field(max_length=40)] | None = None
    claims: Annotated[list[ClaimModel], Field(max_length=120)] | None = None


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
