"""Whatever one account does, nobody else waits longer for it.

    python -m benchmarks.neighbours [--size short|full] [--only NAME …] [--speech off] [--backend PATH]

A real server with its limits on. A quiet person does what people do: looks at the list, has five questions written,
answers in a live room, and sends the pieces of a recording. That is measured alone and beside each noise in turn
(`benchmarks/noises.py`), in many short pairs of which now one and now the other side comes first, so that a machine
that becomes slower or faster counts in both. Each noise of a pair is an account of its own with all its allowances.

The bound: no p95 is more than 20 % above that of the same person alone, nor is a request refused or lost. How sure that
is, says an interval (`benchmarks/comparison.py`). Ends with 1 where it is surely broken.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from httpx2 import AsyncClient, AsyncHTTPTransport, HTTPError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

from benchmarks.comparison import Verdict, Visit
from benchmarks.comparison import compared as compared_measure
from benchmarks.noises import NOISES, PASSWORD, UNDER_WAY, WEBM
from benchmarks.server import BACKEND, Server

PATIENCE_S: Final = 20.0
"""A person has gone by then; it counts as lost, and with this time."""
VISIT_S: Final = 60.0
"""So long a visit waits in all; what would have come after it is lost as well."""
PIECE_BYTES: Final = 270_000
"""Two seconds of picture and sound."""
MEASURES: Final = ("piece → receipt", "submit → questions", "answer → reply", "list")
OPEN_FILES: Final = 1_024
"""What a plain system lets a process open, until it asks for more."""
LAST_WORDS_S: Final = 60.0
SETTLE_S: Final = 120.0
ANSWER: Final = "I led the migration of the billing service to a queue, and failed payments fell from 4 % to 2 %."


@dataclass(frozen=True, slots=True)
class Size:
    """`pairs` of a visit alone and one beside, each with so many samples."""

    pairs: int
    pieces: int
    questions: int
    replies: int
    lists: int


SIZES: Final = {"short": Size(4, 10, 3, 4, 6), "full": Size(12, 20, 4, 4, 12)}


@dataclass
class Cost:
    """What the server took for the visits of one side."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_mb: float = 0.0


class Lost(Exception):
    """An answer that was no help."""


class Quiet:
    """A person with an account of their own at a network address of their own, who asks for no more than people do."""

    def __init__(self, address: str, number: int) -> None:
        self._address = address
        self._source = f"127.1.{number // 250}.{number % 250 + 1}"
        self._number = number
        self._visits = 0
        self._client = AsyncClient(
            base_url=f"http://{address}",
            transport=AsyncHTTPTransport(local_address=self._source),
            timeout=PATIENCE_S,
        )
        self._recorded = ""
        self._pieces = 0
        self._leaves_at = 0.0

    async def arrive(self) -> None:
        """As somebody new: nobody makes as many interviews as all the visits do together."""
        self._client.cookies.clear()
        self._visits += 1
        self._pieces = 0
        account = {"email": f"quiet-{self._number}-{self._visits}@example.org", "name": "Quiet", "password": PASSWORD}
        (await self._client.post("/api/auth/sign-up", json=account)).raise_for_status()
        self._recorded = await self._questions()
        base = f"/api/interviews/{self._recorded}"
        (await self._client.post(f"{base}/consent", json={"recording": True})).raise_for_status()
        take = {"number": 0, "mime_type": WEBM, "clock_start_ms": 0}
        (await self._client.post(f"{base}/recording/takes", json=take)).raise_for_status()

    async def leave(self) -> None:
        await self._client.aclose()

    async def visit(self, size: Size, into: Visit) -> None:
        """All measures in turn, a little of each at a time, so that all of them meet the noise."""
        prepared: list[str] = []
        self._leaves_at = time.perf_counter() + VISIT_S

        async def questions() -> None:
            prepared.append(await self._questions())

        for _ in range(size.questions):
            await self._timed(into, MEASURES[1], questions)
        async with contextlib.AsyncExitStack() as stack:
            room: Room | None = None
            for turn in range(size.replies):
                for _ in range(_share(size.pieces, size.replies, turn)):
                    await self._timed(into, MEASURES[0], self._piece)
                for _ in range(_share(size.lists, size.replies, turn)):
                    await self._timed(into, MEASURES[3], self._list)
                if room is None and prepared:
                    with contextlib.suppress(Lost, OSError, InvalidHandshake, ConnectionClosed, TimeoutError, EOFError):
                        room = await stack.enter_async_context(self._room(prepared[0]))
                await self._timed(into, MEASURES[2], room.reply if room else _no_room)

    async def _timed(self, into: Visit, measure: str, work: Callable[[], Awaitable[None]]) -> None:
        began = time.perf_counter()
        try:
            if began > self._leaves_at:
                raise Lost
            async with asyncio.timeout(PATIENCE_S):
                await work()
        except (Lost, HTTPError, OSError, ConnectionClosed, TimeoutError):
            into.add(measure, PATIENCE_S * 1000, lost=True)
        else:
            into.add(measure, (time.perf_counter() - began) * 1000)

    async def _piece(self) -> None:
        path = f"/api/interviews/{self._recorded}/recording/takes/0/pieces/{self._pieces}"
        self._pieces += 1
        answer = await self._client.put(path, content=os.urandom(PIECE_BYTES), headers={"Content-Type": WEBM})
        _expect(answer.status_code, 200)

    async def _list(self) -> None:
        _expect((await self._client.get("/api/interviews")).status_code, 200)

    async def _questions(self) -> str:
        made = await self._client.post("/api/interviews", json={"role": "Backend engineer", "skills": ["Python"]})
        _expect(made.status_code, 201)
        interview_id = str(made.json()["id"])
        while (
            status := (await self._client.get(f"/api/interviews/{interview_id}")).json().get("status")
        ) != "scheduled":
            if status == "failed":
                raise Lost
            await asyncio.sleep(0.02)
        return interview_id

    @contextlib.asynccontextmanager
    async def _room(self, interview_id: str) -> AsyncIterator[Room]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())
        async with connect(
            f"ws://{self._address}/api/interviews/{interview_id}/live?typed=true",
            additional_headers={"Cookie": cookie},
            origin=Origin(f"http://{self._address}"),
            proxy=None,
            max_size=None,
            local_addr=(self._source, 0),
            open_timeout=PATIENCE_S,
            close_timeout=1,
        ) as socket:
            room = Room(socket)
            reading = asyncio.create_task(room.read())
            try:
                await room.begin()
                yield room
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)


