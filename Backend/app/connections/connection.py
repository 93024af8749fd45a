"""One connection: how long we wait for what, and how much of nothing we take.

uvicorn knows one timeout, that of an idle connection between two requests. The others are here:

    opened ──► a request's head ──► its body ──► the answer ──► idle ──► the next head …
       head_s, for both       so much in each body_s   (ours)    uvicorn's

A WebSocket has pings of its own, and an answer may take as long as it takes.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame

from app.connections.connection_places import ConnectionPlace, ConnectionPlaces

MAX_HEAD_BYTES = 64 * 1024
"""Of a request's head; also of whatever else is sent that is no body: chunk extensions, trailers."""
MAX_PIPELINED = 8
"""Requests sent before the answer to the first one. Browsers send none."""
MAX_FRAGMENTS = 1_000
"""Of one WebSocket message. The page sends its messages whole."""
MAX_DRAINED_BYTES = 256 * 1024
"""Of a body that nobody wants any more, so that the connection can be used again."""
FAREWELL_S = 1.0
"""Between our last word and the end. Closing at once would take the word back: the peer may still be sending, and a
reset makes its system throw away what it has not yet read."""


UNREAD_MS = 5 * 60 * 1000
"""How long somebody may take nothing of what we send, before the system gives the connection up. A paused video may."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and what has to come in them."""

    head_s: float = 20.0
    body_s: float = 30.0
    body_bytes: int = 30 * 1024
    """In each `body_s`, unless the body ends in it: 8 kbit/s. A phone on a bad line sends 20 times that."""
    drain_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Told in the one shape in which all errors are told."""

    status: int
    code: str
    title: str
    detail: str
    retry_after_s: int = 0

    def as_bytes(self) -> bytes:
        body = json.dumps(
            {
                "type": f"urn:interviewdost:problem:{self.code}",
                "title": self.title,
                "status": self.status,
                "detail": self.detail,
                "code": self.code,
                "field": None,
                "errors": [],
            }
        ).encode()
        headers = [
            "Content-Type: application/problem+json",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
            *([f"Retry-After: {self.retry_after_s}"] if self.retry_after_s else []),
        ]
        return STATUS_LINE[self.status] + "\r\n".join(headers).encode() + b"\r\n\r\n" + body


FULL = Refusal(503, "full", "Not available now", "Too many connections just now. Please try again in a moment.", 5)
NOT_HTTP = Refusal(400, "not_understood", "Bad request", "This is not a request that can be understood.")
TOO_SLOW = Refusal(408, "too_slow", "Too slow", "The request did not arrive in time. Please send it again.")
HEAD_TOO_LARGE = Refusal(431, "headers_too_large", "Too large", "The headers of this request are too long.")


class DoorConfig(uvicorn.Config):
    def __init__(self, app: Any, *, places: ConnectionPlaces, patience: Patience | None = None, **others: Any) -> None:
        # Proxies are believed further in, where the tests pass by as well.
        super().__init__(app, http=HttpConnection, ws=RoomConnection, proxy_headers=False, **others)
        self.places = places
        self.patience = patience or Patience()


class HttpConnection(HttpToolsProtocol):
    config: DoorConfig

    def __init__(
        self,
        config: DoorConfig,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = config.patience
        self._place: ConnectionPlace | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._arriving: str = ""
        """What of a request is on its way: "head", "body", or nothing."""
        self._since_useful = 0
        """Bytes since the last whole head, or part of a body."""
        self._body_bytes = 0
        self._drained = 0
        self._was_unread = False
        self._fault = NOT_HTTP
        self._is_refused = False
        self._is_leaving = False

    # ---- coming and going ----

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        _give_up_on_who_reads_nothing(transport)
        host = self.client[0] if self.client else ""
        self._place = self.config.places.enter(host, transport.abort)
        if self._place is not None:
            self._wait(self._patience.head_s, self._head_is_late)
        elif self.config.places.begin_farewell():
            # Told when it asks something: before that a client does not expect to hear anything.
            self._is_refused = True
            self._wait(FAREWELL_S, lambda: self._leave(None))
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._place is not None:
            self._place.leave()
        if self._is_refused:
            self.config.places.end_farewell()
        super().connection_lost(exc)

    def _leave(self, word: Refusal | None) -> None:
        """Says our last word where it can be heard, and closes a moment later. Nothing is read any more."""
        self._is_leaving = True
        self._stop_waiting()
        self._unset_keepalive_if_required()
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            # Whoever works on this request is told that nobody waits for it.
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                word = None
        if not self.transport.is_closing():
            if word is not None:
                self.transport.write(word.as_bytes())
            try:
                self.transport.write_eof()
                self.flow.pause_reading()
            except OSError:
                # The other side was quicker.
                self.transport.abort()
        self._timer = self.loop.call_later(FAREWELL_S, self.transport.abort)

    def shutdown(self) -> None:
        if self._is_leaving:
            self.transport.abort()
        else:
            super().shutdown()

    # ---- waiting ----

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_is_late(self) -> None:
        # A connection on which nothing was ever said (browsers open some in advance) is not answered.
        self._leave(TOO_SLOW if self._arriving else None)

    def _wait_for_body(self) -> None:
        self._body_bytes = 0
        self._was_unread = self.flow.read_paused
        self._wait(self._patience.body_s, self._look_at_body)

    def _look_at_body(self) -> None:
        """While we are the ones who do not read, nobody can send."""
        if self._body_bytes < self._patience.body_bytes and not (self._was_unread or self.flow.read_paused):
            self._leave(TOO_SLOW)
        else:
            self._wait_for_body()

    # ---- reading ----

    def data_received(self, data: bytes) -> None:
        if self._is_refused and not self._is_leaving:
            self._leave(FULL)
        if self._is_leaving:
            return
        before = self._arriving
        self._since_useful += len(data)
        super().data_received(data)
        if self._is_leaving or self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self._since_useful > MAX_HEAD_BYTES:
            self._leave(HEAD_TOO_LARGE)
        elif self._arriving == "body" and self._is_answered():
            self._drain(len(data))
        elif self._arriving == "body":
            if before != "body":
                self._wait_for_body()
        elif self._arriving == "" and not self._is_answered():
            self._stop_waiting()
        elif self.timeout_keep_alive_task is None and (self._timer is None or before == "body"):
            # A head has begun, or something before it that says nothing.
            self._wait(self._patience.head_s, self._head_is_late)

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _drain(self, size: int) -> None:
        """The answer has gone out before the body had come: a little more of it is taken, for nothing."""
        self._drained += size
        if self._drained > MAX_DRAINED_BYTES:
            self._leave(None)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._arriving = "head"

    def on_headers_complete(self) -> None:
        self._since_useful = 0
        self._drained = 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MAX_HEAD_BYTES:
            self._fault = HEAD_TOO_LARGE
            raise ValueError("head too large")
        if len(self.pipeline) >= MAX_PIPELINED:
            raise ValueError("too many requests at once")
        self._arriving = "body"
        super().on_headers_complete()
        if self._place is not None:
            self._place.is_busy()

    def on_header(self, name: bytes, value: bytes) -> None:
        # What comes after a body is a trailer, which nobody here reads.
        if self._arriving == "head":
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._since_useful = 0
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._arriving = ""
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._leave(self._fault)

    # ---- answering ----

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() or self._is_leaving or not self._is_answered():
            return
        if self._arriving == "body":
            self._unset_keepalive_if_required()
            self._wait(self._patience.drain_s, lambda: self._leave(None))
        if self._place is not None:
            self._place.is_waiting()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()
        room = self.transport.get_protocol()
        if isinstance(room, RoomConnection):
            room.place, self._place = self._place, None


def _give_up_on_who_reads_nothing(transport: asyncio.Transport) -> None:
    """Neither a paused writer nor a close that waits for its last bytes has an end of its own. Linux alone has this."""
    opened: socket.socket | None = transport.get_extra_info("socket")
    if opened is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)


class RoomConnection(WebSocketsSansIOProtocol):
    place: ConnectionPlace | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self.place is not None:
            self.place.leave()
        super().connection_lost(exc)

    def handle_cont(self, event: Frame) -> None:
        # Empty ones add nothing to a message's size, which is what is limited.
        if len(self.frames) >= MAX_FRAGMENTS:
            self.transport.abort()
            return
        super().handle_cont(event)

    def handle_ping(self) -> None:
        # Whoever reads nothing must not fill our memory with answers.
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()
