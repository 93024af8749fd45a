"""What every test has.

The house (application, databases, stand-ins) is in `tests.house`, loaded only where a test uses it: a pure one is
answered in a second.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

TESTS = Path(__file__).parent
PURE = ("english", "assessment", "preparation/questions", "preparation/resume/test_reader.py", "conversation/rules")
"""Whose tests need nothing but what they import."""

# A property is about values; how long an example takes on a busy machine says nothing about it.
# The same examples each time, so that a red run is red again; HYPOTHESIS=explore looks for new ones.
hypothesis.settings.register_profile("any-machine", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile("explore" if os.environ.get("HYPOTHESIS") == "explore" else "any-machine")


def is_pure(path: Path) -> bool:
    return any(path.is_relative_to(TESTS / folder) for folder in PURE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pure", action="store_true", help="only the tests that need no application and no database")


def pytest_configure(config: pytest.Config) -> None:
    asked = [Path(str(argument).partition("::")[0]).resolve() for argument in config.args]
    if not config.getoption("--pure") and not (asked and all(map(is_pure, asked))):
        config.pluginmanager.import_plugin("tests.house")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("--pure") or collection_path.is_dir():
        return None
    return True if not is_pure(collection_path) else None


@pytest.fixture(autouse=True)
def _no_internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that reaches past this machine fails instead of hanging."""
    import socket

    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in {"127.0.0.1", "::1", "localhost", "unix"}:
            raise RuntimeError("a test tried to reach the network")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    yield
