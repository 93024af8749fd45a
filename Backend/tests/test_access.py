"""What an Access reaches, and that nothing beside it says whose something is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import app
from app.access import Access
from app.admin.overview import admin_access, count_numbers, list_interviews, record_opening
from app.db import Database
from app.errors import NotFound
from app.models import Interview, Profile, Recording, User
from app.settings import Settings

pytestmark = pytest.mark.anyio

RULE_ITSELF = "access.py"
OWNED = re.compile(r"(?i)\b\w*(?:interview|profile|theirs)\w*\.user_id\s*[=!]=|\.user_id\s*[=!]=\s*user_id\b")
JOINED_WITH_THE_PERSON = re.compile(r"User\.id == Interview\.user_id")


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.resolved_database_url)
    yield opened
    await opened.close()


async def two_people(db: Database) -> tuple[User, Interview, Profile, User]:
    """One with an interview and a profile, and somebody else."""
    async with db.write() as session:
        owner = User(email="a@example.org", name="A", password_hash="")
        other = User(email="b@example.org", name="B", password_hash="")
        session.add_all([owner, other])
        await session.flush()
        interview = Interview(user_id=owner.id, role="Nurse", seniority="mid", status="scheduled")
        profile = Profile(user_id=owner.id, source="text", resume_text="Nurse at St Mary.")
        session.add_all([interview, profile])
        await session.flush()
        session.add(Recording(interview_id=interview.id))
    return owner, interview, profile, other


async def test_the_owner_reaches_what_is_theirs(db: Database) -> None:
    owner, interview, profile, _ = await two_people(db)
    access = Access(owner.id)
    async with db.write() as session:
        assert (await access.interview(session, interview.id)).id == interview.id
        assert (await access.hold(session, interview.id)).id == interview.id
        found, recording = await access.recording(session, interview.id)
        assert found.id == interview.id and recording is not None
        assert (await access.profile(session, profile.id)).id == profile.id


@pytest.mark.parametrize("asks_as", ["owner", "admin"])
async def test_nobody_else_opens_it_and_cannot_tell_it_from_one_that_never_was(db: Database, asks_as: str) -> None:
    _, interview, profile, other = await two_people(db)
    access = Access(other.id, "admin" if asks_as == "admin" else "owner")
    told = []
    async with db.write() as session:
        for interview_id, profile_id in ((interview.id, profile.id), ("none", "none")):
            for asked in (
                access.interview(session, interview_id),
                access.interview(session, interview_id, "change"),
                access.hold(session, interview_id),
                access.recording(session, interview_id),
                access.profile(session, profile_id),
            ):
                with pytest.raises(NotFound) as refused:
                    await asked
                told.append((refused.value.code, refused.value.message))
    assert told[:5] == told[5:]


async def test_the_list_of_all_interviews_is_for_admins_only(db: Database) -> None:
    _, interview, _, other = await two_people(db)
    with pytest.raises(NotFound):
        await admin_access(db, Access(other.id))
    for refused in (
        list_interviews(db, Access(other.id), status=None, offset=0, limit=10),
        count_numbers(db, Access(other.id)),
        record_opening(db, Access(other.id), "users.list"),
    ):
        with pytest.raises(NotFound):
            await refused
    async with db.write() as session:
        person = await session.get(User, other.id)
        assert person is not None
        person.role = "admin"
    rows, _ = await list_interviews(db, await admin_access(db, Access(other.id)), status=None, offset=0, limit=10)
    assert [found.id for found, _ in rows] == [interview.id]


def test_whose_something_is_gets_asked_in_one_place_only() -> None:
    """Counting by person (places in rooms, spending, signed-in devices) asks for nothing of somebody's."""
    house = Path(app.__file__).parent
    counting = {
        "admin/spending.py",
        "accounts/hosted.py",
        "accounts/local.py",
        "conversation/room/voice_places.py",
        "conversation/room/rooms.py",
    }
    found = {
        f"{path.relative_to(house)}: {line.strip()}"
        for path in house.rglob("*.py")
        if path.relative_to(house).as_posix() not in {RULE_ITSELF, *counting}
        for line in path.read_text().splitlines()
        if OWNED.search(line) and not JOINED_WITH_THE_PERSON.search(line)
    }
    # All that one person keeps, whoever sends more of it.
    assert found == {"recordings/pieces.py: .where(of_theirs.user_id == Interview.user_id)"}
