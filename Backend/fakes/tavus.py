"""A stand-in for Tavus: conversations, personas, webhooks, and the room that Daily would serve for the call.

It keeps time: a room nobody comes into, that everybody has left, or that lasts too long, ends by itself. Beside the
vendor's API it serves

    GET  /{conversation_id}   what an embedding page loads: a stand-in for the prebuilt call
    POST /_fake/say           {"conversation_id": "…", "text": "…"}: the candidate speaks (no id: in the only call)
    GET  /_fake/calls         every call with what its page sent
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Query, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from fakes.base import Fake
from fakes.credentials import TAVUS_API_KEY, TAVUS_REPLICA_ID
from fakes.tavus_bodies import MODES, Body, NewConversation, NewPersona, Say
from fakes.tavus_conversation import Conversation, Webhooks, iso
from fakes.tavus_room import Room, questions_in

PAGE = Path(__file__).with_name("tavus_room.html")
MAX_CONCURRENT = 3
LATE_TRANSCRIPT_S = 8.0
SLOW_S = 30.0


T = TypeVar("T", bound=Body)


class Refused(Exception):
    def __init__(self, status: int, body: dict[str, str], headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.answer = JSONResponse(body, status, headers)


class Dropped(Response):
    """Begins an answer and never ends it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"400")]})
        await send({"type": "http.response.body", "body": b'{"conv', "more_body": True})
        raise ConnectionError("the fake drops this connection on purpose")


