"""Who asks, and which interviews and profiles that reaches. Made once, at the door; asked once, where a row is loaded.

Somebody else's interview cannot be told from one that never was. Services take an `Access`, or a row that came from
one; jobs, which nobody asks for, load rows themselves.

The rule is `interviews`. A share token would be one more field and one more line in it, and the door that reads it:

    shown: str = ""                              # the one interview that a link shows
    if self.shown: return (Interview.id == self.shown) & literal(act == "read")

A coach is such a line, too: interviews of the people they coach, for "list" and "read".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import ROW_LOCK
from app.errors import NotFound
from app.models import Interview, Profile, Recording

Act: TypeAlias = Literal["list", "read", "change"]
"""`list` gives no contents (no answer, transcript or video)."""


@dataclass(frozen=True, slots=True)
class Access:
    """`asks_as` an admin: on the pages for admins only, where all is listed, nothing opened. Elsewhere an admin is
    the owner of what is theirs, like everybody.
    """

    user_id: str
    asks_as: Literal["owner", "admin"] = "owner"

    def interviews(self, act: Act) -> ColumnElement[bool]:
        """For the WHERE of whatever selects, changes or deletes interviews."""
        if self.asks_as == "admin" and act == "list":
            return true()
        return Interview.user_id == self.user_id

    def profiles(self) -> ColumnElement[bool]:
        return Profile.user_id == self.user_id

    async def interview(self, session: AsyncSession, interview_id: str, act: Act = "read") -> Interview:
        """Raises NotFound."""
        found = await session.scalar(self._one(interview_id, act))
        if found is None:
            raise _no_interview()
        return found

    async def hold(self, session: AsyncSession, interview_id: str) -> Interview:
        """To change it: nobody else can until we are done. Raises NotFound."""
        found = await session.scalar(self._one(interview_id, "change").with_for_update(**ROW_LOCK))
        if found is None:
            raise _no_interview()
        return found

    def _one(self, interview_id: str, act: Act) -> Select[Interview]:
        return select(Interview).where(Interview.id == interview_id, self.interviews(act))

    async def recording(self, session: AsyncSession, interview_id: str) -> tuple[Interview, Recording | None]:
        """To read. No recording: nothing was recorded. Raises NotFound."""
        query = (
            select(Interview, Recording)
            .outerjoin(Recording, Recording.interview_id == Interview.id)
            .where(Interview.id == interview_id, self.interviews("read"))
        )
        row = (await session.execute(query)).one_or_none()
        if row is None:
            raise _no_interview()
        return row[0], row[1]

    async def profile(self, session: AsyncSession, profile_id: str) -> Profile:
        """Raises NotFound."""
        found = await session.scalar(select(Profile).where(Profile.id == profile_id, self.profiles()))
        if found is None:
            raise NotFound("profile_not_found", "There is no such profile.")
        return found


def _no_interview() -> NotFound:
    return NotFound("interview_not_found", "There is no such interview.")
