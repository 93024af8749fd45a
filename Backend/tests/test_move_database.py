"""`python -m app.cli move-database`: an SQLite installation arrives in PostgreSQL whole, or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, make_url, select, text

from app.cli import main
from app.container import build_capabilities
from app.db import session_engine
from app.domain.profile import Claim
from app.migrate import migrate
from app.models import Base, Interview, LiveEvent, Profile, User, now
from app.schemas.live import InterviewEnded
from app.settings import Settings
from app.workflows.process_locks import ProofOfLife
from tests.postgresql import Cluster
from tests.test_migrations import FIXTURES
from tests.workflows.test_engine import working
from tests.workflows.test_kill import has_status, new_interview
from tests.workflows.waiting import until

PASSWORD = "hunter2@home"


@pytest.fixture
def source(tmp_path: Path) -> Settings:
    """An installation of the first release, with a row in every table it had."""
    connection = sqlite3.connect(tmp_path / "interviewdost.sqlite3")
    connection.executescript((FIXTURES / "schema_before_vendors.sqlite.sql").read_text())
    connection.close()
    return Settings(_env_file=None, data_dir=tmp_path, database_url="", speech="off", rate_limits=False)


@pytest.fixture
def address(cluster: Cluster) -> Iterator[str]:
    """Of an empty database, with a password that needs escaping."""
    name = cluster.create()
    yield cluster.url(name).replace("dost@", "dost:hunter2%40home@")
    cluster.drop(name)


def at(source: Settings, address: str) -> Settings:
    return source.model_copy(update={"database_url": address})


def change(settings: Settings, statement: str, **values: object) -> None:
    engine = session_engine(settings.session_database_url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def rows_in(address: str) -> int:
    engine = session_engine(str(make_url(address).set(drivername="postgresql+psycopg").render_as_string(False)))
    with engine.connect() as connection:
        found = sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        )
    engine.dispose()
    return found


def test_everything_arrives_and_the_table_says_so(
    source: Settings, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate(source)
    change(source, "update users set name = :name where id = 'u-1'", name="A\x00sha 💐")
    change(source, "update profiles set resume_text = :text", text="x\x00" * 30_000)
    assert main(["move-database", "--to", address], source) == 0
    said = capsys.readouterr().out
    for table in Base.metadata.sorted_tables:
        assert table.name in said
    assert PASSWORD not in said
    engine = session_engine(at(source, address).session_database_url)
    with engine.begin() as connection:
        assert connection.scalar(select(User.name).where(User.id == "u-1")) == "Asha 💐"
        assert connection.scalar(select(Profile.resume_text)) == "x" * 30_000
        assert connection.scalar(select(Profile.claims)) == (Claim("Cut waiting time", numbers=("45", "20")),)
        started = connection.scalar(select(Interview.started_at))
        assert started is not None
        assert started.isoformat() == "2026-11-20T09:30:00.123456+00:00"
        told = InterviewEnded(sequence=2, reason="complete")
        values = {"interview_id": "i-1", "sequence": 2, "type": told.type, "data": told, "created_at": now()}
        connection.execute(insert(LiveEvent).values(**values))
        assert connection.scalar(select(LiveEvent.id).where(LiveEvent.sequence == 2)) == 42
    engine.dispose()


def test_a_target_with_rows_is_refused_and_left_alone(
    source: Settings, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["move-database", "--to", address], source) == 0
    before = rows_in(address)
    assert main(["move-database", "--to", address], source) == 2
    assert "The target is not empty" in capsys.readouterr().err
    assert rows_in(address) == before


def test_it_is_refused_while_the_server_runs(
    source: Settings, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server = ProofOfLife(source.data_dir / "executors", "server")
    server.hold()
    assert main(["move-database", "--to", address], source) == 2
    assert "Stop it first" in capsys.readouterr().err
    server.release()
    assert main(["move-database", "--to", address], source) == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("sqlite:///other.sqlite3", "must be a PostgreSQL address"),
        ("mysql://a:hunter2@h/x", "not supported"),
        ("postgresql://a:hunter2@127.0.0.1:8319/x", "cannot be reached"),
        ("postgresql://a:hunter2@127.0.0.1:6543/x", "transaction pooler"),
    ],
)
def test_a_wrong_target_is_refused_in_one_line_without_its_password(
    source: Settings, wrong: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["move-database", "--to", wrong], source) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "hunter2" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_text_that_is_too_long_is_named_before_anything_is_written(
    source: Settings, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(source, "update users set name = :name where id = 'u-1'", name="n" * 121)
    assert main(["move-database", "--to", address], source) == 2
    assert "users.name holds 121 characters in one row, and 120 are the most" in capsys.readouterr().err
    assert rows_in(address) == 0


def test_what_arrives_otherwise_than_it_was_sent_is_noticed_and_nothing_stays(
    source: Settings, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = at(source, address)
    migrate(target)
    # A server that quietly changes one character of one row.
    change(
        target,
        "create function spoil() returns trigger language plpgsql as "
        "$$ begin new.summary := replace(new.summary::text, 'Clear', 'clear')::json; return new; end $$",
    )
    change(target, "create trigger spoil before insert on feedbacks for each row execute function spoil()")
    assert main(["move-database", "--to", address], source) == 2
    assert "feedbacks: what has arrived differs from what was sent" in capsys.readouterr().err
    assert rows_in(address) == 0


@pytest.mark.anyio
async def test_a_job_that_was_pending_is_done_after_the_move(source: Settings, address: str) -> None:
    migrate(source)
    capabilities = build_capabilities(source)
    interview_id = await new_interview(capabilities, "u-1")
    await capabilities.db.close()
    assert await asyncio.to_thread(main, ["move-database", "--to", address], source) == 0
    async with working(at(source, address)) as capabilities:
        await until(lambda: has_status(capabilities, interview_id, "scheduled"), "five questions")
