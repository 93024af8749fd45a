"""The product as a process of its own, to be measured, killed and started again at the same address."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

BACKEND: Final = Path(__file__).resolve().parents[1]
PORTS: Final = range(8600, 8700)
"""Below those that the system gives to outgoing connections: after a kill the port is still there to come back to."""
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 30.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port between {PORTS.start} and {PORTS.stop - 1} is free")


class Server:
    """`backend`: whose code runs; another checkout's `Backend` folder measures that one. `log`: where it complains.

    `environment` is added to ours. `open_files`: as many as a process may open before it asks for more itself.
    """

    def __init__(
        self,
        data_dir: Path,
        log: Path,
        *,
        backend: Path = BACKEND,
        environment: dict[str, str] | None = None,
        open_files: int | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.log = log
        self.port = free_port()
        self._backend = backend
        self._environment = {**os.environ, "DATA_DIR": str(data_dir), **(environment or {})}
        self._open_files = open_files
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Returns when it says that it is ready. Raises RuntimeError when it ends before, or takes far too long."""
        with self.log.open("ab") as log, _open_files(self._open_files):
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "app.serve",
                "--port",
                str(self.port),
                cwd=self._backend,
                env=self._environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._until_ready(self._process)
        except TimeoutError:
            await self.kill()
            raise RuntimeError(f"the server was not ready after {START_TIMEOUT_S:.0f} s; see {self.log}") from None

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise RuntimeError("the server's output is not read")
        while line := await process.stdout.readline():
            if b"is ready" in line:
                return
        await process.wait()
        raise RuntimeError(f"the server ended before it was ready; see {self.log}")

    async def kill(self) -> None:
        """SIGKILL: nothing of it gets another instant."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(how)
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    # ---- what it costs, as Linux counts it ----

    def cpu_s(self) -> float:
        """Processor seconds of the server so far, of processes that it has started and that have ended as well."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[11:15]) / _TICKS

    def memory_mb(self) -> float:
        """What the server and the processes it has started hold in memory now."""
        return sum(_resident(pid) for pid in _family(self.pid)) / 2**20

    def limit_files(self, largest: int | None) -> None:
        """No file grows beyond so many bytes from now on; None takes the bound away."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if largest is None else largest, hard))


@contextlib.contextmanager
def _open_files(bound: int | None) -> Iterator[None]:
    """A process that is started in here may open so many files, until it raises that itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(bound or soft, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0
