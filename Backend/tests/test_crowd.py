"""The product as `make run` starts it, where 1,024 files may be open, and a crowd before its door."""

from __future__ import annotations

import errno
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.test_serve import BACKEND, environment, free_port

PATIENCE_S = 60.0
ROOM = 1024


class Server:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def is_answering(self) -> bool:
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/api/health", timeout=PATIENCE_S).status_code == 200
        except httpx2.TransportError:
            return False

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


def _little_room() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (ROOM, ROOM))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.serve", "--port", str(port)],
        cwd=BACKEND,
        env=environment(tmp_path_factory.mktemp("data")),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_little_room,
    )
    try:
        assert process.stdout is not None
        assert any("Stop with" in line for line in process.stdout)
        yield Server(process, port)
    finally:
        process.kill()
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def crowd(server: Server, count: int, word: bytes) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4096:
        pytest.skip("a crowd needs more open files than are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    with ExitStack() as stack:
        for _ in range(count):
            guest = stack.enter_context(socket.socket())
            guest.setblocking(False)
            assert guest.connect_ex(("127.0.0.1", server.port)) in {0, errno.EINPROGRESS}
            if word:
                _say(guest, word)
        yield


def _say(guest: socket.socket, word: bytes) -> None:
    """Unless the door has been shut already, which is its right."""
    for _ in range(1000):
        try:
            guest.send(word)
        except BlockingIOError:
            time.sleep(0.001)
        except OSError:
            return
        else:
            return


@pytest.mark.parametrize("count", [1100, 3000])
@pytest.mark.parametrize("word", [b"", b"GET /api/health HTTP/1.1\r\nHost: local"], ids=["silent", "half a head"])
def test_somebody_is_answered_among_a_crowd_that_says_nothing_and_no_socket_is_left_over(
    server: Server, count: int, word: bytes
) -> None:
    with crowd(server, count, word):
        for _ in range(5):
            assert server.is_answering()
            assert server.open_files() < ROOM * 3 // 4
    deadline = time.monotonic() + PATIENCE_S
    while server.open_files() > 100 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert server.open_files() < 100
    assert server.is_answering()
