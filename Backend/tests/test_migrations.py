from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import DateTime, Engine, MetaData, select, text

from app.conversation.room.event_log import facts_after
from app.db import Database, session_engine
from app.domain.message import verbatim
from app.migrate import DatabaseUnusable, migrate
from app.models import Base, Feedback, Interview, LiveEvent, Recording, User, now
from app.results.page import progress, results
from app.schemas.live import InterviewEnded, ResponseAssessed
from app.schemas.results import VideoModel
from app.settings import Settings
from tests.postgresql import Cluster

BACKEND = Path(__file__).parents[1]
FIXTURES = BACKEND / "tests" / "fixtures"
INTERVIEW_BEFORE = FIXTURES / "interview_before_score_kinds.json"
REWRITTEN = {
    "interviews": ("planned_by", "relevance_score", "confidence_score"),
    "responses": ("relevance", "confidence"),
    "feedbacks": ("summary", "strengths", "suggestions", "overall", "questions"),
}
"""What a migration has put into another form."""


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
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == ["0010"]
    assert rows_of(engine) == before


def test_an_installation_of_the_first_release_keeps_every_row(before_vendors: Settings) -> None:
    engine = session_engine(before_vendors.session_database_url)
    found = MetaData()
    found.reflect(engine)
    columns = {
        table.name: [one.name for one in table.c if one.name not in REWRITTEN.get(table.name, ())]
        for table in found.sorted_tables
    }
    before = rows_of(engine, columns)
    assert all(before.values())
    migrate(before_vendors)
    assert rows_of(engine, columns) == before
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        user = connection.execute(select(User).where(User.id == "u-1")).one()
        assert (user.name, user.external_subject) == ("Asha Vérma", None)
        interview = connection.execute(select(Interview.planned_by, Interview.scores).where(Interview.id == "i-1"))
        assert interview.one() == (None, {"relevance": 80, "confidence": 66})
        assert connection.scalar(select(Feedback.summary)) == (verbatim("Clear."),)
        assert connection.scalar(select(Recording.size_bytes)) == 2_000_000_000
    with engine.begin() as connection:
        # What is counted goes on where it was.
        told = InterviewEnded(sequence=2, reason="complete")
        values = {"interview_id": "i-1", "sequence": 2, "type": told.type, "data": told, "created_at": now()}
        connection.execute(LiveEvent.__table__.insert().values(**values))  # type: ignore[attr-defined]
        assert connection.scalar(select(LiveEvent.id).where(LiveEvent.sequence == 2)) == 42
    engine.dispose()


@pytest.mark.parametrize(
    ("table", "known", "revision"), [("recordings", "ready", "0006"), ("responses", "assessed", "0008")]
)
def test_a_status_that_no_version_knew_is_named_before_any_table_is_changed(
    before_vendors: Settings, table: str, known: str, revision: str
) -> None:
    engine = session_engine(before_vendors.session_database_url)
    migrate(before_vendors, revision)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET status = 'paused'"))
    before = rows_of(engine)
    counted = [(name, len(rows)) for name, rows in before.items()]
    with pytest.raises(DatabaseUnusable, match=rf"{table}\.status 'paused' \(1\)"):
        migrate(before_vendors)
    assert rows_of(engine) == before
    with engine.begin() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == revision
        connection.execute(text(f"UPDATE {table} SET status = '{known}'"))
    migrate(before_vendors)
    assert {name: len(rows) for name, rows in rows_of(engine).items()} == dict(counted) | {"saved_questions": 0}
    engine.dispose()


async def test_results_of_before_read_on_the_page_as_they_did(
    tmp_path: Path, database: str, upgraded: Settings
) -> None:
    """An interview as the release before scores by kind stored it, and its results page as that release sent it."""
    before = json.loads(INTERVIEW_BEFORE.read_text())
    db = Database(upgraded.resolved_database_url)
    async with db.read() as session:
        (interview,) = await session.scalars(select(Interview))
        none = VideoModel(status="none", parts=[], duration_ms=0, has_video=False)
        page = (await results(session, interview, none, lambda ms: None, vendor_names={})).model_dump(mode="json")
        replayed = await facts_after(session, interview.id, 0)
        progressed = await progress(session, [interview])
    await db.close()
    old = before["results"]
    for name in ("summary", "strengths", "suggestions", "planned_by", "written_by"):
        assert page[name] == old[name]
    assert page["planned_by"] == {"model": "built-in", "instead_of": "gemini", "because": "timeout"}
    for name in ("value", "reason", "explanation"):
        assert page["overall"][name] == old["overall"][name]
    assert numbers(page["overall"]) == (old["overall"]["relevance"], old["overall"]["confidence"])
    for new, was in zip(page["overall"]["parts"], old["overall"]["parts"], strict=True):
        assert {name: new[name] for name in was} == was
    for new, was in zip(page["questions"], old["questions"], strict=True):
        for name in ("went_well", "covered", "missed", "better_answer", "suggestions", "not_scored_reason"):
            assert new[name] == was[name]
        assert numbers(new) == (was["relevance"], was["confidence"])
        for response, response_was in zip(new["responses"], was["responses"], strict=True):
            assert response["judged_by"] == response_was["judged_by"]
            for kind in ("relevance", "confidence"):
                assert read(response["scores"][kind]) == read(response_was[kind])
    assert [fact.type for fact in replayed] == ["response.assessed"] * 4
    scored = [fact.scores["relevance"].value for fact in replayed if isinstance(fact, ResponseAssessed)]
    assert [value for value in scored if value is not None] == [86, 3]
    (point,) = progressed.points
    assert {kind: one.value for kind, one in point.scores.items()} == {"relevance": 45, "confidence": 96}


def numbers(told: dict[str, Any]) -> tuple[int | None, int | None]:
    return told["scores"]["relevance"]["value"], told["scores"]["confidence"]["value"]


def read(score: dict[str, Any]) -> list[Any]:
    """What a person reads of it, whatever it is called on the way."""
    parts = [(one["label"], one["points"], one["out_of"], one["note"]) for one in score["parts"]]
    evidence = [(one["kind"], one["text"], one["start_ms"], one["value"], one["unit"]) for one in score["evidence"]]
    return [score["value"], score["reason"], parts, evidence]


@pytest.fixture
def upgraded(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation that held one interview before scores had kinds, brought up to date."""
    name, url = "", ""
    if database == "postgresql":
        name = request.getfixturevalue("cluster").create()
        url = request.getfixturevalue("cluster").url(name)
    installed = Settings(_env_file=None, data_dir=tmp_path, database_url=url)
    migrate(installed, "0003")
    engine = session_engine(installed.session_database_url)
    found = MetaData()
    found.reflect(engine)
    with engine.begin() as connection:
        for table, rows in json.loads(INTERVIEW_BEFORE.read_text())["rows"].items():
            moments = [column.name for column in found.tables[table].c if isinstance(column.type, DateTime)]
            for row in rows:
                times = {one: datetime.fromisoformat(row[one]) for one in moments if row[one] is not None}
                connection.execute(found.tables[table].insert().values(**{**row, **times}))
    engine.dispose()
    migrate(installed)
    yield installed
    if name:
        request.getfixturevalue("cluster").drop(name)


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
