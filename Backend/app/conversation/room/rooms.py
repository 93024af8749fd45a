"""Who is in an interview now. One connection per interview; what is stored outlives each of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from app.access import Access
from app.conversation.room import repository
from app.conversation.room.engines import Engines
from app.conversation.room.room import CLOSING_TIMEOUT_S, LiveInterview
from app.conversation.room.voice_places import KEPT_AT_THE_DOOR_S, KEPT_S, VoicePlaces
from app.conversation.rules import events as on
from app.conversation.rules.effects import Effect, ScoreAnswer, Stored, StoreEnded
from app.conversation.rules.rules import step
from app.conversation.rules.state import State
from app.domain.persona import Persona
from app.domain.status import InterviewStatus
from app.errors import Conflict, ProviderError
from app.keyed_lock import KeyedLock
from app.schemas.live import Fact
from app.services.language_model.meter import attributed

log = logging.getLogger(__name__)

TAKEN_OVER = 4409
ACCOUNT_GONE = 4401
"""The same as for a sign-in that has ended."""
TAKE_OVER_TIMEOUT_S = 2 * CLOSING_TIMEOUT_S + 2.0
"""Leaving waits twice within bounds, for the last words and for the last step. This is for what hangs all the same."""
LAST_SCORES_TIMEOUT_S = 1.0
"""So long the finish job waits for scores on their way; it scores what is missing itself."""
LAST_WORK_TIMEOUT_S = 3.0
"""So long a stopping process waits for scores and for calls being ended; the next start takes up what is left."""
NOT_BEGUN = "This interview has not begun, so there is nothing to finish yet."


@dataclass(slots=True, eq=False)
class _Room:
    live: LiveInterview
    running: asyncio.Task[None]
    leaving: asyncio.Task[None] | None = None


class LiveInterviews:
    """`finish` starts the job that completes an interview; asking twice is one job.

    `score` assesses one response and returns what is to be told of it; it raises ProviderError to be tried again later.
    """

    def __init__(
        self,
        engines: Engines,
        *,
        score: Callable[[str], Awaitable[Sequence[Fact]]],
        finish: Callable[[str], Awaitable[None]],
        judgements_at_once: int = 1,
        places: VoicePlaces | None = None,
    ) -> None:
        self._engines = engines
        self._score_response = score
        self._finish = finish
        self._places = places or VoicePlaces()
        self._live: dict[str, _Room] = {}
        self._lock = KeyedLock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._scoring: dict[str, set[asyncio.Task[None]]] = {}
        self._judging = asyncio.Semaphore(judgements_at_once)

    async def connect(
        self, access: Access, interview_id: str, *, after: int, persona: Persona, typed: bool = False
    ) -> LiveInterview:
        """A second connection takes over politely: the first is told and stores what it has before this one reads.

        `typed`: this connection listens to nobody, which costs little and has places of its own.

        Raises:
            NotFound: no such interview, or it has no questions yet.
            Conflict: it is not in a state to be held (still preparing, failed).
            Unavailable: there is no place just now.
            TooMany: this person is in enough interviews.
        """
        engines = replace(self._engines, recognizer=None) if typed else self._engines
        async with self._engines.db.read() as session:
            await access.interview(session, interview_id, "change")
        async with self._lock.hold(interview_id):
            # Asked before what is stored is read: a room that goes meanwhile stores more.
            first = self._live.get(interview_id)
            loaded = await repository.load(self._engines.db, interview_id)
            if loaded.status in (InterviewStatus.PREPARING, InterviewStatus.FAILED):
                raise Conflict("interview_not_ready", "This interview is not ready yet. Please wait for its questions.")
            if first is not None:
                first.live.outbox.close(TAKEN_OVER, "opened elsewhere")
                await self._leave(first)
                loaded = await repository.load(self._engines.db, interview_id)
            heard = engines.recognizer is not None
            self._places.take(interview_id, access.user_id, heard=heard, lag_ms=self._lag_ms())
            live = LiveInterview(
                loaded,
                engines,
                persona=persona,
                score=lambda response_id: self._score(interview_id, response_id),
                ended=lambda: self._over(interview_id),
                end_call=lambda reason: self._end_call(interview_id, reason),
            )
            try:
                await live.welcome(after)
            except BaseException:
                self._places.leave(interview_id)
                raise
            with attributed(user_id=access.user_id, interview_id=interview_id):
                # No await from here to whoever asked: a room is never held by nobody.
                self._live[interview_id] = _Room(live, asyncio.get_running_loop().create_task(live.run()))
            return live

    async def disconnect(self, live: LiveInterview) -> None:
        """Stores what the room still has. Done already, or taken over meanwhile: no harm."""
        room = self._live.get(live.interview_id)
        if room is not None and room.live is live:
            await self._leave(room)

    async def end(self, interview_id: str) -> None:
        """Ends an interview that has begun, connected or not, and starts its finishing. Done already: no harm.

        Raises NotFound, and Conflict when it has not begun.
        """
        async with self._lock.hold(interview_id):
            if (room := self._live.get(interview_id)) is not None:
                room.live.post(on.EndWished())
                await self._leave(room)
                room.live.outbox.close(1000, "ended")
            loaded = await repository.load(self._engines.db, interview_id)
            unheld = (InterviewStatus.PREPARING, InterviewStatus.SCHEDULED, InterviewStatus.FAILED)
            if loaded.status in unheld and not loaded.state.begun:
                raise Conflict("interview_not_begun", NOT_BEGUN)
            if loaded.state.phase != "ended":
                await self._end_stored(loaded.state)
        await self._finish(interview_id)

    async def send_away(self, user_id: str) -> None:
        """Everybody leaves who is in a room of this account, which is about to be removed."""
        rooms = [room for room in self._live.values() if room.live.user_id == user_id]
        for room in rooms:
            room.live.outbox.close(ACCOUNT_GONE, "not_signed_in")
        await asyncio.gather(*(self._leave(room) for room in rooms))

    def is_live(self, interview_id: str) -> bool:
        return interview_id in self._live

    async def close(self) -> None:
        """Before the process ends: everybody is sent away with everything stored, and work on its way gets a moment."""
        rooms = list(self._live.values())
        for room in rooms:
            room.live.outbox.close(1012, "restarting")
        await asyncio.gather(*(self._leave(room) for room in rooms))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_WORK_TIMEOUT_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ---- inside ---------------------------------------------------------------------

    async def _leave(self, room: _Room) -> None:
        """One leaving for each room, whoever asks for it and whoever of them stops waiting: half a leaving would lose
        the last words and leave a room that nobody is in."""
        if room.leaving is None:
            room.leaving = asyncio.get_running_loop().create_task(self._left(room))
        await asyncio.shield(room.leaving)

    async def _left(self, room: _Room) -> None:
        try:
            async with asyncio.timeout(TAKE_OVER_TIMEOUT_S):
                await room.live.leave(room.running)
        except TimeoutError:
            log.error("a live interview did not leave in time")
        except Exception as error:
            # Whoever waits to come in must not be kept out by how the one before went.
            log.exception("a live interview was left with a failure: %s", type(error).__name__)
        finally:
            room.running.cancel()
            await asyncio.wait({room.running}, timeout=CLOSING_TIMEOUT_S)
            del self._live[room.live.interview_id]
            self._places.leave(room.live.interview_id, keep_s=_kept_s(room.live))

    def _lag_ms(self) -> int:
        return max((room.live.lag_ms for room in self._live.values()), default=0)

    async def _end_stored(self, state: State) -> None:
        """The machine itself ends it, so that an interview nobody is connected to ends by the same rules."""
        at = time.monotonic_ns() // 1_000_000
        effects: list[Effect] = []
        for event in (on.EndWished(), on.Ticked()):
            state, more = step(state, event, at)
            effects += more
        stored: list[Stored] = [effect for effect in effects if isinstance(effect, Stored)]
        if not any(isinstance(effect, StoreEnded) for effect in stored):
            raise Conflict("interview_not_begun", NOT_BEGUN)
        await repository.write(self._engines.db, state, state.clock.read(at), stored)
        for effect in effects:
            if isinstance(effect, ScoreAnswer):
                self._score(state.script.interview_id, effect.response_id)

    def _score(self, interview_id: str, response_id: str) -> None:
        task = self._spawn(self._score_one(interview_id, response_id))
        waiting = self._scoring.setdefault(interview_id, set())
        waiting.add(task)

        def scored(_: asyncio.Task[None]) -> None:
            waiting.discard(task)
            if not waiting and self._scoring.get(interview_id) is waiting:
                del self._scoring[interview_id]

        task.add_done_callback(scored)

    async def _score_one(self, interview_id: str, response_id: str) -> None:
        try:
            # The built-in judges one at a time: the cores belong first to those who are speaking.
            async with self._judging:
                facts = await self._score_response(response_id)
        except ProviderError as error:
            log.warning("an answer was left unscored for now: %s", error.category)
            return
        room = self._live.get(interview_id)
        if facts and room is not None:
            await room.live.tell_stored()

    def _end_call(self, interview_id: str, reason: str) -> None:
        """Outlives the connection: a call is billed until its vendor has been told."""
        if self._engines.calls is not None:
            self._spawn(self._engines.calls.end(interview_id, reason))

    def _over(self, interview_id: str) -> None:
        self._spawn(self._after_end(interview_id))

    async def _after_end(self, interview_id: str) -> None:
        waiting = set(self._scoring.get(interview_id, ()))
        if waiting:
            await asyncio.wait(waiting, timeout=LAST_SCORES_TIMEOUT_S)
        await self._finish(interview_id)

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        async def quietly() -> None:
            try:
                await work
            except Exception as error:
                # The sweep finds interviews that ended without a job, and the job finds answers without a score.
                log.exception("work after an answer failed: %s", type(error).__name__)

        task = asyncio.get_running_loop().create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _kept_s(live: LiveInterview) -> float:
    if live.over:
        return 0.0
    return KEPT_S if live.begun else KEPT_AT_THE_DOOR_S
