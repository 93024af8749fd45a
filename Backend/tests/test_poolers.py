"""PostgreSQL behind a real PgBouncer: what each way of pooling carries, and what refuses it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from pydantic import ValidationError
from sqlalchemy import func, make_url, select, text

from app.accounts.accounts import create_account
from app.db import Database
from app.migrate import DatabaseUnusable, migrate
from app.models import AccessRecord, User
from app.settings import Settings
from tests.postgresql import OWNER, PORT, Cluster, die_with_parent, program, unprivileged
from tests.workflows.held import a_user, hold_interview
from tests.workflows.test_engine import working
from tests.workflows.test_kill import has_status
from tests.workflows.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
KNOWN_PORT = 6543
"""At which a pooler is taken for one of transactions without asking it."""
OTHER_PORT = 8311
START_TIMEOUT_S = 20.0


@contextmanager
def pgbouncer(cluster: Cluster, mode: str, port: int) -> Iterator[Path]:
    """Yields the folder of its socket. It has few places, so that clients must share them."""
    folder = Path(tempfile.mkdtemp(prefix="dost-pgb-"))
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={cluster.socket_dir} port={PORT} user={OWNER}\n"
        f"[pgbouncer]\nlisten_addr =\nlisten_port = {port}\nunix_socket_dir = {folder}\nauth_type = any\n"
        f"pool_mode = {mode}\ndefault_pool_size = {3 if mode == 'transaction' else 30}\nmax_client_conn = 100\n"
    )
    who = unprivileged()
    if who:
        shutil.chown(folder, user=who["user"])
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [_pgbouncer(), folder / "pgbouncer.ini"],
        stdout=log,
        stderr=log,
        cwd=folder,
        preexec_fn=die_with_parent,
        **who,
    )
    log.close()
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not (folder / f".s.PGSQL.{port}").exists():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PgBouncer did not start:\n{(folder / 'log').read_text()}")
            time.sleep(0.02)
        yield folder
    finally:
        server.kill()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _pgbouncer() -> str:
    # Debian puts it where only root's PATH looks.
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or program(
        "pgbouncer"
    )


def through(settings: Settings, folder: Path, port: int, *, direct: str = "") -> Settings:
    """The same installation, its database reached through the pooler."""
    return Settings(
        _env_file=None,
        data_dir=settings.data_dir,
        database_url=f"postgres://{OWNER}@/{name_of(settings)}?host={folder}&port={port}",
        database_direct_url=direct,
        speech="off",
        rate_limits=False,
    )


def name_of(settings: Settings) -> str:
    return str(make_url(settings.database_url).database)


async def use(db: Database) -> None:
    """Enough of one statement, on more connections than the pooler has, for a driver to prepare it.

    Writes alone: our driver forgets what it was about to prepare with each rollback, in which every read ends.
    """
    admin = await create_account(db, email="a@example.org", name="A\x00sha", password="correct horse battery")

    async def opened(number: int) -> None:
        async with db.write() as session:
            session.add(AccessRecord(admin_id=admin.id, action=f"looked {number}"))

    for _ in range(8):
        await asyncio.gather(*(opened(number) for number in range(8)))
    async with db.read() as session:
        assert await session.scalar(select(User.name).where(User.id == admin.id)) == "Asha"
        assert await session.scalar(select(func.count()).select_from(AccessRecord)) == 64


async def finish_an_interview(settings: Settings) -> None:
    async with working(settings) as capabilities:
        interview_id = await hold_interview(capabilities.db, await a_user(capabilities.db))
        await capabilities.jobs.finish(interview_id)
        await until(lambda: has_status(capabilities, interview_id, "completed"), "the results")


async def test_a_session_pooler_carries_everything(settings: Settings, cluster: Cluster) -> None:
    with pgbouncer(cluster, "session", OTHER_PORT) as folder:
        pooled = through(settings, folder, OTHER_PORT)
        migrate(pooled)
        db = Database(pooled.resolved_database_url)
        await use(db)
        await db.close()
        await finish_an_interview(pooled)


@pytest.mark.parametrize("port", [KNOWN_PORT, OTHER_PORT])
async def test_a_transaction_pooler_carries_the_requests_beside_a_direct_address(
    settings: Settings, cluster: Cluster, port: int
) -> None:
    with pgbouncer(cluster, "transaction", port) as folder:
        pooled = through(settings, folder, port, direct=settings.database_url)
        migrate(pooled)
        db = Database(pooled.resolved_database_url)
        await use(db)
        async with db.read() as session:
            assert await session.scalar(text("SHOW statement_timeout")) == "30s"
        await db.close()
        await finish_an_interview(pooled)
        with psycopg.connect(host=str(folder), port=port, user=OWNER, dbname=name_of(pooled)) as later:
            # What we set for a transaction has not stayed with the connection that others are given next.
            assert later.execute("SHOW statement_timeout").fetchone() == ("0",)


async def test_a_transaction_pooler_that_does_not_look_like_one_is_refused_at_the_start(
    settings: Settings, cluster: Cluster
) -> None:
    with pgbouncer(cluster, "transaction", OTHER_PORT) as folder:
        with pytest.raises(
            DatabaseUnusable, match=r"^DATABASE_URL leads through a transaction pooler.*DATABASE_DIRECT"
        ):
            migrate(through(settings, folder, OTHER_PORT))
        elsewhere = f"postgresql://{OWNER}@/x?host={folder}&port={KNOWN_PORT}"
        with pytest.raises(DatabaseUnusable, match=r"^DATABASE_DIRECT_URL leads through a transaction pooler"):
            migrate(
                Settings(
                    _env_file=None,
                    data_dir=settings.data_dir,
                    database_url=elsewhere,
                    database_direct_url=through(settings, folder, OTHER_PORT).database_url,
                )
            )


def test_a_transaction_pooler_that_looks_like_one_is_refused_with_the_settings(settings: Settings) -> None:
    hosted = "postgresql://postgres.abc:hunter2%40home@aws-0-eu-central-1.pooler.supabase.com:6543/postgres"
    with pytest.raises(ValidationError, match="DATABASE_DIRECT_URL") as refused:
        Settings(_env_file=None, database_url=hosted)
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ValidationError, match="DATABASE_DIRECT_URL leads through a transaction pooler"):
        Settings(_env_file=None, database_url=hosted, database_direct_url=hosted)
