"""Which processes are alive: each holds a lock on a file of its own, which the kernel lets go when the process dies.

No heartbeat to miss and no clock to trust. The gate file keeps a new process from being taken for a dead one in the
moment between creating its file and locking it.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ProofOfLife:
    """Held from `hold` to `release`, or until the process ends in whatever way."""

    def __init__(self, directory: Path, executor_id: str) -> None:
        self._directory = directory
        self._executor_id = executor_id
        self._handle: int | None = None

    def hold(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._gate():
            self._handle = os.open(self._path(self._executor_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        if self._handle is None:
            return
        with self._gate():
            self._path(self._executor_id).unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    @contextmanager
    def others_dead(self, executor_ids: Iterator[str] | list[str]) -> Iterator[list[str]]:
        """Those of `executor_ids` whose process is gone. No other process can adopt them within the block."""
        with self._gate():
            yield [each for each in executor_ids if each != self._executor_id and not self._is_alive(each)]

    def anybody_else(self) -> bool:
        """Whether another process is alive on these data."""
        with self._gate():
            names = [path.stem for path in self._directory.glob("*.lock")]
            return any(name not in (self._executor_id, "gate") and self._is_alive(name) for name in names)

    def forget_dead(self) -> None:
        """Removes the files that dead processes left."""
        with self._gate():
            for path in self._directory.glob("*.lock"):
                if path.stem not in (self._executor_id, "gate") and not self._is_alive(path.stem):
                    path.unlink(missing_ok=True)

    def _is_alive(self, executor_id: str) -> bool:
        try:
            handle = os.open(self._path(executor_id), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def _path(self, executor_id: str) -> Path:
        if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", executor_id):
            # An id not made by us never names a file.
            return self._directory / "unknown.lock"
        return self._directory / f"{executor_id}.lock"

    @contextmanager
    def _gate(self) -> Iterator[None]:
        handle = os.open(self._directory / "gate.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
