"""A PostgreSQL cluster that lives as long as the tests: nobody else's, on a Unix socket alone, gone afterwards."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

START_TIMEOUT_S = 60.0
PORT = 8310
"""Names the socket's file; nothing listens on the network."""
OWNER = "dost"
# Nothing here outlives a power cut, and nothing should cost time for its sake.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
SIZE = {"shared_buffers": "32MB", "max_connections": "100", "max_wal_size": "64MB", "min_wal_size": "32MB"}


@dataclass(frozen=True, slots=True)
class Cluster:
    socket_dir: Path

    def url(self, database: str, user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={self.socket_dir}&port={PORT}"

    def execute(self, statement: sql.Composed | sql.SQL, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, template: str = "template0") -> str:
        """A new database's name, a copy of `template`."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def program(name: str) -> str:
    """Raises RuntimeError: a test that cannot run has failed."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(places[-1]) if places else shutil.which(name)
    if found is None:
        raise RuntimeError(f"These tests need {name}: run scripts/system-packages test, or install PostgreSQL")
    return found


@contextmanager
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="dost-pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    data = folder / "data"
    who = unprivileged()
    if who:
        shutil.chown(folder, user=who["user"])
    try:
        subprocess.run(
            [program("initdb"), "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True,
            capture_output=True,
            timeout=START_TIMEOUT_S,
            cwd=folder,
            **who,
        )
        settings = {**QUICK, **SIZE, "listen_addresses": "", "unix_socket_directories": str(folder), "port": str(PORT)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (folder / "log").open("wb")
        server = subprocess.Popen(
            [program("postgres"), "-D", data, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            preexec_fn=die_with_parent,
            **who,
        )
        log.close()
        try:
            made = Cluster(folder)
            _await_server(made, server, folder / "log")
            yield made
        finally:
            # Immediate: what it holds is thrown away.
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_name, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is no user to run it as. Run the tests as a user.")


def die_with_parent() -> None:
    """For a child between fork and exec: a killed test run leaves no server behind."""
    if os.uname().sysname == "Linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _await_server(made: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            psycopg.connect(made.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
