"""kill -9 in the middle of an answer: the next process finds the question, the words and the facts."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest
from httpx2 import AsyncClient

from app.db import Database
from app.settings import Settings
from tests.house import sign_up
from tests.routers.live_page import page_of
from tests.routers.test_live import prepared

pytestmark = pytest.mark.anyio

START_TIMEOUT_S = 60.0


async def started(settings: Settings) -> tuple[asyncio.subprocess.Process, str]:
    """The product as a process of its own on these data; its address once it says that it is ready."""
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import socket, uvicorn, sys\n"
        "from app.main import create_app\n"
        "from app.settings import Settings\n"
        "listening = socket.create_server(('127.0.0.1', 0))\n"
        "print(listening.getsockname()[1], flush=True)\n"
        "config = uvicorn.Config(create_app(Settings()), log_level='warning')\n"
        "uvicorn.Server(config).run(sockets=[listening])\n",
        stdout=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_url,
            "SPEECH": "off",
            "RATE_LIMITS": "false",
        },
    )
    assert server.stdout is not None
    line = await asyncio.wait_for(server.stdout.readline(), START_TIMEOUT_S)
    return server, f"127.0.0.1:{int(line)}"


async def test_a_killed_process_loses_nothing_that_was_told(settings: Settings) -> None:
    server, address = await started(settings)
    try:
        async with AsyncClient(base_url=f"http://{address}", timeout=30) as client:
            me = await sign_up(client)
            db = Database(settings.resolved_database_url)
            interview_id, questions = await prepared(db, me["id"])
            await db.close()
            cookies = dict(client.cookies)
        async with page_of(address, interview_id, cookies) as page:
            await page.wish("interview.begin", listen=False, speak=False)
            await page.until_phase("listening", 0)
            await page.wish("answer.type", text="The first answer, whole.", done=True)
            await page.until_phase("listening", 1)
            await page.wish("answer.type", text="Half of the second", done=False)
            await page.until_line("Half of the second")
            told = [fact for fact in page.facts if "sequence" in fact]
            server.send_signal(signal.SIGKILL)
            await page.until(lambda page: page.close_code)
        await server.wait()
        server, address = await started(settings)
        async with page_of(address, interview_id, cookies) as page:
            welcome = (await page.until(lambda page: page.of("interview.welcomed")))[0]
            assert (welcome["question_id"], welcome["position"], welcome["begun"]) == (questions[1], 1, True)
            await page.until(lambda page: len(page.sequences()) >= len(told))
            assert [fact for fact in page.facts if "sequence" in fact][: len(told)] == told
            await page.wish("interview.begin", listen=False, speak=False)
            await page.until_phase("listening", 1)
            assert [line["text"] for line in page.lines() if line["kind"] == "repeat"]
            await page.wish("answer.type", text="and the other half.", done=True)
            await page.until(lambda page: page.of("interview.ended"))
            second = [line["text"] for line in page.lines() if line["question_id"] == questions[1]]
            assert [text for text in second if "half" in text.lower()] == ["Half of the second", "and the other half."]
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()
