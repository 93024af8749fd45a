"""The question bank: browsed by role and by skill, by those who are signed in."""

from __future__ import annotations

import pytest
from httpx2 import AsyncClient


async def test_the_bank_is_browsed_by_role_and_by_skill(candidate: AsyncClient) -> None:
    shelves = (await candidate.get("/api/question-bank")).json()
    assert {"key": "general", "name": "professional"} in shelves["roles"]
    assert {"key": "excel", "name": "Excel"} in shelves["skills"]
    general = (await candidate.get("/api/question-bank/roles/general")).json()
    assert {question["form"] for question in general["questions"]} == {"story", "situation", "knowledge"}
    excel = (await candidate.get("/api/question-bank/skills/excel")).json()
    assert {question["level"] for question in excel["questions"]} == {"junior", "mid", "senior"}


@pytest.mark.parametrize("path", ["roles/juggler", "skills/juggling"])
async def test_a_shelf_that_is_not_there_is_said_to_be_missing(candidate: AsyncClient, path: str) -> None:
    answer = await candidate.get(f"/api/question-bank/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "shelf_not_found")
