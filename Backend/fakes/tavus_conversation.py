"""One conversation of the stand-in for Tavus, and what is told of it: events, webhooks, a transcript."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import httpx2

from fakes.tavus_bodies import NewConversation
from fakes.tavus_room import Room


@dataclass
class Conversation:
    asked: NewConversation
    id: str
    url: str
    room: Room
    prompt: str
    token: str = ""
    status: Literal["active", "ended"] = "active"
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    events: list[dict[str, Any]] = field(default_factory=list)
    timers: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    posting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One webhook after the other, in the order they were made."""


class Webhooks:
    """`failing` answers whether a mode is on; `spawn` runs what nobody waits for."""

    def __init__(self, failing: Callable[[str], bool], spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._failing = failing
        self._spawn = spawn

    def tell(self, one: Conversation, event_type: str, properties: dict[str, Any]) -> None:
        """Kept among the conversation's events, and sent."""
        told = _webhook(one, event_type, properties)
        kept = {name: told[name] for name in ("event_type", "timestamp", "properties")}
        if event_type == "system.shutdown":
            kept["properties"] = {"reason": properties["shutdown_reason"]}
        one.events.append(kept)
        self._send(one, told)

    def send(self, one: Conversation, event_type: str, properties: dict[str, Any]) -> None:
        self._send(one, _webhook(one, event_type, properties))

    def _send(self, one: Conversation, body: dict[str, Any]) -> None:
        if not one.asked.callback_url or self._failing("no-webhooks"):
            return
        copies = 2 if self._failing("webhooks-twice") else 1
        for _ in range(copies):
            self._spawn(_posted(one, body))

    def transcript(self, one: Conversation) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = [{"role": "system", "content": one.prompt}]
        if self._failing("no-dialogue"):
            return entries
        lines = sorted(one.room.lines, key=lambda line: line.said_at)
        for line in lines:
            entry: dict[str, Any] = {"role": line.role, "content": line.content}
            if not self._failing("old-transcript"):
                entry |= {
                    "timestamp": iso(line.said_at) if self._failing("iso-times") else line.said_at,
                    "seconds_from_start": round(line.said_at - lines[0].said_at, 2),
                    "duration": round(line.duration, 2),
                }
                if line.role == "assistant":
                    entry["inference_id"] = line.inference_id
            entries.append(entry)
        return entries


def _webhook(one: Conversation, event_type: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "properties": properties,
        "conversation_id": one.id,
        "webhook_url": one.asked.callback_url,
        "event_type": event_type,
        "message_type": event_type.split(".")[0],
        "timestamp": iso(time.time()),
    }


async def _posted(one: Conversation, body: dict[str, Any]) -> None:
    async with one.posting, httpx2.AsyncClient(timeout=10) as client:
        try:
            await client.post(one.asked.callback_url, json=body)
        except httpx2.HTTPError:
            # No retry is documented.
            return


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
