"""What admins see: counted from the tables, nothing estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from app.access import Access
from app.db import Database
from app.domain.status import InterviewStatus, RecordingStatus
from app.errors import NotFound
from app.models import AccessRecord, Interview, Recording, RecordingPiece, RecordingTake, User, now

DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class UserRow:
    user: User
    interviews: int
    completed: int
    last_interview_at: datetime | None


@dataclass(frozen=True, slots=True)
class Numbers:
    users: int
    interviews: int
    by_status: dict[InterviewStatus, int]
    average_overall: float | None
    scored_interviews: int
    recording_bytes: int
    days: tuple[tuple[date, int, int], ...]
    """(day, started, completed), UTC, oldest first."""


async def admin_access(db: Database, asking: Access) -> Access:
    """Asks the table, not the token: a role taken away counts at once. To others the page does not exist."""
    async with db.read() as session:
        role = await session.scalar(select(User.role).where(User.id == asking.user_id))
    if role != "admin":
        raise _nothing_here()
    return replace(asking, asks_as="admin")


async def record_opening(db: Database, access: Access, action: str, subject_id: str = "") -> None:
    """Everything here and beside it begins with this, so that nothing is opened unseen."""
    if access.asks_as != "admin":
        raise _nothing_here()
    async with db.write() as session:
        session.add(AccessRecord(admin_id=access.user_id, action=action, subject_id=subject_id))


def _nothing_here() -> NotFound:
    return NotFound("not_found", "There is nothing here.")


async def list_users(
    db: Database, access: Access, *, query: str, offset: int, limit: int
) -> tuple[Sequence[UserRow], int]:
    """Newest first, with their counts; `query` is part of a name or address."""
    await record_opening(db, access, "users.list")
    matching = select(User)
    if query:
        part = query.lower()
        # Escaped: what a pattern's signs mean differs between the databases.
        matching = matching.where(
            func.lower(User.name).contains(part, autoescape=True) | User.email.contains(part, autoescape=True)
        )
    counts = (
        select(
            Interview.user_id,
            func.count().label("interviews"),
            func.sum(case((Interview.status == InterviewStatus.COMPLETED, 1), else_=0)).label("completed"),
            func.max(Interview.created_at).label("last"),
        )
        .group_by(Interview.user_id)
        .subquery()
    )
    async with db.read() as session:
        total = await session.scalar(select(func.count()).select_from(matching.subquery())) or 0
        rows = await session.execute(
            matching.add_columns(counts.c.interviews, counts.c.completed, counts.c.last)
            .outerjoin(counts, counts.c.user_id == User.id)
            .order_by(User.created_at.desc(), User.id)
            .offset(offset)
            .limit(limit)
        )
        return [
            UserRow(user, interviews or 0, completed or 0, last) for user, interviews, completed, last in rows
        ], total


async def list_interviews(
    db: Database, access: Access, *, status: InterviewStatus | None, offset: int, limit: int
) -> tuple[Sequence[tuple[Interview, User]], int]:
    """Newest first, with whose they are. Contents (answers, transcript) are not part of it."""
    await record_opening(db, access, "interviews.list")
    matching = select(Interview).where(access.interviews("list"))
    if status:
        matching = matching.where(Interview.status == status)
    async with db.read() as session:
        total = await session.scalar(select(func.count()).select_from(matching.subquery())) or 0
        rows = await session.execute(
            matching.add_columns(User)
            .join(User, User.id == Interview.user_id)
            .order_by(Interview.created_at.desc(), Interview.id)
            .offset(offset)
            .limit(limit)
        )
        return [(interview, user) for interview, user in rows], total


async def count_numbers(db: Database, access: Access) -> Numbers:
    await record_opening(db, access, "numbers.read")
    today = now().date()
    first = today - timedelta(days=DAYS_SHOWN - 1)
    since = now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS_SHOWN - 1)
    async with db.read() as session:
        users = await session.scalar(select(func.count()).select_from(User)) or 0
        counted = await session.execute(select(Interview.status, func.count()).group_by(Interview.status))
        by_status: dict[InterviewStatus, int] = {row[0]: row[1] for row in counted}
        average, scored = (
            await session.execute(
                select(func.avg(Interview.overall_score), func.count(Interview.overall_score)).where(
                    Interview.status == InterviewStatus.COMPLETED
                )
            )
        ).one()
        stored = (
            await session.scalar(
                select(func.sum(Recording.size_bytes)).where(Recording.status == RecordingStatus.READY)
            )
            or 0
        )
        waiting = (
            await session.scalar(
                select(func.sum(RecordingPiece.size_bytes))
                .join(RecordingTake, RecordingTake.id == RecordingPiece.take_id)
                .join(Recording, Recording.id == RecordingTake.recording_id)
                .where(Recording.status != RecordingStatus.READY)
            )
            or 0
        )
        started = (await session.scalars(select(Interview.started_at).where(Interview.started_at >= since))).all()
        completed = (await session.scalars(select(Interview.completed_at).where(Interview.completed_at >= since))).all()
    days = [first + timedelta(days=n) for n in range(DAYS_SHOWN)]
    return Numbers(
        users=users,
        interviews=sum(by_status.values()),
        by_status=by_status,
        average_overall=round(float(average), 1) if average is not None else None,
        scored_interviews=scored,
        recording_bytes=int(stored) + int(waiting),
        days=tuple(
            (
                day,
                sum(1 for at in started if at and at.date() == day),
                sum(1 for at in completed if at and at.date() == day),
            )
            for day in days
        ),
    )
