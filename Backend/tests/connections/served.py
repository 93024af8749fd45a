"""A small application behind the real door, and somebody who speaks to it byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from app.client_addresses import Networks
from app.connections.connection import DoorConfig, Patience
from app.connections.connection_places import ConnectionPlaces
from tests.workflows.waiting import until

PATIENCE_S = 30.0
"""Of a test, for whatever is bound to happen."""


@dataclass
class House:
    """Says how long the body of a POST was; /early answers unread, /stream and /live go on until `over` is set."""

    port: int = 0
    places: ConnectionPlaces = field(default_factory=lambda: ConnectionPlaces(1000, 1000, ()))
    over: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: /late begins to read."""
    broken_off: asyncio.Event = field(default_factory=asyncio.Event)
    """A request ended before its body did."""
    visitors: list[Visitor] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await self.over.wait()
            await send({"type": "websocket.send", "text": "still here"})
            await send({"type": "websocket.close"})
            return
        length = 0
        if scope["path"] == "/stream":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first ", "more_body": True})
            await self.over.wait()
            await send({"type": "http.response.body", "body": b"last"})
            return
        if scope["path"] == "/late":
            await self.reading.wait()
        if scope["path"] != "/early":
            message: Message = {"more_body": True}
            while message.get("more_body"):
                message = await receive()
                if message["type"] == "http.disconnect":
                    self.broken_off.set()
                    return
                length += len(message["body"])
        body = str(length).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Visitor:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def say(self, *parts: bytes) -> None:
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()

    async def hear(self, until: bytes) -> bytes:
        async with asyncio.timeout(PATIENCE_S):
            return await self._reader.readuntil(until)

    async def hear_all(self) -> bytes:
        """All until the other side closes."""
        heard = b""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while part := await self._reader.read(65536):
                    heard += part
            except ConnectionError:
                pass
        return heard

    async def go(self) -> None:
        self._writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


@asynccontextmanager
async def served(
    patience: Patience | None = None, *, in_all: int = 1000, each: int = 1000, proxies: Networks = ()
) -> AsyncIterator[House]:
    house = House(places=ConnectionPlaces(in_all, each, proxies))
    config = DoorConfig(
        house, places=house.places, patience=patience, port=0, lifespan="off", log_level="critical", access_log=False
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())
    try:

        async def has_started() -> bool:
            return server.started

        await until(has_started, "the server to listen")
        house.port = server.servers[0].sockets[0].getsockname()[1]
        yield house
    finally:
        house.over.set()
        for guest in house.visitors:
            await guest.go()
        server.should_exit = server.force_exit = True
        await running


async def visitor(house: House) -> Visitor:
    guest = Visitor(*await asyncio.open_connection("127.0.0.1", house.port))
    house.visitors.append(guest)
    return guest
