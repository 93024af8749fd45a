"""What admins see on the wire. Counted, never estimated."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from app.domain.role import Role
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


class Spent(BaseModel):
    """`cost_usd` is an estimate for the calls that have a price: null when none has; `unpriced` calls have none."""

    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    unpriced: int


class DaySpent(Spent):
    day: str
    """YYYY-MM-DD, UTC"""


class ModelSpent(Spent):
    model: str


class UserSpent(Spent):
    user_id: str
    user_name: str
    """Empty where the account is gone."""


class InterviewSpent(Spent):
    interview_id: str
    role: str
    """Empty where the interview is gone."""


class AdminSpending(BaseModel):
    """What paid language models used in the last 30 days: tokens as the vendor counted them.

    Days newest first, those without calls left out; the others by what they used, most first, at most 20 each.
    """

    language_model: str
    paid: bool
    """Whether a vendor's model is switched on now."""
    daily_cap_usd: float
    daily_user_cap_usd: float
    days: list[DaySpent]
    models: list[ModelSpent]
    users: list[UserSpent]
    interviews: list[InterviewSpent]