class Tavus(Fake):
    """`pace_s`: seconds per spoken word. `max_concurrent`: places of the plan."""

    def __init__(self, *, pace_s: float = 0.15, max_concurrent: int = MAX_CONCURRENT) -> None:
        super().__init__("tavus", MODES, FastAPI(openapi_url=None, docs_url=None, redoc_url=None))
        self.pace_s = pace_s
        self.max_concurrent = max_concurrent
        self.slow_s = SLOW_S
        self.late_transcript_s = LATE_TRANSCRIPT_S
        self.conversations: dict[str, Conversation] = {}
        self.personas: dict[str, NewPersona] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._webhooks = Webhooks(self.failing, self._spawn)
        app = self.app
        app.add_exception_handler(Refused, _refused)
        app.middleware("http")(self._gate)
        app.add_api_route("/v2/conversations", self._create, methods=["POST"], response_model=None)
        app.add_api_route("/v2/conversations", self._list, methods=["GET"])
        app.add_api_route("/v2/conversations/{id}", self._one, methods=["GET"])
        app.add_api_route("/v2/conversations/{id}/end", self._ended, methods=["POST"])
        app.add_api_route("/v2/conversations/{id}", self._deleted, methods=["DELETE"])
        app.add_api_route("/v2/personas", self._new_persona, methods=["POST"])
        app.add_api_route("/v2/personas", self._list_personas, methods=["GET"])
        app.add_api_route("/_fake/say", self._say, methods=["POST"])
        app.add_api_route("/_fake/calls", self._calls, methods=["GET"])
        app.add_api_websocket_route("/_room/{id}", self._room)
        app.add_api_route("/{id}", self._page, methods=["GET"])

    @property
    def scale(self) -> float:
        return 0.02 if self.failing("hurried") else 1.0

    # ---- the API ----------------------------------------------------------------------

    async def _gate(self, request: Request, go_on: Any) -> Response:
        if request.url.path.startswith("/v2/"):
            if request.headers.get("x-api-key") != TAVUS_API_KEY:
                return JSONResponse({"message": "Invalid access token"}, 401)
            if self.failing("slow"):
                await asyncio.sleep(self.slow_s)
            if self.failing("down"):
                return JSONResponse({"message": "Service Unavailable"}, 503)
            if self.failing("throttled"):
                return JSONResponse({"message": "Too Many Requests"}, 429, {"Retry-After": "1"})
        response: Response = await go_on(request)
        return response

    async def _create(self, request: Request) -> Response:
        asked = await _parsed(request, NewConversation)
        replica, persona = asked.replica_id or asked.face_id, asked.persona_id or asked.pal_id
        if replica is not None and replica != TAVUS_REPLICA_ID:
            raise Refused(400, {"error": "Invalid replica_uuid"})
        if persona is not None and persona not in self.personas:
            raise Refused(400, {"error": "Invalid persona_id"})
        if replica is None and (persona is None or not self.personas[persona].default_replica_id):
            raise Refused(400, {"error": "replica_id is required"})
        if self.failing("no-credit"):
            raise Refused(402, {"message": "The user is out of conversational credits"})
        active = sum(one.status == "active" for one in self.conversations.values())
        if not asked.test_mode and (self.failing("busy") or active >= self.max_concurrent):
            raise Refused(400, {"message": "User has reached maximum concurrent conversations"})
        if self.failing("create-fails"):
            raise Refused(500, {"message": "Internal Server Error"})
        made = self._made(asked)
        if self.failing("create-lost"):
            return Dropped()
        if self.failing("create-lost-500"):
            raise Refused(500, {"message": "Internal Server Error"})
        if self.failing("create-unreadable"):
            return HTMLResponse("<html>gateway</html>")
        body = {
            "conversation_id": made.id,
            "conversation_name": asked.conversation_name,
            "conversation_url": made.url,
            "status": made.status,
            "callback_url": asked.callback_url,
            "created_at": iso(made.created_at),
        }
        return JSONResponse(body | ({"meeting_token": made.token} if made.token else {}))

    def _made(self, asked: NewConversation) -> Conversation:
        id = f"c{secrets.token_hex(8)}"
        persona = self.personas.get(asked.persona_id or asked.pal_id or "")
        room = Room(
            conversation_id=id,
            greeting=asked.custom_greeting,
            questions=questions_in(asked.conversational_context),
            pace_s=self.pace_s * self.scale,
            failing=self.failing,
            on_died=lambda reason: self._over(id, reason),
        )
        host = "https://elsewhere.example" if self.failing("foreign-url") else self.address
        prompt = "\n\n".join(filter(None, (persona.system_prompt if persona else "", asked.conversational_context)))
        made = Conversation(asked, id, f"{host}/{id}", room, prompt)
        if asked.require_auth:
            made.token = f"eyJhbGciOiJIUzI1NiJ9.{secrets.token_urlsafe(24)}.{secrets.token_urlsafe(24)}"
        self.conversations[id] = made
        if asked.test_mode:
            made.status = "ended"
            return made
        self._timer(made, "absent", asked.properties.participant_absent_timeout, "participant_absent_timeout reached")
        self._timer(made, "max", asked.properties.max_call_duration, "max_call_duration reached")
        joined = {"replica_id": asked.replica_id or asked.face_id or ""}
        self._webhooks.tell(made, "system.replica_joined", joined)
        # Sent under both names now.
        self._webhooks.send(made, "system.pal_joined", {"face_id": joined["replica_id"]})
        return made

    async def _list(
        self, limit: int = Query(10, ge=1, le=100), page: int = Query(1, ge=1), status: str = ""
    ) -> dict[str, Any]:
        if status not in ("", "active", "ended"):
            raise Refused(400, {"error": "status must be active or ended"})
        newest_first = sorted(self.conversations.values(), key=lambda one: -one.created_at)
        found = [one for one in newest_first if status in ("", one.status)]
        rows = [self._row(one, place) for place, one in enumerate(found)]
        return {"data": rows[(page - 1) * limit : page * limit], "total_count": len(found)}

    async def _one(self, id: str, verbose: str = "") -> dict[str, Any]:
        found = self._known(id)
        return self._row(found) | ({"events": found.events} if verbose == "true" else {})

    async def _ended(self, id: str) -> Response:
        found = self._known(id)
        if self.failing("end-fails"):
            raise Refused(500, {"message": "Internal Server Error"})
        if found.status == "ended":
            raise Refused(400, {"error": "Conversation has already ended"})
        self._over(id, "end_conversation_endpoint_hit")
        return Response(status_code=200)

    async def _deleted(self, id: str, hard: str = "") -> Response:
        self._known(id)
        self._over(id, "end_conversation_endpoint_hit")
        del self.conversations[id]
        return Response(status_code=204)

    async def _new_persona(self, request: Request) -> dict[str, Any]:
        asked = await _parsed(request, NewPersona)
        if asked.default_replica_id not in (None, TAVUS_REPLICA_ID):
            raise Refused(400, {"error": "Invalid replica_uuid"})
        id = f"p{secrets.token_hex(6)}"
        self.personas[id] = asked
        return self._persona(id) | {"created_at": iso(time.time())}

    async def _list_personas(
        self, limit: int = Query(10, ge=1, le=100), page: int = Query(1, ge=1), persona_type: str = ""
    ) -> dict[str, Any]:
        ids = list(self.personas)
        return {"data": [self._persona(id) for id in ids[(page - 1) * limit : page * limit]], "total_count": len(ids)}

    def _persona(self, id: str) -> dict[str, Any]:
        name = self.personas[id].persona_name
        if self.failing("new-names"):
            return {"pal_id": id, "pal_name": name}
        return {"persona_id": id, "persona_name": name}

    def _known(self, id: str) -> Conversation:
        if id not in self.conversations:
            raise Refused(400, {"error": "Invalid conversation_id"})
        return self.conversations[id]

    def _row(self, one: Conversation, place: int = 0) -> dict[str, Any]:
        persona, replica = one.asked.persona_id or one.asked.pal_id, one.asked.replica_id or one.asked.face_id
        new = self.failing("new-names") or (self.failing("mixed-names") and place % 2 == 0)
        return {
            "conversation_id": one.id,
            "conversation_name": one.asked.conversation_name,
            "status": one.status,
            "conversation_url": one.url,
            "callback_url": one.asked.callback_url,
            "face_id" if new else "replica_id": replica,
            "pal_id" if new else "persona_id": persona,
            "created_at": iso(one.created_at),
            "updated_at": iso(one.updated_at),
        }

    # ---- time and ends --------------------------------------------------------------------

    def _timer(self, one: Conversation, name: str, seconds: float, reason: str) -> None:
        self._stop_timer(one, name)
        loop = asyncio.get_running_loop()
        one.timers[name] = loop.call_later(seconds * self.scale, self._over, one.id, reason)

    def _stop_timer(self, one: Conversation, name: str) -> None:
        if name in one.timers:
            one.timers.pop(name).cancel()

    def _over(self, id: str, reason: str) -> None:
        one = self.conversations.get(id)
        if one is None or one.status == "ended":
            return
        one.status, one.updated_at = "ended", time.time()
        for name in list(one.timers):
            self._stop_timer(one, name)
        one.room.close()
        self._spawn(self._aftermath(one, reason))

    async def _aftermath(self, one: Conversation, reason: str) -> None:
        await one.room.finish()
        replica = one.asked.replica_id or one.asked.face_id or ""
        shutdown = {"replica_id": replica, "shutdown_reason": reason}
        disordered = self.failing("webhooks-disordered")
        if not disordered:
            self._webhooks.tell(one, "system.shutdown", shutdown)
        if not self.failing("no-transcript"):
            await asyncio.sleep(self.late_transcript_s * self.scale if self.failing("late-transcript") else 0.05)
            lines = {"replica_id": replica, "transcript": self._webhooks.transcript(one)}
            self._webhooks.tell(one, "application.transcription_ready", lines)
        if disordered:
            self._webhooks.tell(one, "system.shutdown", shutdown)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- the room ---------------------------------------------------------------------

    async def _page(self, id: str) -> HTMLResponse:
        # Daily shows its page for any name; the call machine behind it says whether there is such a room.
        return HTMLResponse(PAGE.read_text(encoding="utf-8"))

    async def _room(self, socket: WebSocket, id: str, t: str = "", allowed: str = "") -> None:
        await socket.accept()
        refused = self._why_not_in(id, t)
        if refused:
            await socket.send_json({"refused": {"type": refused[0], "msg": refused[1]}})
            await socket.close(1000)
            return
        one = self.conversations[id]
        self._stop_timer(one, "absent")
        self._stop_timer(one, "left")
        outgoing = one.room.join(allowed.split())
        writing = asyncio.create_task(_written(socket, outgoing))
        try:
            while True:
                _taken(one.room, await socket.receive_json(), self._spawn)
        except WebSocketDisconnect:
            pass
        finally:
            writing.cancel()
            one.room.leave()
            if one.status == "active":
                left = one.asked.properties.participant_left_timeout
                self._timer(one, "left", left, "participant_left_timeout reached")

    def _why_not_in(self, id: str, token: str) -> tuple[str, str] | None:
        one = self.conversations.get(id)
        if one is None:
            return "no-room", "The meeting you're trying to join does not exist."
        if one.status == "ended":
            return "exp-room", "The meeting you're trying to join has ended."
        if self.failing("room-refuses"):
            return "not-allowed", "You are not allowed to join this meeting."
        if one.token and not secrets.compare_digest(token, one.token):
            return "not-allowed", "You are not allowed to join this meeting."
        if one.token and time.time() - one.created_at > one.asked.properties.participant_absent_timeout * self.scale:
            return "exp-token", "The meeting token has expired."
        if one.room.occupied:
            return "meeting-full", "Meeting is full."
        return None

    # ---- for tests and for people ---------------------------------------------------------

    async def _say(self, request: Request) -> dict[str, Any]:
        asked = await _parsed(request, Say)
        active = [one for one in self.conversations.values() if one.status == "active" and one.room.occupied]
        for one in active:
            if asked.conversation_id in (one.id, "" if len(active) == 1 else one.id):
                await one.room.say(asked.text)
                return {"said": asked.text}
        raise Refused(404, {"error": "nobody sits in such a call"})

    async def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "conversation_id": one.id,
                "conversation_name": one.asked.conversation_name,
                "status": one.status,
                "in_the_room": one.room.occupied,
                "taken": one.room.taken,
                "not_understood": one.room.not_understood,
                "allowed": one.room.allowed,
                "devices": one.room.devices,
                "lines": [{"role": line.role, "content": line.content} for line in one.room.lines],
            }
            for one in self.conversations.values()
        ]


async def _written(socket: WebSocket, outgoing: asyncio.Queue[dict[str, Any]]) -> None:
    while True:
        message = await outgoing.get()
        await socket.send_json(message)
        if "over" in message:
            await socket.close(1000)
            return


def _taken(room: Room, message: MutableMapping[str, Any], spawn: Any) -> None:
    if "app" in message:
        room.take(message["app"] if isinstance(message["app"], dict) else {})
    elif "device" in message:
        room.devices[str(message["device"])] = bool(message.get("on"))
    elif "say" in message:
        spawn(room.say(str(message["say"])[:2000]))


async def _parsed(request: Request, model: type[T]) -> T:
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(400, {"error": f"{{'{where}': ['{first['msg']}']}}"}) from error


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return error.answer


def environment(address: str) -> dict[str, str]:
    """The variables that lead the product here."""
    return {
        "TAVUS_API_KEY": TAVUS_API_KEY,
        "TAVUS_REPLICA_ID": TAVUS_REPLICA_ID,
        "TAVUS_API_URL": address,
        "TAVUS_CALL_ORIGIN": address,
    }


def build() -> Tavus:
    return Tavus()