class Room:
    """The page of somebody who types and reads."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._phase = ""
        self._lines = 0
        self._gone = False
        self._news = asyncio.Event()

    async def read(self) -> None:
        try:
            async for message in self._socket:
                if isinstance(message, bytes):
                    continue
                fact: dict[str, Any] = json.loads(message)
                match fact["type"]:
                    case "phase.changed":
                        self._phase = fact["phase"]
                    case "utterance.added" if fact["utterance"]["speaker"] == "interviewer":
                        self._lines += 1
                    case "speech.missing":
                        await self._wish("speech.finished", utterance_id=fact["utterance_id"])
                self._news.set()
        finally:
            self._gone = True
            self._news.set()

    async def begin(self) -> None:
        await self._wish("interview.begin", listen=False, speak=False)
        async with asyncio.timeout(PATIENCE_S):
            await self._until(lambda: self._phase == "listening")

    async def reply(self) -> None:
        """From the answer to the interviewer's next words."""
        await self._until(lambda: self._phase == "listening")
        told = self._lines
        self._phase = ""
        await self._wish("answer.type", text=ANSWER, done=True)
        await self._until(lambda: self._lines > told)

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            if self._gone:
                raise Lost
            self._news.clear()
            await self._news.wait()

    async def _wish(self, type: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": type, **fields}))


async def _no_room() -> None:
    raise Lost


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise Lost


def _share(whole: int, turns: int, turn: int) -> int:
    return whole * (turn + 1) // turns - whole * turn // turns


# ---- one noise -------------------------------------------------------------------------


@dataclass
class Comparison:
    """Each pair's visit alone and beside, what they cost, and how the noise was answered."""

    pairs: list[tuple[Visit, Visit]] = field(default_factory=list)
    alone: Cost = field(default_factory=Cost)
    beside: Cost = field(default_factory=Cost)
    answers: Counter[str] = field(default_factory=Counter)


async def compared(server: Server, name: str, number: int, size: Size) -> Comparison:
    found = Comparison()
    quiet = Quiet(server.address, number)

    async def alone() -> Visit:
        visit = Visit()
        await settled(server)
        await quiet.arrive()
        async with measured(server, found.alone):
            await quiet.visit(size, visit)
        return visit

    async def beside(pair: int) -> Visit:
        visit = Visit()
        await settled(server)
        await quiet.arrive()
        async with noise(server, name, number * size.pairs + pair, found.answers), measured(server, found.beside):
            await quiet.visit(size, visit)
        return visit

    # What a server does for the first time takes longer, and says nothing about neighbours.
    await alone()
    found.alone = Cost()
    for pair in range(size.pairs):
        if pair % 2:
            loud = await beside(pair)
            found.pairs.append((await alone(), loud))
        else:
            found.pairs.append((await alone(), await beside(pair)))
    await settled(server)
    await quiet.leave()
    return found


@contextlib.asynccontextmanager
async def noise(server: Server, name: str, number: int, answers: Counter[str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.noises",
        name,
        server.address,
        str(number),
        cwd=BACKEND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the noise is not connected")
    try:
        if (await process.stdout.readline()).decode().strip() != UNDER_WAY:
            raise RuntimeError(f"the noise {name} ended before it was under way")
        yield
        process.stdin.close()
        try:
            answers.update(json.loads(await asyncio.wait_for(process.stdout.readline(), LAST_WORDS_S) or b"{}"))
        except TimeoutError:
            answers["no account given of it"] += 1
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@contextlib.asynccontextmanager
async def measured(server: Server, into: Cost) -> AsyncIterator[None]:
    async def look() -> None:
        while True:
            into.memory_mb = max(into.memory_mb, server.memory_mb())
            await asyncio.sleep(0.1)

    looking = asyncio.create_task(look())
    cpu_s, began = server.cpu_s(), time.monotonic()
    try:
        yield
    finally:
        looking.cancel()
        into.cpu_s += server.cpu_s() - cpu_s
        into.wall_s += time.monotonic() - began


async def settled(server: Server) -> None:
    """Until the server has done what it had to do."""
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        before = server.cpu_s()
        await asyncio.sleep(0.5)
        if server.cpu_s() - before < 0.05:
            return


# ---- the table ---------------------------------------------------------------------------


def table(name: str, found: Comparison) -> tuple[str, list[Verdict]]:
    lines = [f"{NOISES[name][0]}"]
    verdicts: list[Verdict] = []
    for measure in MEASURES:
        one = compared_measure(found.pairs, measure)
        verdicts.append(one.verdict)
        lines.append(
            f"  {measure:20} alone p50 {one.alone_p50:5.0f} p95 {one.alone_p95:5.0f} ms   "
            f"beside p50 {one.beside_p50:5.0f} p95 {one.beside_p95:5.0f} ms   "
            f"× {one.beside_p95 / one.alone_p95:.2f} ({one.low:.2f}-{one.high:.2f})   "
            f"lost {one.lost}/{one.count}   {one.verdict}"
        )
    answers, alone, beside = found.answers, found.alone, found.beside
    refused = sum(times for answer, times in answers.items() if not answer.startswith("2"))
    told = ", ".join(f"{times} × {answer}" for answer, times in answers.most_common(5)) or "nothing"
    lines.append(
        f"  server: {beside.cpu_s / beside.wall_s:.2f} cores beside ({alone.cpu_s / alone.wall_s:.2f} alone), "
        f"at most {beside.memory_mb:.0f} MB ({alone.memory_mb:.0f}); noise refused {refused}: {told}; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return "\n".join(lines), verdicts


async def measure(names: Sequence[str], size: Size, folder: Path, backend: Path, speech: str) -> list[str]:
    """The noises beside which the bound is surely broken. Each meets a server of its own, without an aftermath."""
    broken: list[str] = []
    for number, name in enumerate(names):
        server = Server(
            folder / name,
            folder / f"{name}.log",
            backend=backend,
            environment={"SPEECH": speech, "RATE_LIMITS": "true"},
            open_files=OPEN_FILES,
        )
        await server.start()
        try:
            found = await compared(server, name, number, size)
        except (HTTPError, OSError, RuntimeError, Lost) as error:
            print(f"{NOISES[name][0]}\n  could not be measured: {type(error).__name__} {error}", flush=True)
            broken.append(name)
            continue
        finally:
            await server.stop()
        row, verdicts = table(name, found)
        print(row, flush=True)
        if "broken" in verdicts:
            broken.append(name)
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neighbours")
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--only", nargs="+", choices=NOISES, default=list(NOISES))
    parser.add_argument("--speech", choices=("local", "off"), default="local")
    parser.add_argument("--backend", type=Path, default=BACKEND, help="the Backend folder of another checkout")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; size {chosen.size}, speech {chosen.speech}")
    with tempfile.TemporaryDirectory(prefix="neighbours-") as folder:
        backend = chosen.backend.resolve()
        broken = asyncio.run(measure(chosen.only, SIZES[chosen.size], Path(folder), backend, chosen.speech))
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    if "nothing" in broken:
        print("beside nobody it looks broken as well: this machine was too busy to say anything; measure again")
    print(f"the bound is surely broken beside: {', '.join(broken)}" if broken else "it is surely broken nowhere")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
