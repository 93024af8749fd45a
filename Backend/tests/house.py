"""Fixtures: real application, real databases, the middleware of production; speech is off unless a test asks.

Whatever asks for `settings` (or what is built on it) runs twice: on SQLite and on PostgreSQL. A module whose subject no
database can change says `pytestmark = ON_SQLITE_ONLY`.
"""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

import app as product
import fakes
from app.accounts import passwords
from app.container import build_capabilities
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from fakes import credentials
from fakes.base import served
from fakes.supabase import SupabaseFake
from fakes.supabase import build as build_supabase
from tests import postgresql
from tests.inline_jobs import InlineJobs
from tests.postgresql import Cluster

# Hypothesis tries the constants of all local modules that happen to be loaded: for the same examples each time they all
# are, in each worker and from the beginning.
for package in (product, fakes):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)

# Argon2 is slow on purpose: 0.2 s of a processor for each of thousands of sign-ups here. That the product itself
# spends it is held by tests/accounts/test_passwords.py.
FULL_COST_HASHER = passwords._hasher
passwords._hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; each test gets a copy of the file."""
    folder = tmp_path_factory.mktemp("migrated")
    migrate(Settings(_env_file=None, data_dir=folder))
    return folder / "interviewdost.sqlite3"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with postgresql.cluster() as made:
        yield made


@pytest.fixture(scope="session")
def migrated_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Migrated once; each test gets a copy of the database."""
    name = cluster.create()
    migrate(Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("template"), database_url=cluster.url(name)))
    return name


ON_SQLITE_ONLY = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


WITH_EITHER_IDENTITY = pytest.mark.parametrize("identity", ["local", "supabase"], indirect=True)
WITH_SUPABASE = pytest.mark.parametrize("identity", ["supabase"], indirect=True)


@pytest.fixture
def identity(request: pytest.FixtureRequest) -> str:
    """Who keeps the passwords; local unless a test says otherwise."""
    return str(getattr(request, "param", "local"))


@pytest.fixture(scope="session")
def supabase_server() -> Iterator[SupabaseFake]:
    fake = build_supabase()
    with served(fake):
        yield fake


@pytest.fixture
def supabase(supabase_server: SupabaseFake) -> SupabaseFake:
    """The stand-in for Supabase Auth, as new."""
    supabase_server.forget()
    return supabase_server


def supabase_settings(fake: SupabaseFake) -> dict[str, Any]:
    return {
        "identity": "supabase",
        "supabase_url": fake.address,
        "supabase_publishable_key": credentials.SUPABASE_PUBLISHABLE_KEY,
        "supabase_secret_key": credentials.SUPABASE_SECRET_KEY,
    }


@pytest.fixture
def settings(tmp_path: Path, database: str, identity: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    more = supabase_settings(request.getfixturevalue("supabase")) if identity == "supabase" else {}
    data = tmp_path / "data"
    data.mkdir()
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_database"), data / "interviewdost.sqlite3")
        yield _settings(tmp_path, "", **more)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(request.getfixturevalue("migrated_template"))
    yield _settings(tmp_path, cluster.url(name), **more)
    cluster.drop(name)


def _settings(folder: Path, database_url: str, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=database_url,
        speech="off",
        rate_limits=False,
        frontend_dist=folder / "no-frontend",
        **more,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    capabilities = build_capabilities(settings)
    capabilities.jobs = InlineJobs(capabilities)
    application = create_app(settings, capabilities)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Callable[[], AsyncClient]]:
    """Makes clients with a cookie jar of their own, like separate browsers."""
    async with AsyncExitStack() as stack:
        clients: list[AsyncClient] = []

        def make() -> AsyncClient:
            client = AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver")
            clients.append(client)
            return client

        stack.push_async_callback(_close_all, clients)
        yield make


async def _close_all(clients: list[AsyncClient]) -> None:
    for client in clients:
        await client.aclose()


async def sign_up(client: AsyncClient, name: str = "Asha Verma") -> dict[str, Any]:
    """A new account with an address of its own; the client is signed in afterwards."""
    email = f"{uuid.uuid4().hex[:12]}@example.org"
    answer = await client.post(
        "/api/auth/sign-up", json={"email": email, "name": name, "password": "correct horse battery"}
    )
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "password": "correct horse battery"}


@pytest.fixture
async def candidate(browser: Callable[[], AsyncClient]) -> AsyncClient:
    client = browser()
    await sign_up(client)
    return client


@pytest.fixture
async def other(browser: Callable[[], AsyncClient]) -> AsyncClient:
    client = browser()
    await sign_up(client, "Someone Else")
    return client


@asynccontextmanager
async def restarted(settings: Settings) -> AsyncIterator[FastAPI]:
    """The same installation, started again on the same data."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application
