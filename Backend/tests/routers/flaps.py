"""A page on a bad network: connections to one room that open, overlap and break at moments nobody chose.

The real route of the real application, without a socket in between, so that a thousand of them take seconds and a
connection can break (or its task be cancelled) between any two steps of the server.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fastapi import FastAPI

LONGEST_MOMENT_S = 0.01
WISHES = (
    {"type": "interview.begin", "listen": False, "speak": False},
    {"type": "interview.pause"},
    {"type": "interview.resume"},
    {"type": "question.repeat"},
    {"type": "answer.type", "text": "I measured first and changed one thing at a time.", "done": False},
    {"type": "ping"},
)


@dataclass
class Flaps:
    """`closes` counts the codes with which the server closed; 0: the page was gone first."""

    app: FastAPI
    interview_id: str
    cookies: dict[str, str]
    random: Random
    closes: Counter[int] = field(default_factory=Counter)
    failures: list[BaseException] = field(default_factory=list)

    async def many(self, count: int) -> None:
        """Several overlap, as when a page is back, and gone again, before the server has noticed that it left."""
        while count:
            first, *others = [asyncio.Event() for _ in range(min(count, self.random.randrange(2, 6)))]
            count -= 1 + len(others)
            pages = [asyncio.create_task(self._one(first, patient=True))]
            while not (pages[0].done() or self.random.random() < 0.2):
                await self._moment()
            first.set()
            for gone in others:
                await self._moment(steps=12)
                pages.append(asyncio.create_task(self._one(gone, patient=False)))
            for gone in others:
                await self._moment()
                gone.set()
            await asyncio.gather(*pages)

    async def _one(self, gone: asyncio.Event, *, patient: bool) -> None:
        """One connection, which breaks when it is `gone`; a patient one is let in first."""
        to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        closed: list[int] = []
        welcomed = asyncio.Event()

        async def send(message: MutableMapping[str, Any]) -> None:
            # As a real server does: a send lets others run.
            await asyncio.sleep(0)
            if message["type"] == "websocket.close":
                closed.append(message["code"])
            if "interview.welcomed" in (message.get("text") or ""):
                welcomed.set()

        to_server.put_nowait({"type": "websocket.connect"})
        serving = asyncio.create_task(self.app(self._scope(), to_server.get, send))
        if patient:
            await asyncio.wait({serving, asyncio.create_task(welcomed.wait())}, return_when=asyncio.FIRST_COMPLETED)
        for _ in range(self.random.randrange(3)):
            wish = self.random.choice(WISHES)
            to_server.put_nowait({"type": "websocket.receive", "text": json.dumps(wish)})
            await self._moment()
        await gone.wait()
        if self.random.random() < 0.2:
            serving.cancel()
        to_server.put_nowait({"type": "websocket.disconnect", "code": 1006})
        welcomed.set()
        (outcome,) = await asyncio.gather(serving, return_exceptions=True)
        if isinstance(outcome, Exception):
            self.failures.append(outcome)
        self.closes[closed[0] if closed else 0] += 1

    async def _moment(self, steps: int = 40) -> None:
        if self.random.random() < 0.7:
            for _ in range(self.random.randrange(steps)):
                await asyncio.sleep(0)
        else:
            await asyncio.sleep(self.random.random() * LONGEST_MOMENT_S)

    def _scope(self) -> dict[str, Any]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path = f"/api/interviews/{self.interview_id}/live"
        return {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"after=0",
            "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode())],
            "client": ("203.0.113.7", 40000),
            "server": ("testserver", 80),
            "subprotocols": [],
            "state": {},
            "extensions": {},
        }
