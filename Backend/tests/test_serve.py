"""Starting the product as `make run` does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from app.settings import PROJECT_ROOT

BACKEND = PROJECT_ROOT / "Backend"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(data), "SPEECH": "off", **more}


@contextmanager
def served(data: Path, port: int, **more: str) -> Iterator[list[str]]:
    """Runs the server until the block ends; yields the lines it printed up to the address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.serve", "--port", str(port)],
        cwd=BACKEND,
        env=environment(data, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Stop with" in line:
                break
        yield lines
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


def test_starting_says_the_address_what_is_on_and_where_data_lies(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path / "data", port) as lines:
        said = "".join(lines)
        assert f"http://localhost:{port}" in said
        for word in ("interviewer", "voice", "listening", "questions", "recordings", str(tmp_path / "data")):
            assert word in said
        assert httpx2.get(f"http://127.0.0.1:{port}/api/health").json() == {"status": "ok"}


def test_it_starts_again_on_the_same_data(tmp_path: Path) -> None:
    port = free_port()
    body = {"email": "a@example.org", "name": "A", "password": "correct horse battery"}
    with served(tmp_path / "data", port):
        assert httpx2.post(f"http://127.0.0.1:{port}/api/auth/sign-up", json=body).status_code == 201
    with served(tmp_path / "data", port):
        del body["name"]
        assert httpx2.post(f"http://127.0.0.1:{port}/api/auth/sign-in", json=body).status_code == 200


def test_a_busy_port_gives_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = subprocess.run(
            [sys.executable, "-m", "app.serve", "--port", str(port)],
            cwd=BACKEND,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert outcome.returncode == 2
    assert outcome.stderr.strip().splitlines() == [
        f"Port {port} is in use. Stop what runs there, or choose another: make run PORT={port + 1}"
    ]


def test_production_with_a_placeholder_secret_does_not_start_and_names_the_variable(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "app.serve", "--port", str(free_port())],
        cwd=BACKEND,
        env=environment(tmp_path, ENVIRONMENT="production", SECRET_KEY="change-me", PUBLIC_URL="https://dost.example"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 2
    assert "SECRET_KEY" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("script", "tool", "line"),
    [
        ("require-node", "node", "Node 20.20 or newer"),
        ("require-python", "python3", "Python 3.11 or newer"),
    ],
)
def test_a_missing_or_old_tool_gives_one_clear_line(tmp_path: Path, script: str, tool: str, line: str) -> None:
    path = PROJECT_ROOT / "scripts" / script
    missing = subprocess.run(
        ["/bin/bash", str(path)], env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=20, check=False
    )
    assert missing.returncode == 1
    assert len(missing.stderr.strip().splitlines()) == 1
    assert line in missing.stderr

    for name, body in ((tool, "exit 1"), ("npm", "exit 0")):
        stand_in = tmp_path / name
        stand_in.write_text(f'#!/bin/bash\n[ "$1" = --version ] && echo v18.0.0 && exit 0\n{body}\n')
        stand_in.chmod(0o755)
    old = subprocess.run(
        ["/bin/bash", str(path)], env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=20, check=False
    )
    assert old.returncode == 1
    assert line in old.stderr
