"""Tavus: a conversation is created for each interview, and our page embeds the call.

What its documents do not promise, this file does not rely on: there is no idempotency key, so a create is never
repeated here; names are in flux (persona → pal, replica → face), so one family is sent and both are read; a refusal
tells why under `error` or `message`, and "too many at once" is a 400 known by its words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar
from urllib.parse import quote, urlsplit

import httpx2
from pydantic import BaseModel, ValidationError

from app.errors import ProviderCategory, ProviderError
from app.services import vendor_http
from app.services.avatar.base import AvatarBrief, AvatarConnection, AvatarKind, AvatarReport, VendorUtterance

PERSONA_NAME = "InterviewDost interviewer"
SYSTEM_PROMPT = (
    "You are a warm and patient interviewer in a mock job interview. Each conversation's context tells you the "
    "manner and the questions; keep to them exactly."
)
MAX_CALL_S = 3600
"""The longest interview we hold; a plan that allows less caps it silently."""
LEFT_S = 60
"""The vendor's own default is 0, which ends the call at a reload or a weak moment of the network."""
ABSENT_S = 900
"""How long an empty new room stays. Also the life of the join token, so long enough for a reload in mid-interview."""
PAGE_SIZE = 50
MAX_PAGES = 10
MAX_LINES = 2_000
MAX_TEXT = 8_000
ROLES: dict[str, Literal["interviewer", "candidate"]] = {
    "assistant": "interviewer",
    "replica": "interviewer",
    "pal": "interviewer",
    "user": "candidate",
}
"""`system` entries hold our whole prompt and `tool` entries nobody's words: both are left out."""

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Tavus:
    """`call_origin`: the only place a call may be embedded from. `persona_id` empty: one is made, or reused by name."""

    name = "tavus"
    kind: AvatarKind = "embedded-call"

    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        replica_id: str,
        persona_id: str = "",
        call_origin: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._replica_id = replica_id
        self._persona_id = persona_id
        self._call_origin = urlsplit(call_origin)
        self._sleep = sleep
        self._found_persona = ""
        self._finding_persona = asyncio.Lock()

    async def start(self, brief: AvatarBrief) -> AvatarConnection:
        body: dict[str, object] = {
            "persona_id": await self._persona(),
            "replica_id": self._replica_id,
            "conversation_name": brief.name,
            "conversational_context": brief.instructions,
            "custom_greeting": brief.greeting,
            "require_auth": True,
            "max_participants": 2,
            "properties": {
                "max_call_duration": MAX_CALL_S,
                "participant_left_timeout": LEFT_S,
                "participant_absent_timeout": ABSENT_S,
                "enable_recording": False,
                "enable_closed_captions": True,
                "language": "english",
            },
        }
        if brief.callback_url is not None:
            body["callback_url"] = brief.callback_url
        try:
            made = _read(_Conversation, await self._ask("POST", "/v2/conversations", json=body))
        except ProviderError as error:
            if error.category == "refused":
                # It may have been the persona, deleted there meanwhile: the next try looks for it anew.
                self._found_persona = ""
            raise
        session = self._session(made)
        if session.conversation_url is None or not session.join_token:
            raise ProviderError(self.name, "invalid_response", retryable=False)
        return session

    async def find(self, name: str) -> AvatarConnection | None:
        for number in range(1, MAX_PAGES + 1):
            rows = await self._patiently(partial(self._running, number))
            for row in rows:
                if row.conversation_name == name:
                    return self._session(row)
            if len(rows) < PAGE_SIZE:
                break
        return None

    async def _running(self, page: int) -> Sequence[_Conversation]:
        query: dict[str, str | int] = {"status": "active", "limit": PAGE_SIZE, "page": page}
        return _read(_Conversations, await self._ask("GET", "/v2/conversations", params=query)).data

    async def end(self, session_id: str) -> None:
        # Ended already and never known both answer 400 (or 404); the body of a 200 may be empty.
        await self._patiently(lambda: self._ask("POST", f"/v2/conversations/{_id(session_id)}/end", fine=(400, 404)))

    async def report(self, session_id: str) -> AvatarReport:
        path = f"/v2/conversations/{_id(session_id)}"
        answer = await self._patiently(lambda: self._ask("GET", path, fine=(400, 404), params={"verbose": "true"}))
        if answer.status_code in (400, 404):
            return AvatarReport(ended=True, ended_reason="unknown to the vendor")
        told = _read(_Conversation, answer)
        return AvatarReport(
            ended=told.status == "ended", ended_reason=_ended_reason(told), lines=_transcript(told.events or [])
        )

    async def forget(self, session_id: str) -> None:
        path = f"/v2/conversations/{_id(session_id)}"
        await self._patiently(lambda: self._ask("DELETE", path, fine=(400, 404), params={"hard": "true"}))

    async def close(self) -> None:
        await self._client.aclose()

    # ---- persona ----------------------------------------------------------------------

    async def _persona(self) -> str:
        if self._persona_id:
            return self._persona_id
        async with self._finding_persona:
            if not self._found_persona:
                self._found_persona = await self._persona_by_name() or await self._new_persona()
            return self._found_persona

    async def _persona_by_name(self) -> str:
        for number in range(1, MAX_PAGES + 1):
            query: dict[str, str | int] = {"persona_type": "user", "limit": PAGE_SIZE, "page": number}
            rows = _read(_Personas, await self._ask("GET", "/v2/personas", params=query)).data
            for row in rows:
                if (row.pal_name or row.persona_name) == PERSONA_NAME:
                    return row.id
            if len(rows) < PAGE_SIZE:
                break
        return ""

    async def _new_persona(self) -> str:
        body = {
            "persona_name": PERSONA_NAME,
            "pipeline_mode": "full",
            "system_prompt": SYSTEM_PROMPT,
            "default_replica_id": self._replica_id,
            "layers": {
                # Nobody's looks are anybody's business here.
                "perception": {"perception_model": "off"},
                "conversational_flow": {
                    "turn_taking_patience": "high",
                    "replica_interruptibility": "medium",
                    "idle_engagement": "off",
                },
            },
        }
        made = _read(_Persona, await self._ask("POST", "/v2/personas", json=body))
        if not made.id:
            raise ProviderError(self.name, "invalid_response", retryable=False)
        return made.id

    # ---- the wire ---------------------------------------------------------------------

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        fine: tuple[int, ...] = (),
        json: Mapping[str, object] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> httpx2.Response:
        """Raises ProviderError for whatever is neither a success nor in `fine`."""
        request = self._client.build_request(method, path, json=json, params=params)
        answer = await vendor_http.send(self._client, self.name, request)
        if answer.is_success or answer.status_code in fine:
            return answer
        category, retryable = _refusal(answer)
        raise ProviderError(self.name, category, retryable=retryable, retry_after_s=vendor_http.retry_after_s(answer))

    async def _patiently(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Only for what may be asked twice."""
        return await vendor_http.with_retries(operation, patience_s=5.0, sleep=self._sleep)

    def _session(self, told: _Conversation) -> AvatarConnection:
        url = urlsplit(told.conversation_url)
        # Whatever the answer says, our page embeds nothing but the vendor's own rooms.
        ours = (url.scheme, url.netloc) == (self._call_origin.scheme, self._call_origin.netloc)
        return AvatarConnection(
            id=told.conversation_id,
            kind="embedded-call",
            conversation_url=told.conversation_url if ours else None,
            join_token=told.meeting_token,
            join_token_s=ABSENT_S,
        )


class _Conversation(BaseModel):
    conversation_id: str
    conversation_name: str | None = None
    conversation_url: str = ""
    status: str = ""
    meeting_token: str | None = None
    shutdown_reason: str | None = None
    events: list[dict[str, object]] | None = None


class _Conversations(BaseModel):
    data: list[_Conversation]


class _Persona(BaseModel):
    persona_id: str | None = None
    persona_name: str | None = None
    pal_id: str | None = None
    pal_name: str | None = None

    @property
    def id(self) -> str:
        return self.pal_id or self.persona_id or ""


class _Personas(BaseModel):
    data: list[_Persona]


class _Entry(BaseModel):
    """One entry of a transcript; the oldest shape has nothing but role and content."""

    role: str
    content: str
    timestamp: float | str | None = None
    seconds_from_start: float | None = None
    duration: float | None = None
    inference_id: str | None = None


def _read(model: type[M], answer: httpx2.Response) -> M:
    try:
        return model.model_validate_json(answer.content)
    except ValidationError:
        # Without its cause, which would quote the body.
        raise ProviderError(Tavus.name, "invalid_response", retryable=False) from None


def _refusal(answer: httpx2.Response) -> tuple[ProviderCategory, bool]:
    match answer.status_code:
        case 401 | 403:
            return "unauthorised", False
        case 402:
            return "quota", False
        case 429:
            return "busy", True
        case 400 if "maximum concurrent" in _reason(answer).lower():
            return "busy", False
        case status if status >= 500:
            return "crashed", True
    return "refused", False


def _reason(answer: httpx2.Response) -> str:
    """Read to be recognised, never to be shown."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    return str(told.get("error") or told.get("message") or "") if isinstance(told, dict) else ""


def _ended_reason(told: _Conversation) -> str:
    for event in reversed(told.events or []):
        if event.get("event_type") == "system.shutdown":
            properties = _properties(event)
            return str(properties.get("shutdown_reason") or properties.get("reason") or "")
    return told.shutdown_reason or ""


def _properties(event: Mapping[str, object]) -> dict[str, object]:
    properties = event.get("properties")
    return properties if isinstance(properties, dict) else {}


def _transcript(events: Sequence[Mapping[str, object]]) -> tuple[VendorUtterance, ...] | None:
    """None where there is no transcript (yet)."""
    for event in reversed(events):
        if event.get("event_type") != "application.transcription_ready":
            continue
        entries = _properties(event).get("transcript")
        return _lines(entries if isinstance(entries, list) else [])
    return None


def _lines(raw: Sequence[object]) -> tuple[VendorUtterance, ...]:
    entries: list[_Entry] = []
    for one in raw[:MAX_LINES]:
        try:
            entries.append(_Entry.model_validate(one))
        except ValidationError:
            # An entry of a kind we do not know says nothing about the others.
            continue
    spoken = [entry for entry in entries if entry.role in ROLES and entry.content.strip()]
    moments = [_moment(entry.timestamp) for entry in spoken]
    first = next((moment for moment in moments if moment is not None), None)
    lines: list[VendorUtterance] = []
    for entry, moment in zip(spoken, moments, strict=True):
        since = entry.seconds_from_start
        if since is None and moment is not None and first is not None:
            since = max(0.0, moment - first)
        lines.append(
            VendorUtterance(
                role=ROLES[entry.role],
                text=entry.content.strip()[:MAX_TEXT],
                started_at_s=since,
                duration_s=entry.duration,
                inference_id=entry.inference_id or "",
            )
        )
    return tuple(lines)


def _moment(timestamp: float | str | None) -> float | None:
    """Seconds since the epoch, from either form the vendor uses."""
    if isinstance(timestamp, float) or timestamp is None:
        return timestamp
    try:
        return datetime.fromisoformat(timestamp).timestamp()
    except ValueError:
        return None


def _id(session_id: str) -> str:
    """An id as a part of a path: whatever it is, it stays one part."""
    return quote(session_id, safe="")
