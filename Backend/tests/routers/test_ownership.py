"""Walks every route of the schema as somebody else and as nobody. A route without a row here fails the walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, update

from app.models import Interview, Profile, Question, User

pytestmark = pytest.mark.anyio

INTERVIEW = "/api/interviews/{interview_id}"


@dataclass(frozen=True)
class Row:
    """What a signed-in stranger gets, what nobody gets, and a valid body so that no check of input comes first."""

    stranger: int
    nobody: int
    body: Any = None
    content: bytes | None = None


PUBLIC = Row(200, 200)
OWN_ONLY = Row(200, 401)
SOMEONE_ELSES = Row(404, 401)

ROUTES: dict[str, Row] = {
    "GET /api/health": PUBLIC,
    "GET /api/setup": PUBLIC,
    "GET /api/roles": PUBLIC,
    "POST /api/auth/sign-up": Row(
        201, 201, {"email": "new@example.org", "name": "N", "password": "correct horse battery"}
    ),
    "POST /api/auth/sign-in": Row(422, 422, {"email": "x@example.org", "password": "wrong password"}),
    "POST /api/auth/refresh": OWN_ONLY,
    "POST /api/auth/sign-out": Row(204, 204),
    # Without somebody who sends mail there is no such thing.
    "POST /api/auth/recover": Row(404, 404, {"email": "x@example.org"}),
    "POST /api/auth/reset": Row(404, 404, {"access_token": "x", "new_password": "a new long password"}),
    "GET /api/auth/me": OWN_ONLY,
    "POST /api/auth/password": Row(
        422, 401, {"current_password": "wrong password", "new_password": "a new long password"}
    ),
    "DELETE /api/auth/me": Row(422, 401, {"password": "wrong password"}),
    "POST /api/profiles": Row(422, 401, {}),
    "GET /api/profiles/latest": SOMEONE_ELSES,
    "GET /api/profiles/{profile_id}": SOMEONE_ELSES,
    "PATCH /api/profiles/{profile_id}": Row(404, 401, {"headline": "taken over"}),
    # A stranger may start interviews of their own, but not from this person's profile.
    "POST /api/interviews": Row(404, 401, {"role": "Nurse", "profile_id": "{profile_id}"}),
    "GET /api/interviews": OWN_ONLY,
    "GET /api/progress": OWN_ONLY,
    f"GET {INTERVIEW}": SOMEONE_ELSES,
    f"DELETE {INTERVIEW}": SOMEONE_ELSES,
    f"POST {INTERVIEW}/retry": SOMEONE_ELSES,
    f"PUT {INTERVIEW}/questions/order": Row(404, 401, {"question_ids": ["{question_id}"]}),
    f"DELETE {INTERVIEW}/questions/{{question_id}}": SOMEONE_ELSES,
    f"POST {INTERVIEW}/questions/{{question_id}}/another": SOMEONE_ELSES,
    f"POST {INTERVIEW}/questions": Row(404, 401, {"text": "Why did you leave the ward?"}),
    "GET /api/question-bank": OWN_ONLY,
    "GET /api/question-bank/roles/{shelf}": SOMEONE_ELSES,
    "GET /api/question-bank/skills/{shelf}": SOMEONE_ELSES,
    "GET /api/saved-questions": OWN_ONLY,
    "POST /api/saved-questions": Row(201, 401, {"text": "Why did you leave the ward?"}),
    "DELETE /api/saved-questions/{question_id}": SOMEONE_ELSES,
    f"POST {INTERVIEW}/consent": Row(404, 401, {"recording": True}),
    f"POST {INTERVIEW}/finish": SOMEONE_ELSES,
    f"POST {INTERVIEW}/avatar": Row(404, 401, {"choice": "configured"}),
    f"POST {INTERVIEW}/avatar/end": SOMEONE_ELSES,
    f"GET {INTERVIEW}/transcript": SOMEONE_ELSES,
    f"GET {INTERVIEW}/results": SOMEONE_ELSES,
    f"GET {INTERVIEW}/recording": SOMEONE_ELSES,
    f"POST {INTERVIEW}/recording/takes": Row(404, 401, {"number": 0, "mime_type": "video/webm", "clock_start_ms": 0}),
    f"PUT {INTERVIEW}/recording/takes/{{take}}/pieces/{{piece}}": Row(404, 401, content=b"piece"),
    f"POST {INTERVIEW}/recording/takes/{{take}}/end": Row(404, 401, {"pieces": 1}),
    f"POST {INTERVIEW}/recording/takes/{{take}}/upload": SOMEONE_ELSES,
    f"POST {INTERVIEW}/recording/takes/{{take}}/upload/done": Row(404, 401, {"receipt": None}),
    f"DELETE {INTERVIEW}/recording/takes/{{take}}/upload": SOMEONE_ELSES,
    "POST /api/webhooks/cloudinary": Row(404, 404, {}),
    f"GET {INTERVIEW}/recording/video": SOMEONE_ELSES,
    f"HEAD {INTERVIEW}/recording/video": SOMEONE_ELSES,
    f"GET {INTERVIEW}/recording/stream/{{part}}/{{key}}": SOMEONE_ELSES,
    f"GET {INTERVIEW}/recording/captions.vtt": SOMEONE_ELSES,
    f"GET {INTERVIEW}/recording/poster.jpg": SOMEONE_ELSES,
    f"GET {INTERVIEW}/recording/chapters.vtt": SOMEONE_ELSES,
    # No sign-in there: the address is the secret.
    "POST /api/webhooks/tavus/{interview_id}/{token}": Row(
        404, 404, {"conversation_id": "c1", "event_type": "system.shutdown"}
    ),
    "GET /api/admin/users": SOMEONE_ELSES,
    "GET /api/admin/interviews": SOMEONE_ELSES,
    "GET /api/admin/numbers": SOMEONE_ELSES,
    "GET /api/admin/spending": SOMEONE_ELSES,
}


def routes_of(app: FastAPI) -> set[str]:
    return {f"{method.upper()} {path}" for path, operations in app.openapi()["paths"].items() for method in operations}


def filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in ids.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, ids) for key, item in value.items()}
    return value


@pytest.fixture
async def ids(app: FastAPI, candidate: AsyncClient) -> dict[str, str]:
    """One person's profile, interview and question."""
    owner = (await candidate.get("/api/auth/me")).json()["id"]
    async with app.state.capabilities.db.write() as session:
        profile = Profile(user_id=owner, source="text", resume_text="Nurse at St Mary.", headline="Nurse")
        session.add(profile)
        await session.flush()
        interview = Interview(user_id=owner, profile_id=profile.id, role="Nurse", seniority="mid", status="scheduled")
        session.add(interview)
        await session.flush()
        question = Question(
            interview_id=interview.id,
            position=0,
            kind="project",
            text="Tell me about ward 7.",
            why="w",
            grounding="Nurse",
        )
        session.add(question)
        await session.flush()
        return {
            "profile_id": profile.id,
            "interview_id": interview.id,
            "question_id": question.id,
            "take": "0",
            "piece": "0",
            "part": "0",
            "key": "sp_auto/v1/asset.m3u8",
        }


