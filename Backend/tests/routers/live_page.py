"""A page of the interview room as a test needs it: a real socket to a real server, and what came over it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from fakes.prompt_server import PromptServer
from tests.conversation.engines import voiced

WAIT_S = 20.0


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serves on a free port of this machine; yields host:port. The application's lifespan is the server's."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", ws="websockets-sansio")
    server = PromptServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop()
        await serving


@dataclass
class Page:
    """`plays`: reports each utterance as heard as soon as it is told or its sound is complete."""

    socket: ClientConnection
    plays: bool = True
    facts: list[dict[str, Any]] = field(default_factory=list)
    sound: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)
    close_code: int | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _frames: int = 0

    async def listen(self) -> None:
        try:
            async for message in self.socket:
                if isinstance(message, bytes):
                    length = int.from_bytes(message[:4], "little")
                    header = json.loads(message[4 : 4 + length])
                    self.sound.append((header, message[4 + length :]))
                    if self.plays and header["index"] == 0:
                        await self.wish("speech.started", utterance_id=header["utterance_id"])
                    if self.plays and header["last"]:
                        await self.wish("speech.finished", utterance_id=header["utterance_id"])
                else:
                    fact = json.loads(message)
                    self.facts.append(fact)
                    if self.plays and fact["type"] == "speech.missing":
                        await self.wish("speech.finished", utterance_id=fact["utterance_id"])
                self._news.set()
        except ConnectionClosed:
            pass
        self.close_code = self.socket.close_code
        self._news.set()

    async def wish(self, type: str, **fields: Any) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self.socket.send(json.dumps({"type": type, **fields}))

    async def say(self, line: int, ms: int) -> None:
        """Sound in which the scripted ears hear this line of their script, at the speed at which a microphone gives it.

        Sent at once it would truly have been spoken before the question was asked.
        """
        for _ in range(ms // 40):
            self._frames += 1
            await asyncio.sleep(0.04)
            await self.socket.send(self._frames.to_bytes(4, "little") + voiced(line, 40))
        self._frames += 1
        await self.socket.send(self._frames.to_bytes(4, "little") + bytes(1280))

    async def until(self, holds: Callable[[Page], Any], wait_s: float = WAIT_S) -> Any:
        """Waits until `holds` gives something; the test's own deadline, not a guess of how long it takes."""

        try:
            # Not wait_for: in Python 3.11 it can lose the cancellation of whoever waits here.
            async with asyncio.timeout(wait_s):
                while not (found := holds(self)):
                    self._news.clear()
                    await self._news.wait()
                return found
        except TimeoutError:
            last = [fact["type"] + ":" + str(fact.get("phase", "")) for fact in self.facts[-12:]]
            raise AssertionError(f"it never came; last told: {last}, closed: {self.close_code}") from None

    def of(self, type: str) -> list[dict[str, Any]]:
        return [fact for fact in self.facts if fact["type"] == type]

    @property
    def phase(self) -> tuple[str, int]:
        told = [fact for fact in self.facts if fact["type"] in ("phase.changed", "interview.welcomed")]
        return (told[-1]["phase"], told[-1]["position"]) if told else ("", -1)

    async def until_phase(self, phase: str, position: int) -> None:
        await self.until(lambda page: page.phase == (phase, position))

    async def listens(self, times: int) -> bool:
        """Waits until an answer has been awaited so many times on this page. False when the interview ended instead."""

        def awaited(page: Page) -> int:
            return len([fact for fact in page.of("phase.changed") if fact["phase"] == "listening"])

        await self.until(lambda page: page.of("interview.ended") or awaited(page) >= times)
        return not self.of("interview.ended")

    async def until_line(self, text: str) -> None:
        await self.until(lambda page: text in [line["text"] for line in page.lines()])

    def lines(self) -> list[dict[str, Any]]:
        return [fact["utterance"] for fact in self.of("utterance.added")]

    def sequences(self) -> list[int]:
        return [fact["sequence"] for fact in self.facts if "sequence" in fact]


@asynccontextmanager
async def page_of(
    address: str,
    interview_id: str,
    cookies: dict[str, str],
    *,
    after: int = 0,
    origin: str | None = None,
    plays: bool = True,
    typed: bool = False,
) -> AsyncIterator[Page]:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    url = f"ws://{address}/api/interviews/{interview_id}/live?after={after}{'&typed=true' if typed else ''}"
    headers = {"Cookie": cookie} if cookie else {}
    async with connect(
        url,
        additional_headers=headers,
        origin=Origin(origin or f"http://{address}"),
        proxy=None,
        max_size=None,
    ) as socket:
        page = Page(socket, plays)
        listening = asyncio.create_task(page.listen())
        try:
            yield page
        finally:
            await socket.close()
            await listening
