from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, select, text

from app.db import session_engine
from app.migrate import migrate
from app.models import Base, Interview, LiveEvent, Recording, User, now
from app.settings import Settings
from tests.postgresql import Cluster

BACKEND = Path(__file__).parents[1]
FIXTURES = BACKEND / "tests" / "fixtures"


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = session_engine(settings.session_database_url)
    yield made
    made.dispose()


@pytest.fixture
def before_vendors(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation as the first release left it, with a row or two in every table."""
    dump = (FIXTURES / f"schema_before_vendors.{database}.sql").read_text()
    if database == "sqlite":
        connection = sqlite3.connect(tmp_path / "interviewdost.sqlite3")
        connection.executescript(dump)
        connection.close()
        yield Settings(_env_file=None, data_dir=tmp_path, database_url="")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    with psycopg.connect(cluster.url(name)) as filling:
        filling.execute(dump.encode())
    yield Settings(_env_file=None, data_dir=tmp_path, database_url=cluster.url(name))
    cluster.drop(name)


def rows_of(engine: Engine, columns: dict[str, list[str]] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, or of those columns alone."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                map(
                    repr,  # type: ignore[arg-type]
                    connection.execute(
                        select(*(table.c[name] for name in (columns or {}).get(table.name, table.c.keys())))
                    ),
                )
            )
            for table in found.sorted_tables
            if (columns is None or table.name in columns) and table.name != "alembic_version"
        }


def test_the_migrations_make_exactly_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(settings: Settings, engine: Engine) -> None:
    before = rows_of(engine)
    migrate(settings)
    with engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == ["0005"]
    assert rows_of(engine) == before


def test_an_installation_of_the_first_release_keeps_every_row(before_vendors: Settings) -> None:
    engine = session_engine(before_vendors.session_database_url)
    found = MetaData()
    found.reflect(engine)
    columns = {table.name: list(table.c.keys()) for table in found.sorted_tables}
    before = rows_of(engine)
    assert all(before.values())
    migrate(before_vendors)
    assert rows_of(engine, columns) == before
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        user = connection.execute(select(User).where(User.id == "u-1")).one()
        assert (user.name, user.external_subject) == ("Asha Vérma", None)
        assert connection.scalar(select(Interview.planned_by).where(Interview.id == "i-1")) == ""
        assert connection.scalar(select(Recording.size_bytes)) == 2_000_000_000
    with engine.begin() as connection:
        # What is counted goes on where it was.
        values = {"interview_id": "i-1", "sequence": 2, "type": "t", "data": {}, "created_at": now()}
        connection.execute(LiveEvent.__table__.insert().values(**values))  # type: ignore[attr-defined]
        assert connection.scalar(select(LiveEvent.id).where(LiveEvent.sequence == 2)) == 42
    engine.dispose()


def test_a_video_of_two_gigabytes_can_be_noted(engine: Engine) -> None:
    with engine.begin() as connection:
        for row in (
            User.__table__.insert().values(id="u", email="a@example.org", name="A", password_hash="x"),  # type: ignore[attr-defined]
            Interview.__table__.insert().values(id="i", user_id="u", role="Nurse", seniority="mid"),  # type: ignore[attr-defined]
            Recording.__table__.insert().values(id="r", interview_id="i", size_bytes=2**31 + 1),  # type: ignore[attr-defined]
        ):
            connection.execute(row)
        assert connection.scalar(select(Recording.size_bytes)) == 2**31 + 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_processes_may_migrate_an_empty_database_at_once(cluster: Cluster, tmp_path: Path, database: str) -> None:
    name = cluster.create()
    surroundings = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": cluster.url(name)}
    processes = [
        subprocess.Popen([sys.executable, "-m", "app.migrate"], cwd=BACKEND, env=surroundings, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    cluster.drop(name)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_role_that_may_read_every_table_still_sees_no_row(before_vendors: Settings, cluster: Cluster) -> None:
    migrate(before_vendors)
    engine = session_engine(before_vendors.session_database_url)
    tables = [*Base.metadata.tables, "alembic_version"]
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS anon; CREATE ROLE anon LOGIN")
        connection.exec_driver_sql("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO anon")
        bare = connection.exec_driver_sql(
            "SELECT relname FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relrowsecurity"
        )
        assert bare.scalars().all() == [], "add these to a migration that enables row level security"
        assert all(
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in ("users", "responses")
        )
    url = cluster.url(str(engine.url.database), user="anon")
    with psycopg.connect(url) as stranger:
        for table in tables:
            assert stranger.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,), table
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.execute("INSERT INTO vendor_events VALUES ('x', 'tavus', 'k', 'i-1', 'k', now())")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY anon; DROP ROLE anon")
    engine.dispose()
