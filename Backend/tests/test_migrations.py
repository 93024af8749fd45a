from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from app.migrate import migrate
from app.models import Base
from app.settings import Settings


def test_the_migrations_make_exactly_the_tables_of_the_code(migrated_database: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated_database}")
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert difference == []


def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    migrate(settings)
    engine = create_engine(f"sqlite:///{settings.data_dir / 'interviewdost.sqlite3'}")
    with engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalars().all()
    engine.dispose()
