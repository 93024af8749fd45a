from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select

from app.cli import create_admin
from app.models import AccessRecord, Interview, ModelCall, User, now
from tests.house import sign_up

pytestmark = pytest.mark.anyio
ADMIN_ROUTES = ("/api/admin/users", "/api/admin/interviews", "/api/admin/numbers", "/api/admin/spending")


@pytest.fixture
async def admin(app: FastAPI, browser: Callable[[], AsyncClient]) -> AsyncClient:
    await create_admin(
        app.state.capabilities.db, email="boss@example.org", name="Boss", password="a long admin password"
    )
    client = browser()
    answer = await client.post(
        "/api/auth/sign-in", json={"email": "boss@example.org", "password": "a long admin password"}
    )
    assert answer.json()["role"] == "admin"
    return client


@pytest.mark.parametrize("path", ADMIN_ROUTES)
async def test_a_candidate_finds_nothing_under_admin(candidate: AsyncClient, path: str) -> None:
    assert (await candidate.get(path)).status_code == 404


async def test_a_role_taken_away_counts_at_once(app: FastAPI, admin: AsyncClient) -> None:
    assert (await admin.get("/api/admin/users")).status_code == 200
    async with app.state.capabilities.db.write() as session:
        user = await session.scalar(select(User).where(User.email == "boss@example.org"))
        assert user is not None
        user.role = "candidate"
    assert (await admin.get("/api/admin/users")).status_code == 404


async def test_making_an_admin_of_an_account_keeps_its_password(
    app: FastAPI, browser: Callable[[], AsyncClient]
) -> None:
    me = await sign_up(browser())
    assert (
        await create_admin(app.state.capabilities.db, email=me["email"].upper(), name="x", password=None) == "promoted"
    )
    client = browser()
    answer = await client.post("/api/auth/sign-in", json={"email": me["email"], "password": me["password"]})
    assert answer.json()["role"] == "admin"


async def test_the_numbers_are_counted(app: FastAPI, admin: AsyncClient, candidate: AsyncClient) -> None:
    me = (await candidate.get("/api/auth/me")).json()
    async with app.state.capabilities.db.write() as session:
        for status, score, days_ago in (
            ("completed", 80, 0),
            ("completed", None, 1),
            ("in_progress", None, 0),
            ("completed", 61, 40),
        ):
            at = now() - timedelta(days=days_ago)
            session.add(
                Interview(
                    user_id=me["id"],
                    role="Nurse",
                    seniority="mid",
                    status=status,
                    overall_score=score,
                    started_at=at,
                    completed_at=at if status == "completed" else None,
                )
            )
    numbers = (await admin.get("/api/admin/numbers")).json()
    assert numbers["users"] == 2
    assert numbers["interviews"] == 4
    assert numbers["by_status"] == {"completed": 3, "in_progress": 1}
    assert numbers["average_overall"] == 70.5
    assert numbers["scored_interviews"] == 2
    assert len(numbers["days"]) == 30
    assert sum(day["started"] for day in numbers["days"]) == 3
    assert sum(day["completed"] for day in numbers["days"]) == 2
    assert numbers["recording_bytes"] == 0


async def test_no_average_is_invented_when_nothing_is_scored(admin: AsyncClient) -> None:
    assert (await admin.get("/api/admin/numbers")).json()["average_overall"] is None


async def test_users_are_listed_in_pages_with_their_counts(
    admin: AsyncClient, browser: Callable[[], AsyncClient]
) -> None:
    for number in range(3):
        await sign_up(browser(), f"Person {number}")
    first = (await admin.get("/api/admin/users", params={"limit": 2})).json()
    assert (len(first["users"]), first["total"], first["next_offset"]) == (2, 4, 2)
    found = (await admin.get("/api/admin/users", params={"q": "person 1"})).json()
    assert [user["name"] for user in found["users"]] == ["Person 1"]
    assert found["users"][0]["interviews"] == 0


async def test_what_an_admin_opens_is_recorded(app: FastAPI, admin: AsyncClient) -> None:
    for path in ADMIN_ROUTES:
        await admin.get(path)
    async with app.state.capabilities.db.read() as session:
        actions = (await session.scalars(select(AccessRecord.action))).all()
    assert sorted(actions) == ["interviews.list", "numbers.read", "spending.read", "users.list"]


async def test_what_a_paid_model_used_is_told_in_tokens_and_where_priced_in_money(
    app: FastAPI, admin: AsyncClient, candidate: AsyncClient
) -> None:
    me = (await candidate.get("/api/auth/me")).json()
    async with app.state.capabilities.db.write() as session:
        for price in (1_500, None):
            session.add(
                ModelCall(
                    user_id=me["id"],
                    interview_id="gone",
                    provider="gemini",
                    model="gemini-3.6-flash",
                    purpose="judge",
                    input_tokens=700,
                    output_tokens=60,
                    cost_micros=price,
                )
            )
    told = (await admin.get("/api/admin/spending")).json()
    assert (told["language_model"], told["paid"]) == ("built-in", False)
    counted = {"calls": 2, "failed": 0, "input_tokens": 1400, "output_tokens": 120, "cost_usd": 0.0015, "unpriced": 1}
    assert told["days"] == [{**counted, "day": now().date().isoformat()}]
    assert told["users"] == [{**counted, "user_id": me["id"], "user_name": me["name"]}]
    assert told["interviews"] == [{**counted, "interview_id": "gone", "role": ""}]


async def test_before_the_first_paid_call_there_is_nothing_to_tell(admin: AsyncClient) -> None:
    told = (await admin.get("/api/admin/spending")).json()
    assert told["days"] == told["users"] == told["interviews"] == told["models"] == []


@pytest.mark.parametrize(
    ("query", "found"), [("ASHA", ["Asha 100%"]), ("0%", ["Asha 100%"]), ("%", ["Asha 100%"]), ("_", []), ("a\\", [])]
)
async def test_people_are_found_by_a_part_of_their_name_whatever_signs_it_holds(
    app: FastAPI, admin: AsyncClient, query: str, found: list[str]
) -> None:
    async with app.state.capabilities.db.write() as session:
        session.add(User(email="verma@example.org", name="Asha 100%", password_hash="x"))
    answer = await admin.get("/api/admin/users", params={"q": query})
    assert [user["name"] for user in answer.json()["users"]] == found
