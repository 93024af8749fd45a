"""What the fakes share: failure modes that can be switched while they run, and a record of what they were asked.

Every fake is a FastAPI application with three control routes that no vendor has:

    GET  /_fake/modes      what can be switched, what is on
    POST /_fake/modes      {"mode": "…", "times": 2}: on, for ever or for so many requests; {"mode": ""}: all off
    GET  /_fake/requests   what was asked, oldest first (the latest 500)
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fakes.prompt_server import PromptServer

KEPT_REQUESTS = 500
KEPT_BODY = 2_000_000
GRACE_S = 1
"""For a request under way when the stand-in stops. One that is slow on purpose would take half a minute."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to fail (or to behave otherwise), with one line for `--help`."""

    name: str
    about: str


@dataclass(slots=True)
class Asked:
    """One request as it arrived. `body` is cut at 2 MB."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes = b""


class SwitchModes(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mode: str
    times: int | None = Field(default=None, ge=1, le=1000)


@dataclass
class Fake:
    """One vendor's stand-in. Subclasses add routes to `app` and ask `failing("mode")` where the vendor would fail."""

    name: str
    modes: tuple[Mode, ...]
    app: FastAPI = field(default_factory=lambda: FastAPI(openapi_url=None, docs_url=None, redoc_url=None))
    asked: list[Asked] = field(default_factory=list)
    _on: dict[str, int | None] = field(default_factory=dict)
    address: str = ""
    """Where it is served, known once it is."""

    def __post_init__(self) -> None:
        self.app.add_api_route("/_fake/modes", self._told_modes, methods=["GET"])
        self.app.add_api_route("/_fake/modes", self._switched, methods=["POST"])
        self.app.add_api_route("/_fake/requests", self._told_requests, methods=["GET"])

    def switch(self, mode: str, times: int | None = None) -> None:
        """Raises ValueError for a mode this fake does not have. An empty mode switches all off."""
        if not mode:
            self._on.clear()
            return
        if mode not in {one.name for one in self.modes}:
            raise ValueError(f"{self.name} has no mode {mode!r}")
        self._on[mode] = times

    def failing(self, mode: str) -> bool:
        """Whether `mode` is on for this request; uses up one of its times."""
        if mode not in {one.name for one in self.modes}:
            raise ValueError(f"{self.name} has no mode {mode!r}")
        if mode not in self._on:
            return False
        left = self._on[mode]
        if left is not None:
            if left <= 1:
                del self._on[mode]
            else:
                self._on[mode] = left - 1
        return True

    def help(self) -> str:
        width = max((len(mode.name) for mode in self.modes), default=0)
        return "\n".join([f"{self.name}:", *(f"  {mode.name:<{width}}  {mode.about}" for mode in self.modes)])

    @property
    def asgi(self) -> ASGIApp:
        """The application, with every request (but the control routes') recorded."""
        return _Recorder(self.app, self.asked)

    async def _told_modes(self) -> Mapping[str, Any]:
        return {"modes": {mode.name: mode.about for mode in self.modes}, "on": dict(self._on)}

    async def _switched(self, wish: SwitchModes) -> Mapping[str, Any]:
        try:
            self.switch(wish.mode, wish.times)
        except ValueError as error:
            raise HTTPException(404, str(error)) from error
        return await self._told_modes()

    async def _told_requests(self) -> list[Mapping[str, Any]]:
        return [
            {"method": one.method, "path": one.path, "query": one.query, "body": one.body.decode("utf-8", "replace")}
            for one in self.asked
        ]


class _Recorder:
    def __init__(self, app: ASGIApp, asked: list[Asked]) -> None:
        self._app = app
        self._asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_fake/"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        one = Asked(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers)
        self._asked.append(one)
        del self._asked[:-KEPT_REQUESTS]

        async def recording() -> Message:
            message = await receive()
            if message["type"] == "http.request" and len(one.body) < KEPT_BODY:
                one.body += message.get("body", b"")
            return message

        await self._app(scope, recording, send)


@contextlib.contextmanager
def served(fake: Fake, *, host: str = "127.0.0.1", port: int = 0, start_timeout_s: float = 10.0) -> Iterator[str]:
    """Serves `fake` from a thread of its own; yields its address. Port 0 takes a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        port = probe.getsockname()[1]
        probe.listen(64)
        fake.address = f"http://{host}:{port}"
        server = PromptServer(
            uvicorn.Config(
                fake.asgi, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_S
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [probe]}, daemon=True, name=f"fake-{fake.name}")
        thread.start()
        deadline = time.monotonic() + start_timeout_s
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                raise RuntimeError(f"the fake {fake.name} did not start")
            time.sleep(0.01)
        try:
            yield fake.address
        finally:
            server.stop()
            thread.join(timeout=5)
