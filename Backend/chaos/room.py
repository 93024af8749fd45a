"""The interview room of a person whose network comes and goes while they type."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Origin

from chaos.ledger import InterviewLedger
from chaos.person import AGAIN_S, GaveUp, Person

ROOM_TIMEOUT_S: Final = 240.0
FAILED_INSIDE, NOT_UNDERSTOOD, NOT_SIGNED_IN = 1011, 4400, 4401
ANSWERS: Final = (
    "I led the migration of the billing service to a queue, and failed payments fell from 4 % to 2 %.",
    "I trained two colleagues and measured the waiting time every week; it fell from 45 to 20 minutes.",
    "We disagreed about the release, so I showed the risk in numbers and we moved it by four days.",
)


class Room:
    """`hold` leads the interview to its end over as many connections as that takes."""

    def __init__(self, person: Person, interview: InterviewLedger) -> None:
        self._person = person
        self._interview = interview
        self._chance = person.chance
        self._flaps_left = person.plan.flaps
        self._answers_before_leaving = self._chance.randint(1, 4)
        self._answered = 0
        self._socket: ClientConnection | None = None
        self._over = asyncio.Event()
        self._number = 0
        self._told_why = False
        self._welcomed = False

    async def hold(self) -> None:
        """Returns when the interview has ended in the room, or the person leaves it to finish it outside."""
        flapping = asyncio.create_task(self._flap())
        try:
            async with asyncio.timeout(ROOM_TIMEOUT_S):
                while not self._over.is_set():
                    await self._visit()
        except TimeoutError:
            raise GaveUp("an interview did not come to its end in its room") from None
        finally:
            flapping.cancel()
            await asyncio.gather(flapping, return_exceptions=True)

    async def _visit(self) -> None:
        """One connection, until it is gone."""
        address = self._person.address
        after = max(self._interview.lines, default=0)
        try:
            async with connect(
                f"ws://{address}/api/interviews/{self._interview.id}/live?after={after}",
                additional_headers={"Cookie": self._person.cookie()},
                origin=Origin(f"http://{address}"),
                proxy=None,
                open_timeout=30,
                close_timeout=1,
            ) as socket:
                self._socket = socket
                with contextlib.suppress(ConnectionClosed):
                    await self._talk(socket)
                await self._left(socket)
        except InvalidStatus as refused:
            if refused.response.status_code == 500:
                self._person.ledger.violated("500 at the door of a room")
            await asyncio.sleep(AGAIN_S)
        except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError, EOFError):
            await asyncio.sleep(AGAIN_S)
        finally:
            self._socket = None

    async def _left(self, socket: ClientConnection) -> None:
        code = socket.close_code
        self._person.ledger.count("connections of rooms")
        if code == FAILED_INSIDE:
            self._failed_inside()
        elif code == NOT_UNDERSTOOD:
            self._person.ledger.violated("a room did not understand its page (4400)")
        elif code == NOT_SIGNED_IN:
            await self._person.sign_in()
        if not self._welcomed or code not in (None, 1000, 1006):
            # Like a page: who is not let in does not knock a hundred times a second.
            await asyncio.sleep(AGAIN_S)

    def _failed_inside(self) -> None:
        ledger = self._person.ledger
        ledger.count("rooms failed inside")
        if not ledger.disk_is_full:
            ledger.violated("a room failed inside (1011)")
        elif not self._told_why:
            ledger.violated("a room failed inside (1011) without a word while the disk was full")

    async def _talk(self, socket: ClientConnection) -> None:
        typing: asyncio.Task[None] | None = None
        self._told_why = self._welcomed = False
        try:
            async for message in socket:
                if isinstance(message, bytes):
                    continue
                fact = json.loads(message)
                match fact["type"]:
                    case "interview.welcomed":
                        self._welcomed = True
                        if fact["phase"] == "ended":
                            self._over.set()
                            return
                        await _wish(socket, "interview.begin", listen=False, speak=False)
                        if fact["phase"] == "paused":
                            # The line broke before the pause was over.
                            await _wish(socket, "interview.resume")
                    case "problem.told":
                        self._told_why = True
                    case "utterance.added":
                        self._note(fact)
                    case "speech.missing":
                        await _wish(socket, "speech.finished", utterance_id=fact["utterance_id"])
                    case "phase.changed" if fact["phase"] == "listening":
                        if typing is None or typing.done():
                            typing = asyncio.create_task(self._answer(socket))
                    case "interview.ended":
                        self._over.set()
                        return
                if self._over.is_set():
                    return
        finally:
            if typing is not None:
                typing.cancel()
                await asyncio.gather(typing, return_exceptions=True)

    def _note(self, fact: dict[str, Any]) -> None:
        told = self._interview.lines.setdefault(fact["sequence"], fact["utterance"])
        if told != fact["utterance"]:
            self._person.ledger.violated("one fact was told in two ways")

    async def _answer(self, socket: ClientConnection) -> None:
        """Types, thinks, skips or leaves. What was sent and never told back may be lost: it was not acknowledged."""
        chance = self._chance
        await asyncio.sleep(chance.uniform(0, 0.25))
        if self._answered >= self._answers_before_leaving and self._person.plan.ending != "conversation":
            if self._person.plan.ending == "wish":
                await _wish(socket, "interview.end")
            else:
                self._over.set()
                await socket.close()
            return
        self._answered += 1
        draw = chance.random()
        if draw < 0.08:
            await _wish(socket, "question.skip")
        elif draw < 0.16:
            await _wish(socket, "interview.pause")
            await asyncio.sleep(chance.uniform(0, 0.1))
            await _wish(socket, "interview.resume")
            await self._type(socket, done=True)
        else:
            for _ in range(chance.choice((0, 0, 1, 2))):
                await self._type(socket, done=False)
                await asyncio.sleep(chance.uniform(0, 0.1))
            await self._type(socket, done=True)
            if chance.random() < 0.3:
                self._break(socket)

    async def _type(self, socket: ClientConnection, *, done: bool) -> None:
        self._number += 1
        text = f"{self._chance.choice(ANSWERS)} That was note {self._number}."
        self._interview.typed[text] += 1
        await _wish(socket, "answer.type", text=text, done=done)

    async def _flap(self) -> None:
        """Breaks the line, or opens the room in a second tab, at any moment."""
        while self._flaps_left > 0:
            await asyncio.sleep(self._chance.uniform(0, 0.4))
            if self._socket is None:
                continue
            if self._chance.random() < 0.25:
                await self._take_over()
            else:
                self._break(self._socket)

    def _break(self, socket: ClientConnection) -> None:
        if self._flaps_left > 0:
            self._flaps_left -= 1
            self._person.ledger.count("flaps")
            socket.transport.abort()

    async def _take_over(self) -> None:
        """Another tab comes while this one is there, and goes at once."""
        self._flaps_left -= 1
        self._person.ledger.count("flaps")
        address = self._person.address
        with contextlib.suppress(OSError, InvalidHandshake, ConnectionClosed, TimeoutError, EOFError):
            async with connect(
                f"ws://{address}/api/interviews/{self._interview.id}/live",
                additional_headers={"Cookie": self._person.cookie()},
                origin=Origin(f"http://{address}"),
                proxy=None,
                open_timeout=30,
                close_timeout=1,
            ) as socket:
                await asyncio.sleep(self._chance.uniform(0, 0.05))
                socket.transport.abort()
                with contextlib.suppress(ConnectionClosed):
                    await socket.recv()
                if socket.close_code == FAILED_INSIDE:
                    self._failed_inside()


async def _wish(socket: ClientConnection, type: str, **fields: Any) -> None:
    await socket.send(json.dumps({"type": type, **fields}))
