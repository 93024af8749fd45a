"""Holds an interview by typing, over the same socket that the page uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from itertools import cycle

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

TIMEOUT_S = 120.0


async def hold(address: str, interview_id: str, cookie: str, answers: Sequence[str]) -> int:
    """Answers in turn until the interview is over; how long it took on the interview clock, in milliseconds.

    Raises TimeoutError when it does not come to its end.
    """
    url = f"ws://{address}/api/interviews/{interview_id}/live"
    headers = {"Cookie": cookie}
    async with (
        asyncio.timeout(TIMEOUT_S),
        connect(url, additional_headers=headers, origin=Origin(f"http://{address}"), proxy=None) as socket,
    ):
        return await _talk(socket, answers)


async def _talk(socket: ClientConnection, answers: Sequence[str]) -> int:
    following = cycle(answers)
    clock_ms = 0
    async for message in socket:
        if isinstance(message, bytes):
            continue
        fact = json.loads(message)
        match fact["type"]:
            case "interview.welcomed":
                await _wish(socket, "interview.begin", listen=False, speak=False)
            case "speech.missing":
                await _wish(socket, "speech.finished", utterance_id=fact["utterance_id"])
            case "phase.changed" if fact["phase"] == "listening":
                await _wish(socket, "answer.type", text=next(following), done=True)
            case "utterance.added":
                clock_ms = max(clock_ms, fact["utterance"]["end_ms"])
            case "interview.ended":
                return clock_ms
    raise ConnectionError("the room closed before the interview was over")


async def _wish(socket: ClientConnection, kind: str, **fields: str | bool) -> None:
    await socket.send(json.dumps({"type": kind, **fields}))