async def ask(client: AsyncClient, route: str, row: Row, ids: dict[str, str]) -> int:
    method, path = route.split(" ", 1)
    arguments: dict[str, Any] = {"content": row.content} if row.content else {}
    if row.body is not None:
        arguments = {"json": filled(row.body, ids)}
    if row.content:
        arguments["headers"] = {"Content-Type": "video/webm"}
    return (await client.request(method, filled(path, ids), **arguments)).status_code


async def test_every_route_has_a_row(app: FastAPI) -> None:
    assert routes_of(app) == set(ROUTES)


# What somebody has is named in the path. Whoever brings a vendor's word proves it by what only the vendor was given.
OF_SOMEBODY = [route for route in ROUTES if "_id}" in route and "/webhooks/" not in route]


async def test_a_route_that_names_somebodys_thing_is_not_there_for_anybody_else(app: FastAPI) -> None:
    named = {route for route in routes_of(app) if "_id}" in route and "/webhooks/" not in route}
    assert named == set(OF_SOMEBODY)
    assert {route: (ROUTES[route].stranger, ROUTES[route].nobody) for route in named} == dict.fromkeys(
        named, (404, 401)
    )


@pytest.mark.parametrize("route", OF_SOMEBODY)
async def test_an_admin_is_a_stranger_to_it(app: FastAPI, other: AsyncClient, ids: dict[str, str], route: str) -> None:
    async with app.state.capabilities.db.write() as session:
        me = (await other.get("/api/auth/me")).json()["id"]
        await session.execute(update(User).where(User.id == me).values(role="admin"))
    assert await ask(other, route, ROUTES[route], ids) == 404


@pytest.mark.parametrize("route", ROUTES)
async def test_somebody_else_gets_nothing(other: AsyncClient, ids: dict[str, str], route: str) -> None:
    assert await ask(other, route, ROUTES[route], ids) == ROUTES[route].stranger


@pytest.mark.parametrize("route", ROUTES)
async def test_nobody_gets_nothing(browser: Callable[[], AsyncClient], ids: dict[str, str], route: str) -> None:
    assert await ask(browser(), route, ROUTES[route], ids) == ROUTES[route].nobody


async def test_after_a_stranger_tried_everything_the_owner_has_all_of_it(
    app: FastAPI, candidate: AsyncClient, other: AsyncClient, ids: dict[str, str]
) -> None:
    for route, row in ROUTES.items():
        if not route.startswith("POST /api/auth"):
            await ask(other, route, row, ids)
    assert (await candidate.get(f"/api/interviews/{ids['interview_id']}")).json()["status"] == "scheduled"
    async with app.state.capabilities.db.read() as session:
        profile = await session.scalar(select(Profile).where(Profile.id == ids["profile_id"]))
        question = await session.scalar(select(Question).where(Question.id == ids["question_id"]))
    assert profile is not None and profile.headline == "Nurse"
    assert question is not None and not question.dropped
