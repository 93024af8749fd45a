"""`python -m app.serve` runs the product: checks the port, brings the tables up to date, says what is on, serves."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import threading
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from app.capabilities import Capabilities
from app.connections.connection import DoorConfig
from app.connections.connection_places import ConnectionPlaces
from app.connections.descriptors import raise_descriptors
from app.container import build_capabilities
from app.errors import ProviderError
from app.main import create_app
from app.migrate import DatabaseUnusable, migrate
from app.settings import Settings

log = logging.getLogger("interviewdost")


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        # As the server itself binds: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def banner(settings: Settings, capabilities: Capabilities, address: str) -> str:
    recognizer = capabilities.recognizer.name if capabilities.recognizer else "off (answers are typed)"
    voice = capabilities.voice.name if capabilities.voice else "off (captions, or the browser's own voice)"
    return "\n".join(
        [
            "",
            f"  InterviewDost is ready:  {address}",
            "",
            f"  interviewer   {capabilities.avatar.name}",
            f"  voice         {voice}",
            f"  listening     {recognizer}",
            f"  questions     {capabilities.language_model.name}",
            f"  recordings    {(capabilities.direct_storage or capabilities.video_storage).name}",
            f"  accounts      {capabilities.identity.name}",
            f"  data          {settings.data_dir}",
            "",
            "  Stop with Ctrl+C.",
            "",
        ]
    )


class _AnnouncingServer(uvicorn.Server):
    """Says that it is ready when it is, not before."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def _warm_up(capabilities: Capabilities) -> None:
    # The first call of each engine costs about a second; nobody should wait for it in an interview.
    for engine in (capabilities.voice, capabilities.recognizer, capabilities.language_model):
        if engine is None:
            continue
        try:
            engine.warm_up()
        except ProviderError as error:
            log.warning("%s cannot work here: %s", error.provider, error.category)


def development() -> FastAPI:
    """What `make dev` reloads: the application alone, its tables up to date."""
    settings = Settings()
    migrate(settings)
    return create_app(settings)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m app.serve")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("alembic", "dbos", "httpx2"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        settings = Settings(**({"port": arguments.port} if arguments.port else {}))
    except ValidationError as error:
        for item in error.errors():
            name = ".".join(str(part) for part in item["loc"]).upper()
            print(f"Configuration: {name + ': ' if name else ''}{item['msg']}", file=sys.stderr)
        return 2
    if not port_is_free(arguments.host, settings.port):
        print(
            f"Port {settings.port} is in use. "
            f"Stop what runs there, or choose another: make run PORT={settings.port + 1}",
            file=sys.stderr,
        )
        return 2
    try:
        migrate(settings)
    except DatabaseUnusable as error:
        print(f"Configuration: {error}", file=sys.stderr)
        return 2
    capabilities = build_capabilities(settings)
    app = create_app(settings, capabilities)
    shown_host = "localhost" if arguments.host in {"127.0.0.1", "0.0.0.0"} else arguments.host  # noqa: S104
    address = f"http://{shown_host}:{settings.port}"

    def ready() -> None:
        print(banner(settings, capabilities, address), flush=True)
        threading.Thread(target=_warm_up, args=(capabilities,), daemon=True, name="warm-up").start()

    config = DoorConfig(
        app,
        # The other half is for files, databases and vendors.
        places=ConnectionPlaces(raise_descriptors() // 2, settings.connections_per_address, settings.proxies),
        host=arguments.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws_max_size=1024 * 1024,
        ws_ping_interval=20,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    server = _AnnouncingServer(config, ready)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
