"""What admins see on the wire. Counted, never estimated."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from app.schemas.account import Role
from app.schemas.interview import InterviewStatus, InterviewSummary


class AdminUser(BaseModel):
    id: str
    name: str
    email: str
    role: Role
    created_at: datetime
    interviews: int
    completed: int
    last_interview_at: datetime | None


class AdminUserPage(BaseModel):
    users: list[AdminUser]
    total: int
    next_offset: int | None


class AdminInterview(InterviewSummary):
    user_id: str
    user_name: str
    user_email: str


class AdminInterviewPage(BaseModel):
    interviews: list[AdminInterview]
    total: int
    next_offset: int | None


class DayCount(BaseModel):
    day: str
    """YYYY-MM-DD, UTC"""
    started: int
    completed: int


class AdminNumbers(BaseModel):
    """`average_overall` over completed interviews that have a score; null when there is none."""

    users: int
    interviews: int
    by_status: dict[InterviewStatus, int]
    average_overall: float | None
    scored_interviews: int
    recording_bytes: int
    days: list[DayCount]
    """The last 30 days, oldest first, days without interviews included."""
