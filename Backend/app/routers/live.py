"""The live interview's WebSocket: who may come in, what the messages mean, and how much of them is too much."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, FastAPI, Query, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError
from starlette.requests import HTTPConnection

from app.access import Access
from app.capabilities import Capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.conversation.room.engines import Calls, Engines
from app.conversation.room.outbox import Close
from app.conversation.room.room import LiveInterview
from app.conversation.room.rooms import LiveInterviews
from app.conversation.room.voice_places import VoicePlaces
from app.conversation.room.voice_queue import SpokenWords
from app.conversation.rules import events as on
from app.disk_space import RETRY_AFTER_S, RETRY_MESSAGE, is_full
from app.domain.json import JsonObject
from app.errors import Conflict, NotFound, NotSignedIn, TooMany, Unavailable
from app.routers.dependencies import capabilities_of, fair_share_of, identity_of
from app.routers.rate_limits import rate_limiter_of
from app.routers.security import is_same_origin
from app.schemas import live as wire
from app.workflows.response_score import judgements_at_once, score_response

log = logging.getLogger(__name__)

router = APIRouter(prefix="/api", tags=["live"])

TRY_LATER, BAD_MESSAGE, NOT_SIGNED_IN, CROSS_ORIGIN, NOT_FOUND, NOT_READY = 1013, 4400, 4401, 4403, 4404, 4425
MAX_TEXT_BYTES = 16_384
MAX_FRAME_BYTES = 6_400 + 4
"""200 ms of sound and its number; the page sends 40 ms."""
FRAMES_PER_SECOND, FRAME_BURST = 40, 300
"""A page sends 25 frames a second; after a stalled network several seconds of them come at once."""
WISHES_PER_SECOND, WISH_BURST = 20, 200
LAST_WORDS_TIMEOUT_S = 2.0
IDLE_TIMEOUT_S = 90.0
"""The page sends a ping every few seconds; who is silent for this long is gone."""


def live_interviews_of(connection: HTTPConnection) -> LiveInterviews:
    """The one register of live interviews in this process."""
    state = connection.app.state
    if not hasattr(state, "live_interviews"):
        capabilities = capabilities_of(connection)
        engines = Engines(
            capabilities.db,
            capabilities.language_model,
            capabilities.recognizer,
            capabilities.voice,
            SpokenWords(),
            _calls(capabilities),
        )
        state.live_interviews = LiveInterviews(
            engines,
            score=partial(score_response, capabilities.db, capabilities.language_model),
            finish=capabilities.jobs.finish,
            judgements_at_once=judgements_at_once(capabilities.settings),
            places=VoicePlaces(heard=capabilities.settings.voice_places),
        )
    register: LiveInterviews = state.live_interviews
    return register


async def leave_live_interviews(app: FastAPI) -> None:
    """Before what they use is closed. Rooms are left with everything stored."""
    register: LiveInterviews | None = getattr(app.state, "live_interviews", None)
    if register is not None:
        await register.close()


def _calls(capabilities: Capabilities) -> Calls | None:
    if capabilities.avatar.kind == "built-in":
        return None

    async def active(interview_id: str) -> bool:
        async with capabilities.db.read() as session:
            return await avatar_sessions.active_session(session, interview_id) is not None

    async def end(interview_id: str, reason: str) -> None:
        await avatar_sessions.end(capabilities, interview_id, reason=reason)

    return Calls(active, partial(avatar_sessions.seen, capabilities.db), end)


@router.websocket("/interviews/{interview_id}/live")
async def hold_interview(
    socket: WebSocket, interview_id: str, after: int = Query(default=0, ge=0, le=10_000_000), typed: bool = False
) -> None:
    # Accepted first in every case: a refusal before the handshake reaches a browser as 1006, which says nothing.
    await socket.accept()
    # A WebSocket carries cookies from any site and knows no CORS: the Origin is all that tells our page from another.
    if not is_same_origin(socket, https=capabilities_of(socket).settings.secure_cookies):
        await _refuse(socket, CROSS_ORIGIN, "cross_origin", "This request came from another site and was refused.")
        return
    try:
        who = await identity_of(socket)
    except NotSignedIn as error:
        await _refuse(socket, NOT_SIGNED_IN, error.code, error.message)
        return
    except Unavailable as error:
        # Whoever vouches for people cannot be asked just now: the page tries again.
        await _refuse(socket, TRY_LATER, error.code, error.message, error.retry_after_s)
        return
    except DBAPIError as error:
        await _refuse_full(socket, error)
        return
    register = live_interviews_of(socket)
    try:
        rate_limiter_of(socket).take(("room", who.subject))
        persona = capabilities_of(socket).persona
        async with fair_share_of(socket).turn(f"request {who.subject}"):
            live = await register.connect(Access(who.subject), interview_id, after=after, persona=persona, typed=typed)
    except NotFound as error:
        await _refuse(socket, NOT_FOUND, error.code, error.message)
        return
    except Conflict as error:
        await _refuse(socket, NOT_READY, error.code, error.message)
        return
    except (TooMany, Unavailable) as error:
        await rate_limiter_of(socket).keep_back(error)
        await _refuse(socket, TRY_LATER, error.code, error.message, error.retry_after_s)
        return
    except DBAPIError as error:
        await _refuse_full(socket, error)
        return
    writer = asyncio.create_task(_write(socket, live))
    reader = asyncio.create_task(_read(socket, live))
    signed_out = asyncio.create_task(capabilities_of(socket).accounts.until_ended(who))
    try:
        await asyncio.wait({reader, writer, signed_out}, return_when=asyncio.FIRST_COMPLETED)
        if signed_out.done():
            # Nothing more is taken from whoever this is; what was said so far waits for the person to sign in again.
            reader.cancel()
            ended = wire.ProblemTold(code="not_signed_in", message="You have been signed out. Everything said is kept.")
            live.outbox.refuse(ended, NOT_SIGNED_IN, "not_signed_in")
            await asyncio.wait({writer}, timeout=LAST_WORDS_TIMEOUT_S)
        elif reader.done() and not writer.done():
            # What was told last (a problem, and the close with it) still goes out.
            live.outbox.close(1000, "goodbye")
            await asyncio.wait({writer}, timeout=LAST_WORDS_TIMEOUT_S)
    finally:
        beside = (reader, writer, signed_out)
        for task in beside:
            task.cancel()
        try:
            await asyncio.gather(*beside, return_exceptions=True)
        finally:
            # Also when this task is being cancelled: a room that nobody leaves would be held for ever.
            await register.disconnect(live)


async def _refuse_full(socket: WebSocket, error: DBAPIError) -> None:
    """Nothing can be written, so nothing can be held. Any other failure of the database is a fault, and is raised."""
    if not is_full(error):
        raise error
    await _refuse(socket, TRY_LATER, "disk_full", RETRY_MESSAGE, RETRY_AFTER_S)


async def _refuse(
    socket: WebSocket, close_code: int, code: str, message: str, retry_after_s: int | None = None
) -> None:
    told = wire.ProblemTold(code=code, message=message, retry_after_s=retry_after_s)
    await socket.send_text(told.model_dump_json())
    await socket.close(close_code, code)


async def _write(socket: WebSocket, live: LiveInterview) -> None:
    try:
        async for message in live.outbox.messages():
            if isinstance(message, Close):
                await socket.close(message.code, message.reason)
            elif isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_text(message)
    except (WebSocketDisconnect, RuntimeError):
        # The page is gone in the middle of a message; what was stored waits for it.
        return


async def _read(socket: WebSocket, live: LiveInterview) -> None:
    frames = _Bucket(FRAMES_PER_SECOND, FRAME_BURST)
    wishes = _Bucket(WISHES_PER_SECOND, WISH_BURST)
    while True:
        try:
            message = await asyncio.wait_for(socket.receive(), IDLE_TIMEOUT_S)
        except TimeoutError:
            live.outbox.close(1001, "silent for too long")
            return
        if message["type"] == "websocket.disconnect":
            return
        data: bytes | None = message.get("bytes")
        if data is not None:
            if len(data) > MAX_FRAME_BYTES or len(data) < 6 or len(data) % 2:
                _bad(live, "A piece of sound was too long or incomplete. Please reload the page.")
                return
            await frames.take()
            live.audio(int.from_bytes(data[:4], "little"), data[4:])
            continue
        text: str = message.get("text") or ""
        if len(text) > MAX_TEXT_BYTES or len(text.encode()) > MAX_TEXT_BYTES:
            _bad(live, "That message is too long. Please shorten your answer and send it in parts.")
            return
        await wishes.take()
        try:
            wish = wire.WISH.validate_json(text)
        except ValidationError:
            _bad(live, "The page sent something we do not understand. Please reload it.")
            return
        _translate(live, wish)


def _bad(live: LiveInterview, message: str) -> None:
    live.outbox.tell(wire.ProblemTold(code="not_understood", message=message))
    live.outbox.close(BAD_MESSAGE, "not understood")


def _translate(live: LiveInterview, wish: wire.Wish) -> None:
    match wish:
        case wire.Ping():
            live.pong()
        case wire.Begin():
            live.begin(listen=wish.listen, speak=wish.speak)
        case wire.MicrophoneSet():
            live.microphone(listen=wish.listen)
        case wire.AnswerType():
            live.post(on.Typed(wish.text, wish.done))
        case wire.SpeechStarted():
            live.post(on.SpeechStarted(wish.utterance_id))
        case wire.SpeechFinished():
            live.post(on.SpeechFinished(wish.utterance_id))
        case wire.CallSaid():
            live.post(on.CallSaid(wish.key, wish.order, wish.speaker, wish.text, wish.interrupted))
        case wire.CallSpeaking():
            live.post(on.CallSpeaking(wish.speaker, wish.speaking))
        case wire.CallLost():
            live.post(on.CallLost(wish.reason))
        case _:
            live.post(_PLAIN[type(wish)]())


_PLAIN: dict[type[BaseModel], Callable[[], on.Event]] = {
    wire.AnswerTyping: on.Typing,
    wire.AnswerDone: on.SaidDone,
    wire.ThinkingHold: on.HoldWished,
    wire.QuestionRepeat: on.RepeatWished,
    wire.QuestionSkip: on.SkipWished,
    wire.Pause: on.PauseWished,
    wire.Resume: on.ResumeWished,
    wire.End: on.EndWished,
    wire.CallJoined: on.CallJoined,
    wire.AvatarSwitch: on.SwitchWished,
}


class _Bucket:
    """So many a second, with room for a burst. What is more waits, and with it whoever sends it."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = burst
        self._at = time.monotonic()

    async def take(self) -> None:
        at = time.monotonic()
        self._left = min(self._burst, self._left + (at - self._at) * self._per_second) - 1
        self._at = at
        if self._left < 0:
            await asyncio.sleep(-self._left / self._per_second)


def live_schema() -> JsonObject:
    """The socket's messages as JSON-schema components: Wish, Fact, SpeechHeader and all they are made of."""
    found: JsonObject = {}
    refer = "#/components/schemas/{model}"
    told = {
        "Wish": wire.WISH.json_schema(ref_template=refer, mode="validation"),
        "Fact": wire.FACT.json_schema(ref_template=refer, mode="serialization"),
        "SpeechHeader": wire.SpeechHeader.model_json_schema(ref_template=refer, mode="serialization"),
    }
    for name, schema in told.items():
        found.update(schema.pop("$defs", {}))
        found[name] = schema
    return found
