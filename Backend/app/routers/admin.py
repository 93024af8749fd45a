"""For admins. Every route asks for the role, and what is opened is recorded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.access import Access
from app.admin import overview, spending
from app.domain.limits import MAX_SEARCH
from app.interviews.service import counts_of
from app.results.presentation import score_numbers
from app.routers.dependencies import CapabilitiesDep, CurrentAccess
from app.schemas.admin import (
    AdminInterview,
    AdminInterviewPage,
    AdminNumbers,
    AdminSpending,
    AdminUser,
    AdminUserPage,
    DayCount,
    DaySpent,
    InterviewSpent,
    ModelSpent,
    Spent,
    UserSpent,
)
from app.schemas.interview import InterviewStatus


async def _admin(asking: CurrentAccess, capabilities: CapabilitiesDep) -> Access:
    return await overview.admin_access(capabilities.db, asking)


AdminAccess = Annotated[Access, Depends(_admin)]
router = APIRouter(prefix="/api/admin", tags=["admin"], dependencies=[Depends(_admin)])

Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]


def _next(offset: int, shown: int, total: int) -> int | None:
    return offset + shown if offset + shown < total else None


@router.get("/users", response_model=AdminUserPage)
async def users(
    access: AdminAccess,
    capabilities: CapabilitiesDep,
    q: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
    offset: Offset = 0,
    limit: Limit = 25,
) -> AdminUserPage:
    rows, total = await overview.list_users(capabilities.db, access, query=q.strip(), offset=offset, limit=limit)
    return AdminUserPage(
        users=[
            AdminUser(
                id=row.user.id,
                name=row.user.name,
                email=row.user.email,
                role=row.user.role,
                created_at=row.user.created_at,
                interviews=row.interviews,
                completed=row.completed,
                last_interview_at=row.last_interview_at,
            )
            for row in rows
        ],
        total=total,
        next_offset=_next(offset, len(rows), total),
    )


@router.get("/interviews", response_model=AdminInterviewPage)
async def interviews(
    access: AdminAccess,
    capabilities: CapabilitiesDep,
    status: InterviewStatus | None = None,
    offset: Offset = 0,
    limit: Limit = 25,
) -> AdminInterviewPage:
    rows, total = await overview.list_interviews(capabilities.db, access, status=status, offset=offset, limit=limit)
    async with capabilities.db.read() as session:
        counts = await counts_of(session, [interview.id for interview, _ in rows])
    return AdminInterviewPage(
        interviews=[
            AdminInterview(
                id=interview.id,
                role=interview.role,
                seniority=interview.seniority,
                kind=interview.kind,
                length=interview.length,
                status=interview.status,
                failure=interview.failure,
                overall_score=interview.overall_score,
                scores=score_numbers(interview.scores),
                answered=counts[interview.id].answered,
                planned=counts[interview.id].planned,
                created_at=interview.created_at,
                started_at=interview.started_at,
                ended_at=interview.ended_at,
                user_id=user.id,
                user_name=user.name,
                user_email=user.email,
            )
            for interview, user in rows
        ],
        total=total,
        next_offset=_next(offset, len(rows), total),
    )


@router.get("/numbers", response_model=AdminNumbers)
async def numbers(access: AdminAccess, capabilities: CapabilitiesDep) -> AdminNumbers:
    counted = await overview.count_numbers(capabilities.db, access)
    return AdminNumbers(
        users=counted.users,
        interviews=counted.interviews,
        by_status=counted.by_status,
        average_overall=counted.average_overall,
        scored_interviews=counted.scored_interviews,
        recording_bytes=counted.recording_bytes,
        days=[DayCount(day=day.isoformat(), started=started, completed=done) for day, started, done in counted.days],
    )


@router.get("/spending", response_model=AdminSpending)
async def spent(access: AdminAccess, capabilities: CapabilitiesDep) -> AdminSpending:
    told = await spending.spending(capabilities.db, access)
    settings = capabilities.settings
    return AdminSpending(
        language_model=capabilities.language_model.name,
        paid=settings.chosen.language_model.is_outside,
        daily_cap_usd=settings.llm_daily_cap_usd,
        daily_user_cap_usd=settings.llm_daily_user_cap_usd,
        days=[DaySpent(day=day, **dict(_counted(one))) for day, one in told.days],
        models=[ModelSpent(model=model, **dict(_counted(one))) for model, one in told.models],
        users=[UserSpent(user_id=each, user_name=name, **dict(_counted(one))) for each, name, one in told.users],
        interviews=[
            InterviewSpent(interview_id=each, role=role, **dict(_counted(one))) for each, role, one in told.interviews
        ],
    )


def _counted(one: spending.SpendingSum) -> Spent:
    return Spent(
        calls=one.calls,
        failed=one.failed,
        input_tokens=one.input_tokens,
        output_tokens=one.output_tokens,
        cost_usd=one.cost_micros / spending.MICROS if one.unpriced < one.calls else None,
        unpriced=one.unpriced,
    )
