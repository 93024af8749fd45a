"""One connection of a live interview: the machine between socket, ears, mouth, database and judge.

One task takes events one after the other, so that each step sees the whole of the one before. Facts are stored before
they are told; sound is not a fact and may reach the page a moment before the line of the transcript it belongs to.
Anything slow runs beside it and comes back as an event.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace

from sqlalchemy.exc import DBAPIError

from app.conversation.room import repository
from app.conversation.room.engines import Calls, Engines
from app.conversation.room.event_log import facts_after
from app.conversation.room.follow_up_choice import Chooser
from app.conversation.room.messages import message_of
from app.conversation.room.outbox import Outbox
from app.conversation.room.recognizer_feed import Ears
from app.conversation.room.voice_queue import Mouth
from app.conversation.rules import events as on
from app.conversation.rules.effects import (
    Choose,
    CutSpeech,
    Effect,
    EndCall,
    FlushHearing,
    Rehearse,
    Say,
    ScoreAnswer,
    Stored,
    StoreEnded,
    TellPhase,
)
from app.conversation.rules.phrases import ACKNOWLEDGEMENTS
from app.conversation.rules.rules import step
from app.conversation.rules.state import Answer, State
from app.disk_space import is_full
from app.domain.persona import Persona
from app.errors import Unavailable
from app.schemas.live import (
    ClockTold,
    CueModel,
    Fact,
    PersonaModel,
    Pong,
    ProblemTold,
    SpeechCut,
    SpeechHeader,
    SpeechMissing,
    Welcomed,
)
from app.services.speech.base import SpeechChunk

log = logging.getLogger(__name__)

TICK_S = 0.1
CLOSING_TIMEOUT_S = 5.0
ROOM_LOOK_S = 1.0
NO_ROOM = (
    "The server has no room left to keep what is said. Please wait a moment: the interview stands still, and goes on "
    "by itself as soon as there is room. Everything up to here is safe."
)
SEEN_EVERY_MS = 20_000
"""A call whose page has not been seen for two minutes is ended."""


@dataclass(frozen=True, slots=True)
class _Closing:
    done: asyncio.Future[None]


class LiveInterview:
    """`score` is asked to assess a response; `ended` is told once when the interview is over, `end_call` (with the
    reason) when a vendor's call is.

    `persona` says whose face and voice it is.
    Use: `welcome`, then `run` in a task, `post`/`audio` as messages come, `leave` at the end.
    """

    def __init__(
        self,
        loaded: repository.Loaded,
        engines: Engines,
        *,
        persona: Persona,
        score: Callable[[str], None],
        ended: Callable[[], None],
        end_call: Callable[[str], None],
        monotonic_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self.outbox = Outbox()
        self._loaded = loaded
        self._state: State = loaded.state
        self._engines = engines
        self._persona = persona
        self._score = score
        self._ended = ended
        self._end_call = end_call
        self._monotonic_ms = monotonic_ms
        self._wall_ms = wall_ms
        self._inbox: asyncio.Queue[on.Event | _Closing] = asyncio.Queue()
        self._ticking = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._saved_clock_ms = loaded.state.clock.base_ms
        self._seen_at_ms = 0
        self._sound_lost_told = False
        self._told: int | None = None
        self._telling = asyncio.Lock()
        self._mouth = Mouth(
            engines.voice,
            engines.spoken,
            voice_id=persona.voice,
            play=self._play,
            missing=self._missing,
            lost=self._voice_lost,
        )
        self._chooser = Chooser(engines.language_model, loaded)
        self._ears: Ears | None = None
        if engines.recognizer is not None:
            self._ears = Ears(
                engines.recognizer,
                _vocabulary(loaded),
                now_ms=self._now_ms,
                report=self._inbox.put_nowait,
                dropped=self._sound_lost,
            )

    @property
    def interview_id(self) -> str:
        return self._state.script.interview_id

    @property
    def user_id(self) -> str:
        return self._loaded.user_id

    @property
    def begun(self) -> bool:
        return self._state.begun

    @property
    def over(self) -> bool:
        return self._state.phase == "ended"

    @property
    def lag_ms(self) -> int:
        """How far our ears are behind this person's voice, at the worst of the last seconds."""
        return 0 if self._ears is None else self._ears.lag_ms

    # ---- from the connection ------------------------------------------------

    async def welcome(self, after: int) -> None:
        """Where things stand, then the facts after `after`."""
        state = self._state
        place = state.place
        call = state.phase != "ended" and await self._call_active()
        self.outbox.tell(
            Welcomed(
                phase=state.wire_phase,
                clock_ms=self._now_ms(),
                question_id=place.question_id if place else None,
                follow_up_id=place.follow_up_id if place else None,
                position=place.position if place else 0,
                planned=len(state.script.questions),
                begun=state.begun,
                hears=self._ears is not None,
                speaks=self._engines.voice is not None,
                recording_take=self._loaded.recording_take,
                persona=PersonaModel(name=self._persona.name, face=self._persona.face),
                led_by="call" if call else "us",
                last_sequence=self._loaded.last_sequence,
            )
        )
        self._told = min(after, self._loaded.last_sequence)
        await self.tell_stored()

    async def tell_stored(self) -> None:
        """Sends the facts that are stored and not yet sent, in their order, whoever stored them.

        Two writers (the conversation, the judge) finish in any order; a page that saw number 8 before 7 and then lost
        its connection would never ask for 7.
        """
        async with self._telling:
            if self._told is None:
                return
            async with self._engines.db.read() as session:
                facts = await facts_after(session, self.interview_id, self._told)
            for fact in facts:
                self._told = fact.sequence
                self.outbox.tell(fact)

    def begin(self, *, listen: bool, speak: bool) -> None:
        self._mouth.muted = not speak
        for words in ACKNOWLEDGEMENTS:
            self._mouth.rehearse(words)
        self.post(on.Began(listen and self._ears is not None, self._wall_ms()))

    def post(self, event: on.Event) -> None:
        self._inbox.put_nowait(event)

    def microphone(self, *, listen: bool) -> None:
        self.post(on.MicrophoneSet(listen and self._ears is not None))

    def audio(self, sequence: int, pcm: bytes) -> None:
        """A frame of the microphone. Not listened to while paused, muted, not begun or over."""
        state = self._state
        if self._ears is None or not state.live or state.paused or not state.hears or state.phase == "ended":
            return
        self._ears.offer(sequence, pcm)

    def pong(self) -> None:
        self._see_call()
        self.outbox.tell(Pong(clock_ms=self._now_ms()))
        self.outbox.tell(ClockTold(clock_ms=self._now_ms(), running=self._state.clock.running))

    async def run(self) -> None:
        """Until the connection leaves. An unexpected failure closes it; the page comes back to what is stored."""
        self._spawn(self._mouth.run())
        self._spawn(self._tick())
        if self._ears is not None:
            self._spawn(self._ears.run())
        try:
            while True:
                event = await self._inbox.get()
                if isinstance(event, _Closing):
                    event.done.set_result(None)
                    return
                if isinstance(event, on.Ticked):
                    self._ticking = False
                if isinstance(event, on.Began):
                    event = replace(event, call=await self._call_active())
                elif isinstance(event, on.CallJoined) and not await self._call_active():
                    continue
                await self._handle(event)
        except Exception as error:
            log.exception("a live interview's step failed: %s", type(error).__name__)
            self.outbox.close(1011, "failed")
        finally:
            for task in self._tasks:
                task.cancel()
            self._mouth.close()

    async def leave(self, running: asyncio.Task[None]) -> None:
        """The connection is gone: last words are heard out, the clock stands, everything is stored."""
        others, self._tasks = self._tasks, set()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._ears is not None:
            try:
                async with asyncio.timeout(CLOSING_TIMEOUT_S):
                    await self._ears.close()
            except TimeoutError:
                # What was understood so far is stored all the same, and the clock must stand.
                log.warning("the last words of a live interview were not heard out in time")
        self.post(on.Left(self._wall_ms()))
        closing = _Closing(asyncio.get_running_loop().create_future())
        self._inbox.put_nowait(closing)
        await asyncio.wait({running, closing.done}, timeout=CLOSING_TIMEOUT_S)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    # ---- one step -----------------------------------------------------------------

    async def _handle(self, event: on.Event) -> None:
        before = self._state
        done = step(before, event, self._monotonic_ms())
        self._state = done.state
        for effect in done.effects:
            if isinstance(effect, Say):
                # First of all: what the candidate waits for is the sound.
                self._mouth.say(effect.utterance_id, effect.text)
        stored: list[Stored] = [effect for effect in done.effects if isinstance(effect, Stored)]
        left = isinstance(event, on.Left)
        if stored or left or before.paused != done.state.paused or before.led_by != done.state.led_by:
            clock_ms = self._now_ms()
            facts = await self._write(done.state, clock_ms, stored)
            self._saved_clock_ms = clock_ms
            if facts:
                await self.tell_stored()
        for effect in done.effects:
            self._carry_out(effect)

    async def _write(self, state: State, clock_ms: int, stored: list[Stored]) -> list[Fact]:
        """On a full disk it waits until there is room, with everything that was said since; the page is told."""
        told = False
        while True:
            try:
                return await repository.write(self._engines.db, state, clock_ms, stored)
            except DBAPIError as error:
                if not is_full(error):
                    raise
            if not told:
                told = True
                log.error("a live interview waits for room on the disk")
                self.outbox.tell(ProblemTold(code="disk_full", message=NO_ROOM))
            await asyncio.sleep(ROOM_LOOK_S)

    def _carry_out(self, effect: Effect) -> None:
        message = message_of(effect)
        if message is not None:
            self.outbox.tell(message)
        match effect:
            case TellPhase(phase, question_id, None) if question_id is not None:
                if phase == "asking" or (phase == "listening" and self._state.led_by == "call"):
                    self._spawn(self._chooser.get_ready_to_judge(question_id))
            case EndCall(reason):
                self._end_call(reason)
            case CutSpeech(utterance_id):
                self._mouth.cut(utterance_id)
                self.outbox.unspeak(utterance_id)
                self.outbox.tell(SpeechCut(utterance_id=utterance_id))
            case FlushHearing():
                if self._ears is not None:
                    self._ears.flush()
                else:
                    self.post(on.Flushed((), ()))
            case Choose(answer):
                self._spawn(self._choose(answer))
            case ScoreAnswer(response_id):
                self._score(response_id)
            case Rehearse(text):
                self._mouth.rehearse(text)
            case StoreEnded():
                self._ended()

    # ---- the vendor's call -----------------------------------------------------------

    async def _call_active(self) -> bool:
        calls = self._engines.calls
        return calls is not None and await calls.active(self.interview_id)

    def _see_call(self) -> None:
        at = self._monotonic_ms()
        if self._engines.calls and self._state.led_by == "call" and at - self._seen_at_ms >= SEEN_EVERY_MS:
            self._seen_at_ms = at
            self._spawn(self._seen(self._engines.calls))

    async def _seen(self, calls: Calls) -> None:
        await calls.seen(self.interview_id)

    # ---- beside it ---------------------------------------------------------------------

    async def _choose(self, answer: Answer) -> None:
        self.post(await self._chooser.choose(answer))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if not self._ticking:
                self._ticking = True
                self.post(on.Ticked())
            clock_ms = self._now_ms()
            if clock_ms - self._saved_clock_ms >= repository.CLOCK_SAVED_EVERY_MS:
                self._saved_clock_ms = clock_ms
                # Beside it: the conversation does not stand still while the database is busy.
                self._spawn(self._save_clock(clock_ms))

    async def _save_clock(self, clock_ms: int) -> None:
        try:
            await repository.save_clock(self._engines.db, self.interview_id, clock_ms)
        except Unavailable:
            return
        except DBAPIError as error:
            if not is_full(error):
                raise

    def _spawn(self, work: Coroutine[object, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            error = task.exception()
            log.error("a part of a live interview failed: %s", type(error).__name__, exc_info=error)
            self.outbox.close(1011, "failed")

    # ---- what the parts report -----------------------------------------------------------

    def _now_ms(self) -> int:
        return self._state.clock.read(self._monotonic_ms())

    def _play(self, utterance_id: str, index: int, chunk: SpeechChunk, last: bool) -> bool:
        header = SpeechHeader(
            utterance_id=utterance_id,
            index=index,
            last=last,
            text=chunk.text,
            duration_ms=chunk.duration_ms,
            cues=[CueModel(t=cue.at_ms, v=cue.viseme) for cue in chunk.cues],
        )
        return self.outbox.speak(header, chunk.pcm)

    def _missing(self, utterance_id: str, text: str) -> None:
        self.outbox.tell(SpeechMissing(utterance_id=utterance_id, text=text))

    def _voice_lost(self) -> None:
        message = "The interviewer's voice has failed here. The interview goes on in another voice, or in writing."
        self.outbox.tell(ProblemTold(code="voice_lost", message=message))

    def _sound_lost(self) -> None:
        if not self._sound_lost_told:
            self._sound_lost_told = True
            message = "Your sound arrives faster than we can read it, so some words are missing. You can type them."
            self.outbox.tell(ProblemTold(code="audio_dropped", message=message))


def _vocabulary(loaded: repository.Loaded) -> list[str]:
    """Words a recogniser would otherwise mishear: the role, the skills, and what the questions are about."""
    terms = [loaded.state.script.role, *loaded.skills]
    terms += [claim.organisation for claim in loaded.claims]
    terms += [row.grounding for row in loaded.questions.values()]
    return list(dict.fromkeys(term.strip() for term in terms if term.strip()))[:200]
