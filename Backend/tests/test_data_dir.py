from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.container import build_capabilities
from app.data_dir import make_private
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from tests.house import ON_SQLITE_ONLY

pytestmark = pytest.mark.anyio


def open_to_others(folder: Path) -> list[str]:
    """What anybody but the owner can read."""
    shared = [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
    # Whatever lies in a folder that only the owner can enter is safe.
    return [str(path.relative_to(folder)) for path in shared if path == folder or ".sqlite3" in path.name]


@pytest.fixture(autouse=True)
def _generous_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


async def running(settings: Settings) -> FastAPI:
    capabilities = build_capabilities(settings)
    app = create_app(settings, capabilities)
    async with app.router.lifespan_context(app), capabilities.db.read() as session:
        await session.scalar(text("SELECT count(*) FROM users"))
        assert {"interviewdost.sqlite3", "dbos.sqlite3"} <= {path.name for path in settings.data_dir.iterdir()}
        assert any(path.name.endswith("-wal") for path in settings.data_dir.iterdir())
        assert open_to_others(settings.data_dir) == []
        assert (settings.data_dir / "recordings").stat().st_mode & 0o777 == 0o700
    return app


async def test_a_new_database_and_all_that_lies_beside_it_are_the_owners_alone(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "new" / "data", speech="off")
    migrate(settings)
    await running(settings)


@ON_SQLITE_ONLY
async def test_one_that_was_open_to_others_is_closed_at_the_start(settings: Settings) -> None:
    data = settings.data_dir
    (data / "recordings").mkdir()
    (data / "dbos.sqlite3-wal").touch()
    for path in (data, *data.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    await running(settings)


def test_what_everybody_shares_is_left_alone(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    make_private(Settings(_env_file=None, data_dir=shared))
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert open_to_others(shared) == ["."]
