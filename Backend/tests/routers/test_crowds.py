"""Many at once: what one crowd waits for holds up nobody else, and a full line says when to come back."""

from __future__ import annotations

import asyncio
import sys
import textwrap
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select

from app.accounts import passwords
from app.models import Response
from app.pools import PASSWORDS, PLANS, Pool
from app.preparation.resume.upload import READERS, read_resume_file
from app.workflows.response_score import score_response
from tests.house import sign_up
from tests.routers.test_interviews import capabilities_of, me, scheduled
from tests.routers.test_recordings import consented, send, start
from tests.workflows.held import hold_interview
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio
GENEROUS_S = 60.0
TEXT = {"text": (None, "Nurse for ten years at Springfield.")}


class SlowHasher:
    """Hashes when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.at_once = 0
        self.most = 0
        self._plain = passwords._hasher
        self._lock = threading.Lock()

    async def is_hashing(self) -> bool:
        return self.at_once > 0

    def verify(self, password: str, password_hash: str) -> bool:
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        self.let.wait()
        with self._lock:
            self.at_once -= 1
        return self._plain.verify(password, password_hash)


async def test_a_class_that_signs_in_at_once_holds_up_no_piece_no_plan_and_no_judgement(
    app: FastAPI, browser: Callable[[], AsyncClient], candidate: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = await sign_up(browser())
    interview_id = await consented(candidate)
    assert (await start(candidate, interview_id)).status_code == 201
    capabilities = capabilities_of(app)
    held = await hold_interview(capabilities.db, await me(candidate), status="in_progress")
    async with capabilities.db.read() as session:
        response_id = (await session.scalars(select(Response.id).where(Response.status == "ended"))).first()
    assert held and response_id
    hasher = SlowHasher()
    monkeypatch.setattr(passwords, "_hasher", hasher)
    body = {"email": pupil["email"], "password": pupil["password"]}
    pupils = [asyncio.create_task(browser().post("/api/auth/sign-in", json=body)) for _ in range(30)]
    try:
        async with asyncio.timeout(GENEROUS_S):
            await until(hasher.is_hashing, "the first hash")
            assert (await send(candidate, interview_id, 0, b"piece")).status_code == 200
            await scheduled(candidate)
            assert await score_response(capabilities.db, capabilities.language_model, response_id)
            assert (await send(candidate, interview_id, 1, b"piece")).status_code == 200
        assert not any(each.done() for each in pupils)
    finally:
        hasher.let.set()
    assert [answer.status_code for answer in await asyncio.gather(*pupils)] == [200] * 30
    assert hasher.most == 1


@asynccontextmanager
async def full(pool: Pool) -> AsyncIterator[None]:
    let = threading.Event()
    tasks = [asyncio.create_task(pool.run(let.wait)) for _ in range(pool.at_once + pool.waiting)]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        let.set()
        await asyncio.gather(*tasks)


async def test_a_full_line_at_the_sign_in_says_when_to_come_back(browser: Callable[[], AsyncClient]) -> None:
    body = {"email": "asha@example.org", "password": "correct horse battery"}
    async with full(PASSWORDS):
        for path, more in (("sign-in", {}), ("sign-up", {"name": "Asha"})):
            refused(await browser().post(f"/api/auth/{path}", json={**body, **more}))
    assert (await browser().post("/api/auth/sign-up", json={**body, "name": "Asha"})).status_code == 201


async def test_a_full_line_at_the_planner_says_when_to_come_back(candidate: AsyncClient) -> None:
    async with full(PLANS):
        refused(await candidate.post("/api/profiles", files=TEXT))
    assert (await candidate.post("/api/profiles", files=TEXT)).status_code == 201


def refused(answer: Any) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0


WAITING_READER = """
    import json, pathlib, sys, time
    sys.stdin.buffer.read()
    here = pathlib.Path(sys.argv[1])
    with (here / "log").open("a") as log: log.write("+")
    while not (here / "go").exists(): time.sleep(0.01)
    with (here / "log").open("a") as log: log.write("-")
    print(json.dumps({"ok": True, "text": "read", "pages": 1, "kind": "text", "warnings": []}))
"""


async def test_two_resumes_are_read_at_once_and_the_others_wait_for_them(tmp_path: Path) -> None:
    worker = (sys.executable, "-c", textwrap.dedent(WAITING_READER), str(tmp_path))
    log = tmp_path / "log"

    async def two_read() -> bool:
        return log.exists() and log.read_text() == "++"

    reads = [
        asyncio.create_task(read_resume_file(b"words", "r.txt", timeout_s=GENEROUS_S, worker=worker)) for _ in "abcdef"
    ]
    async with asyncio.timeout(GENEROUS_S):
        await until(two_read, "two readers")
        assert READERS.waiting == 4
        (tmp_path / "go").touch()
        assert {(await read).text for read in reads} == {"read"}
    at_once = most = 0
    for sign in log.read_text():
        at_once += 1 if sign == "+" else -1
        most = max(most, at_once)
    assert (most, at_once) == (2, 0)


async def test_one_resume_of_a_person_is_read_at_a_time(candidate: AsyncClient, other: AsyncClient) -> None:
    go_on, under_way = asyncio.Event(), asyncio.Event()
    head = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nNurse for ten years at '

    async def slowly() -> AsyncIterator[bytes]:
        yield head
        under_way.set()
        await go_on.wait()
        yield b"Springfield.\r\n--b--\r\n"

    form = {"Content-Type": "multipart/form-data; boundary=b"}
    first = asyncio.create_task(candidate.post("/api/profiles", content=slowly(), headers=form))
    await under_way.wait()
    again = await candidate.post("/api/profiles", files=TEXT)
    assert (again.status_code, again.json()["code"]) == (429, "upload_under_way")
    assert int(again.headers["Retry-After"]) > 0
    assert (await other.post("/api/profiles", files=TEXT)).status_code == 201
    go_on.set()
    assert (await first).status_code == 201
    assert (await candidate.post("/api/profiles", files=TEXT)).status_code == 201
