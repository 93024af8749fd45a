"""Somebody with an account who does not give up: each request is made again until the server has answered it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import AsyncIterator
from typing import Any, Final

from httpx2 import AsyncClient, HTTPError, Response

from chaos.ledger import InterviewLedger, Ledger, TakeLedger
from chaos.plan import PersonPlan, TakePlan

PATIENCE_S: Final = 240.0
AGAIN_S: Final = 0.15
PASSWORD: Final = "correct horse battery"
ROLES: Final = ("Backend engineer", "Emergency nurse", "Shop manager")


class GaveUp(Exception):
    """The server did not answer for so long that no person would still wait."""


class Person:
    """`token` makes an address of its own, so that no two rounds meet."""

    def __init__(self, address: str, plan: PersonPlan, ledger: Ledger) -> None:
        self.plan = plan
        self.email = f"{plan.name}-{secrets.token_hex(4)}@example.org"
        self.ledger = ledger
        self.chance = random.Random(plan.seed)
        self.address = address
        self.client = AsyncClient(base_url=f"http://{address}", timeout=60, headers={"Origin": f"http://{address}"})
        self._signing_in = asyncio.Lock()

    async def close(self) -> None:
        await self.client.aclose()

    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())

    async def sign_up(self) -> None:
        account = {"email": self.email, "name": self.plan.name, "password": PASSWORD}
        answer = await self.ask("POST", "/api/auth/sign-up", json=account, signed_in=False)
        if answer.status_code == 409:
            # The answer to the first try was lost, the account was not.
            await self.sign_in()

    async def sign_in(self) -> None:
        account = {"email": self.email, "password": PASSWORD}
        answer = await self.ask("POST", "/api/auth/sign-in", json=account, signed_in=False)
        if answer.status_code != 200:
            self.ledger.violated(f"an account that was made cannot sign in: {answer.status_code}")

    async def ask(
        self, method: str, path: str, *, signed_in: bool = True, patience_s: float = PATIENCE_S, **content: Any
    ) -> Response:
        """The first answer that says something: not "later", not "sign in again". Raises GaveUp."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + patience_s
        while clock() < deadline:
            try:
                answer = await self.client.request(method, path, **content)
            except HTTPError:
                self.ledger.count("requests cut off")
                await asyncio.sleep(AGAIN_S)
                continue
            if answer.status_code == 401 and signed_in:
                await self._sign_in_again()
            elif answer.status_code in (429, 503, 507):
                self.ledger.count("requests put off")
                await asyncio.sleep(min(2.0, float(answer.headers.get("retry-after", AGAIN_S))))
            elif answer.status_code >= 500:
                self.ledger.violated(f"{answer.status_code} at {method} {_route(path)}")
                self.ledger.count("server errors")
                await asyncio.sleep(AGAIN_S)
            else:
                return answer
        raise GaveUp(f"{method} {_route(path)} was not answered for {patience_s:.0f} s")

    async def _sign_in_again(self) -> None:
        before = self.cookie()
        async with self._signing_in:
            if self.cookie() == before:
                await self.sign_in()

    # ---- interviews ----

    async def new_interview(self, takes: tuple[TakePlan, ...]) -> InterviewLedger:
        """With its questions planned and the recording agreed to."""
        wanted = {"role": self.chance.choice(ROLES), "skills": ["Python"]}
        made = await self.ask("POST", "/api/interviews", json=wanted)
        if made.status_code != 201:
            raise GaveUp(f"an interview was refused with {made.status_code}")
        interview = InterviewLedger(
            made.json()["id"], await asyncio.to_thread(lambda: [TakeLedger.of(each) for each in takes])
        )
        while (status := (await self.interview(interview.id))["status"]) != "scheduled":
            if status == "failed":
                self.ledger.count("preparations tried again")
                await self.ask("POST", f"/api/interviews/{interview.id}/retry")
            await asyncio.sleep(AGAIN_S)
        await self.ask("POST", f"/api/interviews/{interview.id}/consent", json={"recording": True})
        return interview

    async def interview(self, interview_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.ask("GET", f"/api/interviews/{interview_id}")).json()
        return found

    async def results(self, interview_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.ask("GET", f"/api/interviews/{interview_id}/results")).json()
        return found

    # ---- recordings ----

    async def record(self, interview: InterviewLedger, over: asyncio.Event) -> None:
        """Sends all takes at the same time, each as its plan says; late pieces once the interview is `over`."""
        starts: list[int] = []
        clock_ms = 0
        for take in interview.takes:
            starts.append(clock_ms)
            clock_ms += round(take.plan.seconds * 1000) + 500
        await asyncio.gather(
            *(self._send(interview.id, take, start, over) for take, start in zip(interview.takes, starts, strict=True))
        )

    async def _send(self, interview_id: str, take: TakeLedger, start_ms: int, over: asyncio.Event) -> None:
        plan = take.plan
        base = f"/api/interviews/{interview_id}/recording/takes"
        wanted = {"number": plan.number, "mime_type": plan.device.mime_type, "clock_start_ms": start_ms}
        announced = await self.ask("POST", base, json=wanted)
        if announced.status_code != 201:
            self.ledger.violated(f"a take was refused with {announced.status_code}")
            return
        for place, (number, pause_s) in enumerate(zip(plan.order, plan.pauses, strict=True)):
            if place >= plan.late:
                await over.wait()
            await asyncio.sleep(pause_s)
            path = f"{base}/{plan.number}/pieces/{number}"
            if number in plan.cut:
                await self._cut_off(path, plan.device.mime_type, take.pieces[number])
            answer = await self.ask(
                "PUT", path, content=take.pieces[number], headers={"Content-Type": plan.device.mime_type}
            )
            if answer.status_code == 200:
                take.receipted.add(number)
                self.ledger.count("pieces receipted")
            else:
                self.ledger.violated(f"a piece was refused with {answer.status_code} {_code(answer)}")
        if plan.end_told:
            await self.ask("POST", f"{base}/{plan.number}/end", json={"pieces": plan.pieces})

    async def _cut_off(self, path: str, mime_type: str, piece: bytes) -> None:
        """A line that breaks in the middle of a body: announced in full, sent by half, and gone."""
        host, _, port = self.address.rpartition(":")
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: {self.address}\r\nCookie: {self.cookie()}\r\n"
            f"Content-Type: {mime_type}\r\nContent-Length: {len(piece)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):
            async with _line(host, int(port)) as writer:
                writer.write(head.encode() + piece[: len(piece) // 2])
                await writer.drain()
                await asyncio.sleep(self.chance.uniform(0, 0.1))
            self.ledger.count("bodies cut")


@contextlib.asynccontextmanager
async def _line(host: str, port: int) -> AsyncIterator[asyncio.StreamWriter]:
    _, writer = await asyncio.open_connection(host, port)
    try:
        yield writer
    finally:
        writer.transport.abort()


def _route(path: str) -> str:
    """Without the ids, which say nothing to who reads it."""
    return "/".join("…" if len(part) == 36 else "n" if part.isdigit() else part for part in path.split("/"))


def _code(answer: Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
