"""One round: people are interviewed and recorded while the server is killed and its disk is full, and then a night."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.server import BACKEND, Server
from chaos import audit
from chaos.disk import Disk
from chaos.ledger import InterviewLedger, Ledger
from chaos.person import AGAIN_S, GaveUp, Person
from chaos.plan import Disturbance, RoundPlan, sent
from chaos.room import Room

DATABASE: Final = "interviewdost.sqlite3"
NIGHT: Final = timedelta(days=2)
"""Longer than pieces are kept beside their video."""
CLEARED_AFTER_S: Final = 10.0
"""When no piece has gone for so long, the server keeps those that are left, which is right as well."""
AFTERMATH_S: Final = 2.0
FORGET_WITHIN_S: Final = 30.0
KEPT: Final = BACKEND.parent / ".cache" / "chaos"
COUNTS: Final = (
    "pieces receipted", "bodies cut", "kills", "full disks", "flaps", "connections of rooms", "rooms failed inside",
    "utterances told", "requests cut off", "requests put off", "server errors", "retries", "tracebacks",
    "pieces on disk before the night", "pieces on disk after the night",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    plan: RoundPlan
    ledger: Ledger
    disk: str
    seconds: float
    kept: Path | None
    """Where data and log of a failed round were kept."""

    @property
    def violations(self) -> list[str]:
        return self.ledger.violations

    def summary(self) -> str:
        people = self.plan.people
        takes = sum(len(person.takes) for person in people)
        what = f"{len(people)} people, {takes} takes, {sent(people)} pieces to send, on {self.disk}"
        return f"{what}; {self.ledger.summary(COUNTS)}; {self.seconds:.0f} s"


async def hold(plan: RoundPlan, *, backend: Path = BACKEND, keep: bool = True) -> Outcome:
    """`backend`: the checkout whose product is held to it. Violations are in the outcome, never raised."""
    began = time.monotonic()
    ledger = Ledger()
    work = Path(tempfile.mkdtemp(prefix="chaos-"))
    disk = Disk(work / "data")
    disk.open()
    server = Server(
        disk.folder, work / "server.log", backend=backend, environment={"SPEECH": "off", "RATE_LIMITS": "false"}
    )
    kept: Path | None = None
    try:
        await _Round(plan, ledger, server, disk).hold()
        if ledger.violations and keep:
            kept = KEPT / str(plan.seed)
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(work, kept, ignore=shutil.ignore_patterns("filler"))
    finally:
        await server.kill()
        kind = disk.kind
        disk.close()
        shutil.rmtree(work, ignore_errors=True)
    return Outcome(plan, ledger, kind, time.monotonic() - began, kept)


class _Round:
    def __init__(self, plan: RoundPlan, ledger: Ledger, server: Server, disk: Disk) -> None:
        self._plan = plan
        self._ledger = ledger
        self._server = server
        self._disk = disk
        self._people = [Person(server.address, each, ledger) for each in plan.people]
        self._forgotten: dict[Person, InterviewLedger] = {}
        self._held: dict[Person, InterviewLedger] = {}

    async def hold(self) -> None:
        await self._server.start()
        try:
            for person in self._people:
                await self._arrive(person)
            await self._storm()
            pages = await self._come_to_rest("before the night")
            await self._night()
            for person, interview in self._held.items():
                await self._check_recording(person, interview, pages, "after the night")
            audit.check_log(self._ledger, self._server.log, self._ledger.interviews, self._people)
        except GaveUp as error:
            self._ledger.violated(str(error))
        finally:
            for person in self._people:
                await person.close()

    async def _arrive(self, person: Person) -> None:
        await person.sign_up()
        interview = self._held[person] = await person.new_interview(person.plan.takes)
        self._ledger.interviews.append(interview)
        if person.plan.forgets:
            spare = self._forgotten[person] = await person.new_interview(person.plan.takes[:1])
            done = asyncio.Event()
            done.set()
            await person.record(spare, done)

    # ---- the storm ----

    async def _storm(self) -> None:
        visits = asyncio.gather(*(self._visit(person) for person in self._people), return_exceptions=True)
        try:
            for disturbance in self._plan.disturbances:
                await asyncio.sleep(disturbance.after_s)
                await self._strike(disturbance)
        finally:
            self._disk.free(self._server)
            if not self._server.running:
                await self._server.start()
        for outcome in await visits:
            if isinstance(outcome, GaveUp):
                self._ledger.violated(str(outcome))
            elif isinstance(outcome, BaseException):
                raise outcome

    async def _visit(self, person: Person) -> None:
        """A person's hour: the room and the recording beside it, until both are over."""
        interview = self._held[person]
        over = asyncio.Event()

        async def talk() -> None:
            try:
                await Room(person, interview).hold()
                if person.plan.ending == "finish":
                    await person.ask("POST", f"/api/interviews/{interview.id}/finish")
            finally:
                over.set()

        await asyncio.gather(talk(), person.record(interview, over))

    async def _strike(self, disturbance: Disturbance) -> None:
        blow = disturbance.blow
        if blow != "kill":
            self._ledger.count("full disks")
            self._ledger.disk_is_full = True
            self._disk.fill(self._server)
            # A bound on the size of files is not lifted by removing one, so there nothing can be deleted.
            for person in list(self._forgotten) if self._disk.is_mounted else ():
                await self._forget(person, self._forgotten.pop(person))
            await asyncio.sleep(disturbance.lasts_s)
        if blow != "disk_full":
            self._ledger.count("kills")
            await self._server.kill()
        self._disk.free(self._server)
        if not self._server.running:
            await self._server.start()
        if self._ledger.disk_is_full:
            # What failed in the last instant of it is heard of a little later.
            await asyncio.sleep(AFTERMATH_S)
            self._ledger.disk_is_full = False

    async def _forget(self, person: Person, spare: InterviewLedger) -> None:
        """Deleting works while there is no room for anything else."""
        try:
            answer = await person.ask("DELETE", f"/api/interviews/{spare.id}", patience_s=FORGET_WITHIN_S)
        except GaveUp:
            self._ledger.violated("an interview cannot be deleted while the disk is full")
            return
        if answer.status_code not in (204, 404):
            self._ledger.violated(f"deleting an interview on a full disk was answered with {answer.status_code}")

    # ---- afterwards ----

    async def _come_to_rest(self, when: str) -> dict[Person, dict[str, Any]]:
        pages: dict[Person, dict[str, Any]] = {}
        for person, interview in self._held.items():
            page = pages[person] = await audit.quiet(person, interview, self._plan.size.quiet_s)
            audit.check_transcript(self._ledger, interview, page)
            await self._check_recording(person, interview, pages, when)
        return pages

    async def _check_recording(
        self, person: Person, interview: InterviewLedger, pages: dict[Person, dict[str, Any]], when: str
    ) -> None:
        page = pages[person] = await person.results(interview.id)
        await audit.check_recording(person, interview, page, self._disk.folder / "recordings", when)

    async def _night(self) -> None:
        """Two days go by while the server stands still; then it clears away, and may be killed while it does."""
        await self._server.stop()
        await asyncio.to_thread(_age, self._disk.folder / DATABASE)
        await self._server.start()
        if self._plan.kill_in_the_night_after_s is not None:
            await asyncio.sleep(self._plan.kill_in_the_night_after_s)
            self._ledger.count("kills")
            await self._server.kill()
            await self._server.start()
        await _cleared(self._disk.folder / "recordings")


async def _cleared(recordings: Path) -> None:
    """Until no piece is left, or none has gone for a while."""
    clock = asyncio.get_running_loop().time
    left, since = -1, clock()
    while left != 0 and clock() - since < CLEARED_AFTER_S:
        count = await asyncio.to_thread(lambda: sum(1 for _ in recordings.rglob("*.piece")))
        if count != left:
            left, since = count, clock()
        await asyncio.sleep(AGAIN_S)


def _age(database: Path) -> None:
    """Every interview was over two days earlier than it was."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        for column in ("completed_at", "ended_at"):
            rows = connection.execute(f"SELECT id, {column} FROM interviews WHERE {column} IS NOT NULL").fetchall()
            for interview_id, moment in rows:
                earlier = datetime.fromisoformat(moment).replace(tzinfo=UTC) - NIGHT
                connection.execute(
                    f"UPDATE interviews SET {column} = ? WHERE id = ?",
                    (earlier.replace(tzinfo=None).isoformat(sep=" "), interview_id),
                )
