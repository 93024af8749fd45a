"""Interviews and their questions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.domain.limits import (
    MAX_JOB_DESCRIPTION,
    MAX_OWN_QUESTION,
    MAX_QUESTIONS,
    MAX_REQUIREMENT,
    MAX_ROLE,
    MAX_SKILLS,
    MIN_OWN_QUESTION,
    MIN_ROLE,
)
from app.domain.status import InterviewStatus as Status
from app.schemas.account import Strict
from app.schemas.profile import Skill
from app.schemas.score import ScoreNumbers

Seniority = Literal["student", "junior", "mid", "senior", "lead"]
InterviewStatus = Literal[
    Status.PREPARING,
    Status.SCHEDULED,
    Status.IN_PROGRESS,
    Status.PROCESSING,
    Status.COMPLETED,
    Status.FAILED,
    Status.ABANDONED,
]
"""Every member, one by one: an enum gets a schema of its own, and the page would have another type to name."""
QuestionKind = Literal["project", "decision", "conflict", "gap", "skill", "motivation"]
QuestionForm = Literal["opener", "knowledge", "story", "situation", "closing"]
InterviewKind = Literal["mixed", "behavioural", "technical", "screening", "case"]
InterviewLength = Literal[3, 5, 8]


Id = Annotated[str, Field(max_length=36)]
OwnQuestionText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=MIN_OWN_QUESTION, max_length=MAX_OWN_QUESTION)
]


class NewInterview(Strict):
    role: Annotated[str, StringConstraints(strip_whitespace=True, min_length=MIN_ROLE, max_length=MAX_ROLE)]
    seniority: Seniority = "mid"
    skills: Annotated[list[Skill], Field(max_length=MAX_SKILLS)] = []
    job_description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_JOB_DESCRIPTION)] = ""
    profile_id: Id | None = None
    kind: InterviewKind = "mixed"
    length: InterviewLength = 5
    """How many questions: about 10, 20 or 40 minutes."""


class KeyPointModel(BaseModel):
    text: str
    examples: list[str] = []


class QuestionModel(BaseModel):
    id: str
    position: int
    kind: QuestionKind
    form: QuestionForm | None
    """None for a question of before questions had a form."""
    text: str
    why: str
    grounding: str
    key_points: list[KeyPointModel]


class QuestionOrder(Strict):
    question_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_QUESTIONS)]


class NewQuestion(Strict):
    """Either a requirement of the advert that nothing asks about yet, word by word, or a question of one's own."""

    requirement: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_REQUIREMENT)] = ""
    text: OwnQuestionText | None = None


class RequirementModel(BaseModel):
    """A line of the advert, and the questions that ask about it; none: it can be asked for."""

    text: str
    question_ids: list[str]


class SavedQuestionModel(BaseModel):
    id: str
    text: str


class SavedQuestions(BaseModel):
    """Newest first."""

    questions: list[SavedQuestionModel]


class NewSavedQuestion(Strict):
    text: OwnQuestionText


class Consent(Strict):
    """Recording starts only after this. `recording` false: the interview goes on, nothing is recorded."""

    recording: bool


class InterviewSummary(BaseModel):
    id: str
    role: str
    seniority: Seniority
    kind: InterviewKind
    length: int
    """How many questions were planned."""
    status: InterviewStatus
    failure: str
    """Stable code when status is failed, else empty."""
    overall_score: int | None
    scores: ScoreNumbers
    """Empty until the interview is completed."""
    answered: int
    """Questions answered so far."""
    planned: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class InterviewDetail(InterviewSummary):
    skills: list[str]
    job_description: str
    profile_id: str | None
    consented_at: datetime | None
    recording_url: str
    transcript_url: str
    questions: list[QuestionModel]
    requirements: list[RequirementModel]
    """What the advert asks for, in its order."""


class InterviewPage(BaseModel):
    """Newest first. `next_offset` is None on the last page."""

    interviews: list[InterviewSummary]
    total: int
    next_offset: int | None


class ProgressPoint(BaseModel):
    """One completed interview. A figure that could not be measured is null, never 0."""

    interview_id: str
    role: str
    completed_at: datetime
    overall: int | None
    scores: ScoreNumbers
    words_per_minute: float | None
    fillers_per_minute: float | None


class Progress(BaseModel):
    """Oldest first, at most the latest 100."""

    points: list[ProgressPoint]
