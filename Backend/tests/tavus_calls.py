"""What tests about calls share: the stand-in, an adapter to it, and a page that sits in a call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import websockets

from app.conversation.call.instructions import instructions
from app.services.avatar.base import AvatarBrief
from app.services.avatar.tavus.avatar import Tavus
from app.services.vendor_http import new_client
from app.settings import Settings
from fakes.base import served
from fakes.credentials import TAVUS_API_KEY, TAVUS_REPLICA_ID
from fakes.tavus import Tavus as TavusFake

QUESTIONS = ("What did you build at Acme?", "Why did you choose Kafka there?", "Tell me about a conflict you had.")
PATIENCE_S = 15.0
_opened: list[Tavus] = []


@contextmanager
def tavus_served(*modes: str, **arguments: Any) -> Iterator[TavusFake]:
    fake = TavusFake(**{"pace_s": 0.001, **arguments})
    for mode in modes:
        fake.switch(mode)
    with served(fake):
        yield fake


def adapter(fake: TavusFake, *, key: str = TAVUS_API_KEY, timeout_s: float = 10.0, **changes: Any) -> Tavus:
    arguments = {"replica_id": TAVUS_REPLICA_ID, "call_origin": fake.address, **changes}
    made = Tavus(new_client(fake.address, timeout_s=timeout_s, headers={"x-api-key": key}), **arguments)
    _opened.append(made)
    return made


async def close_adapters() -> None:
    """For the end of a test: a forgotten connection is a warning, and a warning an error."""
    while _opened:
        await _opened.pop().close()


def brief(name: str = "interview-1", callback_url: str | None = None) -> AvatarBrief:
    told = instructions(
        questions=QUESTIONS,
        candidate_name="Asha Verma",
        role="Backend Engineer",
        background="Backend engineer\nPython, Kafka",
    )
    return AvatarBrief(
        name=name, interview_id="1", instructions=told, greeting="Hello, Asha.", callback_url=callback_url
    )


def with_tavus(settings: Settings, fake: TavusFake) -> Settings:
    """The same installation, wired to the stand-in."""
    values = settings.model_dump() | {
        "avatar": "tavus",
        "tavus_api_key": TAVUS_API_KEY,
        "tavus_replica_id": TAVUS_REPLICA_ID,
        "tavus_api_url": fake.address,
        "tavus_call_origin": fake.address,
    }
    return Settings(_env_file=None, **values)


class Page:
    """A page in the room, as far as its socket is concerned."""

    def __init__(self, socket: Any, conversation_id: str) -> None:
        self._socket = socket
        self._conversation_id = conversation_id
        self.heard: list[dict[str, Any]] = []

    async def until(self, event_type: str, containing: str = "") -> dict[str, Any]:
        """Reads on to an app-message of this type whose words contain `containing`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = json.loads(await self._socket.recv())
                self.heard.append(message)
                app: dict[str, Any] = message.get("app") or {}
                words = (app.get("properties") or {}).get("speech", "")
                if app.get("event_type") == event_type and containing in words:
                    return app

    async def over(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while "over" not in (message := json.loads(await self._socket.recv())):
                self.heard.append(message)

    async def send(self, event_type: str, **properties: Any) -> None:
        app = {
            "message_type": "conversation",
            "event_type": event_type,
            "conversation_id": self._conversation_id,
            "properties": properties,
        }
        await self._socket.send(json.dumps({"app": app}))

    async def say(self, text: str) -> None:
        await self._socket.send(json.dumps({"say": text}))

    def said(self) -> list[tuple[str, str]]:
        """Finished lines so far: role and words."""
        apps = [message["app"] for message in self.heard if "app" in message]
        return [
            (app["properties"]["role"], app["properties"]["speech"])
            for app in apps
            if app["event_type"] == "conversation.utterance"
        ]


@asynccontextmanager
async def joined(url: str, token: str) -> AsyncIterator[Page]:
    """Raises PermissionError with the room's own type of refusal."""
    where = urlsplit(url)
    id = where.path.strip("/")
    address = f"ws://{where.netloc}/_room/{id}?t={token}&allowed=camera%20microphone"
    async with websockets.connect(address) as socket:
        first = json.loads(await socket.recv())
        if "refused" in first:
            raise PermissionError(first["refused"]["type"])
        yield Page(socket, id)
