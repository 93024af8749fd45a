"""A database's address, as people write it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from app.database_url import for_driver, is_transaction_pooled, read_url, shown
from app.db import postgresql_options, session_engine
from app.settings import PROJECT_ROOT, Settings

HOSTED = "aws-0-eu-central-1.pooler.supabase.com"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_gives_one_driver(scheme: str) -> None:
    url = read_url(f"{scheme}://asha:p%40ss%3Aw%2Frd%25@db.example.org:5432/dost?sslmode=require", "DATABASE_URL")
    assert (url.drivername, url.password, url.host, url.database) == (
        "postgresql+psycopg",
        "p@ss:w/rd%",
        "db.example.org",
        "dost",
    )
    assert url.query == {"sslmode": "require"}
    # Written out and read again, as settings hand it down.
    assert make_url(url.render_as_string(hide_password=False)).password == "p@ss:w/rd%"
    arguments = session_engine(url.render_as_string(hide_password=False)).dialect.create_connect_args(url)[1]
    assert (arguments["password"], arguments["sslmode"]) == ("p@ss:w/rd%", "require")


@pytest.mark.parametrize(
    "text",
    [
        "mysql://asha:hunter2@db/dost",
        "postgresql+asyncpg://asha:hunter2@db/dost",
        "asha:hunter2@db/dost",
        "hunter2",
        "postgresql://asha:hun:ter2hunter2@db:54x2hunter2/dost",
        "hunter2 hunter2://x",
    ],
)
def test_another_kind_of_address_is_refused_by_name_and_without_its_password(text: str) -> None:
    with pytest.raises(ValidationError, match="DATABASE_URL") as refused:
        Settings(_env_file=None, database_url=text)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "pooled"),
    [
        ("postgresql://postgres:x@db.abc.supabase.co:5432/postgres", False),
        ("postgresql://postgres:x@db.abc.supabase.co:6543/postgres", True),
        (f"postgresql://postgres.abc:x@{HOSTED}:5432/postgres", False),
        (f"postgresql://postgres.abc:x@{HOSTED}:6543/postgres", True),
        (f"postgresql://postgres.abc:x@{HOSTED}:5432/postgres?pgbouncer=true", True),
        ("postgresql://dost@/dost?host=/run/postgresql&port=6543", True),
        ("postgresql://dost@/dost?host=/run/postgresql", False),
        ("sqlite:////tmp/x.sqlite3", False),
    ],
)
def test_the_driver_prepares_no_statement_where_only_a_transaction_keeps_its_connection(
    address: str, pooled: bool
) -> None:
    url = read_url(address, "DATABASE_URL")
    assert is_transaction_pooled(url) is pooled
    if url.get_backend_name() == "postgresql":
        connect = postgresql_options(url)["connect_args"]
        assert ("prepare_threshold" in connect and connect["prepare_threshold"] is None) is pooled
    # What only poolers understand is not handed to the driver, which would refuse it.
    assert "pgbouncer" not in for_driver(url).query


def test_whoever_gives_a_direct_address_says_that_the_other_is_pooled() -> None:
    settings = Settings(
        _env_file=None, database_url="postgres://a:x@pool:6432/d", database_direct_url="postgres://a:x@server/d"
    )
    assert is_transaction_pooled(make_url(settings.resolved_database_url))
    assert not is_transaction_pooled(make_url(settings.session_database_url))


def test_an_address_is_shown_without_its_password() -> None:
    url = read_url(f"postgresql://postgres.abc:hunter2@{HOSTED}:5432/postgres?pgbouncer=true", "DATABASE_URL")
    assert shown(url) == f"postgresql+psycopg://postgres.abc:***@{HOSTED}:5432/postgres"
    assert "hunter2" not in repr(Settings(_env_file=None, database_url="postgresql://a:hunter2@h/d"))


def test_a_server_that_cannot_be_reached_gives_one_clear_line(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "app.serve", "--port", "8318"],
        cwd=PROJECT_ROOT / "Backend",
        env={
            **os.environ,
            "DATA_DIR": str(tmp_path),
            "SPEECH": "off",
            "DATABASE_URL": "postgresql://asha:hunter2@127.0.0.1:8319/dost",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 2
    assert "The database at postgresql+psycopg://asha:***@127.0.0.1:8319/dost cannot be reached" in outcome.stderr
    assert "hunter2" not in outcome.stdout + outcome.stderr
    assert "Traceback" not in outcome.stderr
