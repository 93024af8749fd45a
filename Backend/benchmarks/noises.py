"""What a noisy account does to a server, each a process of its own: `python -m benchmarks.noises NAME ADDRESS NUMBER`.

It says "under way" when it is, goes on until its input is closed, and then prints how it was answered, as JSON. It
runs with the lowest priority and from network addresses of its own (127.2.NUMBER.x, so on Linux only): in life all this
comes from other machines, whose work costs the server nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from httpx2 import AsyncClient, AsyncHTTPTransport, HTTPError, Limits, Response
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

from tests.fixtures.resumes import resume_text
from tests.fixtures.resumes.layout import one_column

PASSWORD: Final = "correct horse battery"
CLASS: Final = 30
SILENT: Final = 1_100
SLOW: Final = 24
ROOMS: Final = 30
UPLOADS: Final = 20
COPIES: Final = 60
PIECES_PER_SECOND: Final = 10
PIECE_BYTES: Final = 8 * 1024 * 1024
WEBM: Final = "video/webm;codecs=vp8,opus"
UNDER_WAY: Final = "under way"


class Noisy:
    """`number` keeps the accounts and addresses of one run apart from those of another."""

    def __init__(self, address: str, number: int) -> None:
        self.address = address
        self.number = number
        self.answers: Counter[str] = Counter()

    def source(self, host: int = 1) -> str:
        return f"127.2.{self.number % 250}.{host}"

    def client(self, host: int = 1, timeout_s: float = 60.0) -> AsyncClient:
        everything = Limits(max_connections=None, max_keepalive_connections=None)
        transport = AsyncHTTPTransport(local_address=self.source(host), limits=everything)
        return AsyncClient(base_url=f"http://{self.address}", transport=transport, timeout=timeout_s)

    async def ask(self, client: AsyncClient, method: str, path: str, **content: Any) -> Response | None:
        """Counts how it was answered; None when it was not."""
        try:
            answer = await client.request(method, path, **content)
        except HTTPError as error:
            self.answers[type(error).__name__] += 1
            return None
        self.answers[str(answer.status_code)] += 1
        return answer

    async def account(self, client: AsyncClient, host: int = 1) -> dict[str, str]:
        """A fresh account, signed in."""
        account = {"email": f"noisy-{self.number}-{host}@example.org", "name": "Noisy", "password": PASSWORD}
        for _ in range(20):
            answer = await client.post("/api/auth/sign-up", json=account)
            if answer.status_code == 201:
                return account
            await asyncio.sleep(0.5)
        raise RuntimeError(f"no account was made: {answer.status_code}")

    async def interviews(self, client: AsyncClient, count: int) -> list[str]:
        """As many of `count` as the server grants, all of them with questions."""
        made = [
            str(answer.json()["id"])
            for _ in range(count)
            if (answer := await self.ask(client, "POST", "/api/interviews", json={"role": "Noise maker"})) is not None
            and answer.status_code == 201
        ]
        for interview_id in made:
            for _ in range(400):
                if (await client.get(f"/api/interviews/{interview_id}")).json()["status"] == "scheduled":
                    break
                await asyncio.sleep(0.05)
        return made

    @contextlib.asynccontextmanager
    async def room(self, client: AsyncClient, interview_id: str) -> AsyncIterator[ClientConnection]:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        async with connect(
            f"ws://{self.address}/api/interviews/{interview_id}/live",
            additional_headers={"Cookie": cookie},
            origin=Origin(f"http://{self.address}"),
            proxy=None,
            max_size=None,
            local_addr=(self.source(), 0),
            close_timeout=1,
        ) as socket:
            yield socket


Noise = Callable[[Noisy, asyncio.Event], Awaitable[None]]
"""Goes on until it is cancelled; sets the event when it is under way."""


async def nothing(noisy: Noisy, under_way: asyncio.Event) -> None:
    under_way.set()
    await asyncio.Event().wait()


async def class_signs_in(noisy: Noisy, under_way: asyncio.Event) -> None:
    """Thirty people, each from home, in the minute in which their course begins."""
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(noisy.client(host)) for host in range(1, CLASS + 1)]
        accounts = [await noisy.account(client, host) for host, client in enumerate(clients, 1)]
        under_way.set()
        while True:
            await asyncio.gather(
                *(
                    noisy.ask(
                        client,
                        "POST",
                        "/api/auth/sign-in",
                        json={"email": account["email"], "password": account["password"]},
                    )
                    for client, account in zip(clients, accounts, strict=True)
                )
            )
            await asyncio.sleep(0.5)


async def wrong_passwords(noisy: Noisy, under_way: asyncio.Event) -> None:
    async with noisy.client() as client:
        under_way.set()

        async def guess(name: int) -> None:
            wrong = {"email": f"owner-{noisy.number}-{name}@example.org", "password": "wrong horse battery"}
            while True:
                await noisy.ask(client, "POST", "/api/auth/sign-in", json=wrong)

        await asyncio.gather(*map(guess, range(20)))


async def resumes(noisy: Noisy, under_way: asyncio.Event) -> None:
    """Of as many pages as a resume may have, twenty at once."""
    pages = one_column("\n".join([resume_text("backend")] * COPIES), pages=1)
    async with noisy.client() as client:
        await noisy.account(client)
        under_way.set()

        async def upload() -> None:
            while True:
                await noisy.ask(client, "POST", "/api/profiles", files={"file": ("resume.pdf", pages)})
                await asyncio.sleep(0.2)

        await asyncio.gather(*(upload() for _ in range(UPLOADS)))


@lru_cache(maxsize=1)
def _unknown_keys() -> bytes:
    return json.dumps({f"key-{number:07}": 1 for number in range(560_000)}).encode()


async def huge_json(noisy: Noisy, under_way: asyncio.Event) -> None:
    """9.5 MB of unknown keys, from nobody who is signed in."""
    body = _unknown_keys()
    async with noisy.client() as client:
        under_way.set()

        async def send() -> None:
            while True:
                await noisy.ask(
                    client, "POST", "/api/auth/sign-in", content=body, headers={"Content-Type": "application/json"}
                )

        await asyncio.gather(send(), send())


async def endless_json(noisy: Noisy, under_way: asyncio.Event) -> None:
    """400 MB whose length is not told, from nobody who is signed in."""

    async def body() -> AsyncIterator[bytes]:
        yield b'{"role": "'
        for _ in range(400):
            yield b"x" * 1_000_000
        yield b'"}'

    async with noisy.client() as client:
        under_way.set()
        while True:
            await noisy.ask(
                client, "POST", "/api/interviews", content=body(), headers={"Content-Type": "application/json"}
            )


async def silent_sockets(noisy: Noisy, under_way: asyncio.Event) -> None:
    """Connections that never say a word; one that is closed is opened again."""
    host, _, port = noisy.address.rpartition(":")
    tried = 0

    def one_more() -> None:
        nonlocal tried
        tried += 1
        if tried >= SILENT:
            under_way.set()

    async def hold() -> None:
        while True:
            opening = asyncio.open_connection(host, int(port), local_addr=(noisy.source(), 0))
            try:
                reader, writer = await asyncio.wait_for(opening, 5.0)
            except (OSError, TimeoutError):
                noisy.answers["not connected"] += 1
                one_more()
            else:
                one_more()
                with contextlib.suppress(OSError):
                    await reader.read()
                writer.close()
                noisy.answers["closed"] += 1
            await asyncio.sleep(0.5)

    await asyncio.gather(*(hold() for _ in range(SILENT)))


async def live_rooms(noisy: Noisy, under_way: asyncio.Event) -> None:
    """As many interviews at once as one account gets, in each of which somebody speaks without a pause."""
    async with noisy.client() as client:
        await noisy.account(client)
        made = await noisy.interviews(client, ROOMS)
        under_way.set()
        sound = _speechlike()

        async def talk(interview_id: str) -> None:
            while True:
                try:
                    async with noisy.room(client, interview_id) as socket:
                        await socket.send(json.dumps({"type": "interview.begin", "listen": True, "speak": True}))
                        reading = asyncio.create_task(_read_all(socket))
                        try:
                            for number in range(1_000_000):
                                frame = sound[number % len(sound)]
                                await socket.send((number + 1).to_bytes(4, "little") + frame)
                                await asyncio.sleep(0.04)
                        finally:
                            reading.cancel()
                except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError, EOFError):
                    noisy.answers["room closed"] += 1
                    await asyncio.sleep(0.5)

        await asyncio.gather(*map(talk, made))


def _speechlike() -> list[bytes]:
    """Four seconds in frames of 40 ms: buzzing syllables with short gaps, which a recogniser has to work on."""
    at = np.arange(4 * 16_000) / 16_000
    voice = sum(np.sin(2 * np.pi * 120 * harmonic * at) / harmonic for harmonic in range(1, 20))
    loud = (np.sin(2 * np.pi * 3 * at) > -0.4) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * at))
    samples = (voice * loud * 4_000).astype("<i2")
    return [samples[begin : begin + 640].tobytes() for begin in range(0, len(samples), 640)]


async def _read_all(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass


async def reads(noisy: Noisy, under_way: asyncio.Event) -> None:
    """The list and the results, again and again, on sixteen connections."""
    async with noisy.client() as client:
        await noisy.account(client)
        made = await noisy.interviews(client, 20)
        under_way.set()

        async def ask() -> None:
            while True:
                await noisy.ask(client, "GET", "/api/interviews?limit=50")
                await noisy.ask(client, "GET", f"/api/interviews/{made[0]}/results")

        await asyncio.gather(*(ask() for _ in range(16)))


async def messages(noisy: Noisy, under_way: asyncio.Event) -> None:
    """Rooms that are sent as many messages as they take; one that is closed for it is opened again."""
    async with noisy.client() as client:
        await noisy.account(client)
        made = await noisy.interviews(client, 2)
        under_way.set()
        frame = _speechlike()[0]

        async def flood(interview_id: str) -> None:
            while True:
                try:
                    async with noisy.room(client, interview_id) as socket:
                        await socket.send(json.dumps({"type": "interview.begin", "listen": True, "speak": False}))
                        reading = asyncio.create_task(_read_all(socket))
                        try:
                            for number in range(1_000_000):
                                await socket.send((number + 1).to_bytes(4, "little") + frame)
                                if number % 4 == 0:
                                    await socket.send(json.dumps({"type": "answer.typing"}))
                        finally:
                            reading.cancel()
                except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError, EOFError):
                    noisy.answers["room closed"] += 1

        await asyncio.gather(*map(flood, made))


async def pieces(noisy: Noisy, under_way: asyncio.Event) -> None:
    """The largest pieces, as many in a second as the limit lets through."""
    async with noisy.client() as client:
        await noisy.account(client)
        made = await noisy.interviews(client, 1)
        base = f"/api/interviews/{made[0]}"
        await client.post(f"{base}/consent", json={"recording": True})
        take = {"number": 0, "mime_type": WEBM, "clock_start_ms": 0}
        (await client.post(f"{base}/recording/takes", json=take)).raise_for_status()
        under_way.set()
        piece = os.urandom(PIECE_BYTES)
        sending: set[asyncio.Task[Response | None]] = set()
        for number in range(1_000_000):
            path = f"{base}/recording/takes/0/pieces/{number}"
            if len(sending) < 2 * PIECES_PER_SECOND:
                request = noisy.ask(client, "PUT", path, content=piece, headers={"Content-Type": WEBM})
                task = asyncio.create_task(request)
                sending.add(task)
                task.add_done_callback(sending.discard)
            await asyncio.sleep(1 / PIECES_PER_SECOND)


async def interviews(noisy: Noisy, under_way: asyncio.Event) -> None:
    async with noisy.client() as client:
        await noisy.account(client)
        under_way.set()

        async def make() -> None:
            while True:
                await noisy.ask(client, "POST", "/api/interviews", json={"role": "Noise maker", "skills": ["noise"]})

        await asyncio.gather(*(make() for _ in range(8)))


async def slow_requests(noisy: Noisy, under_way: asyncio.Event) -> None:
    """Bodies of which one byte comes every half second, and as many requests whose head never ends."""
    async with noisy.client(timeout_s=600) as client:
        await noisy.account(client)
        made = await noisy.interviews(client, 1)
        base = f"/api/interviews/{made[0]}"
        await client.post(f"{base}/consent", json={"recording": True})
        take = {"number": 0, "mime_type": WEBM, "clock_start_ms": 0}
        (await client.post(f"{base}/recording/takes", json=take)).raise_for_status()
        under_way.set()
        host, _, port = noisy.address.rpartition(":")

        async def drip() -> AsyncIterator[bytes]:
            for _ in range(100_000):
                yield b"x"
                await asyncio.sleep(0.5)

        async def body(number: int) -> None:
            path = f"{base}/recording/takes/0/pieces/{number}"
            while True:
                await noisy.ask(client, "PUT", path, content=drip(), headers={"Content-Type": WEBM})
                await asyncio.sleep(0.5)

        async def head() -> None:
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection(host, int(port), local_addr=(noisy.source(), 0))
                    writer.write(b"GET /api/interviews HTTP/1.1\r\n")
                    while not writer.is_closing():
                        writer.write(b"X-Slow: 1\r\n")
                        await writer.drain()
                        await asyncio.sleep(0.5)
                noisy.answers["closed"] += 1
                await asyncio.sleep(0.5)

        await asyncio.gather(*map(body, range(SLOW)), *(head() for _ in range(SLOW)))


NOISES: Final[dict[str, tuple[str, Noise]]] = {
    "nothing": ("nothing (how far the measurement itself is off)", nothing),
    "sign-in": (f"{CLASS} people signing in at once", class_signs_in),
    "passwords": ("wrong passwords in a loop", wrong_passwords),
    "resumes": (f"{UPLOADS} resume uploads at once", resumes),
    "huge-json": ("9.5 MB of unknown JSON keys", huge_json),
    "endless-json": ("400 MB of JSON in chunks", endless_json),
    "sockets": (f"{SILENT:,} silent sockets", silent_sockets),
    "rooms": (f"up to {ROOMS} live rooms of one account", live_rooms),
    "reads": ("a flood of lists and results", reads),
    "messages": ("a flood of messages in a room", messages),
    "pieces": ("pieces at the limit", pieces),
    "interviews": ("many interviews made", interviews),
    "slow": (f"{SLOW} slow bodies and {SLOW} slow heads", slow_requests),
}
"""What to call it, and what it does."""


async def make(name: str, address: str, number: int) -> dict[str, int]:
    noisy = Noisy(address, number)
    under_way = asyncio.Event()
    noise = asyncio.ensure_future(NOISES[name][1](noisy, under_way))
    told = asyncio.create_task(under_way.wait())
    await asyncio.wait({noise, told}, return_when=asyncio.FIRST_COMPLETED)
    if noise.done():
        noise.result()
    print(UNDER_WAY, flush=True)
    closed = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait({noise, closed}, return_when=asyncio.FIRST_COMPLETED)
    if noise.done():
        noise.result()
    noise.cancel()
    await asyncio.wait({noise}, timeout=5.0)
    return dict(noisy.answers)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=NOISES)
    parser.add_argument("address")
    parser.add_argument("number", type=int)
    chosen = parser.parse_args()
    os.nice(19)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(json.dumps(asyncio.run(make(chosen.name, chosen.address, chosen.number))), flush=True)
    # Hundreds of connections need not be closed one by one.
    os._exit(0)


if __name__ == "__main__":
    main()
