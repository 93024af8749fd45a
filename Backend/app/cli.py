"""Commands for whoever runs the installation.

python -m app.cli create --email you@example.org --name "Your name"   makes an admin (or promotes an account)
python -m app.cli move-database --to postgresql://…                   copies an SQLite installation into PostgreSQL
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from pydantic import EmailStr, TypeAdapter, ValidationError
from sqlalchemy import select

from app.accounts.accounts import create_account, normal_email
from app.db import Database
from app.errors import AppError
from app.migrate import DatabaseUnusable, migrate
from app.models import User
from app.move_database import MoveRefused, move_database
from app.schemas.account import Name, Password
from app.settings import Settings
from app.workflows.process_locks import ProofOfLife


async def create_admin(db: Database, *, email: str, name: str, password: str | None) -> str:
    """Returns "created" or "promoted". An existing account keeps its password, and needs none."""
    async with db.write() as session:
        user = await session.scalar(select(User).where(User.email == normal_email(email)))
        if user is not None:
            user.role = "admin"
            return "promoted"
    checked: str = TypeAdapter(Password).validate_python(password or "")
    await create_account(db, email=email, name=name, password=checked, role="admin")
    return "created"


async def _exists(db: Database, email: str) -> bool:
    async with db.read() as session:
        return await session.scalar(select(User.id).where(User.email == normal_email(email))) is not None


async def _create(settings: Settings, email: str, name: str, password_from_stdin: bool) -> str:
    db = Database(settings.resolved_database_url)
    try:
        password = None
        if not await _exists(db, email):
            password = sys.stdin.readline().rstrip("\n") if password_from_stdin else getpass.getpass("New password: ")
        return await create_admin(db, email=email, name=name, password=password)
    finally:
        await db.close()


def _make_admin(settings: Settings, chosen: argparse.Namespace) -> int:
    identity = settings.chosen.identity
    if identity.admin_made:
        # A role written here would be undone at the person's next sign-in.
        print(f"Not made: IDENTITY={identity.key} {identity.admin_made}", file=sys.stderr)
        return 2
    try:
        email = TypeAdapter(EmailStr).validate_python(chosen.email)
        name = TypeAdapter(Name).validate_python(chosen.name)
        migrate(settings)
        outcome = asyncio.run(_create(settings, email, name, chosen.password_stdin))
    except ValidationError as error:
        print(f"Not made: {error.errors()[0]['msg']}.", file=sys.stderr)
        return 2
    except (AppError, DatabaseUnusable) as error:
        print(f"Not made: {error}", file=sys.stderr)
        return 2
    print(f"Admin {outcome}. Sign in at {settings.public_url}.")
    return 0


def _move(settings: Settings, address: str) -> int:
    try:
        same = {**settings.model_dump(), "database_url": address, "database_direct_url": ""}
        target = Settings(_env_file=None, **same)
        mover = ProofOfLife(settings.data_dir / "executors", "move-database")
        # Held, so that a server that starts meanwhile is not the only one who knows of the other.
        mover.hold()
        try:
            if mover.anybody_else():
                raise MoveRefused(
                    "InterviewDost is running on this data. Stop it first, so that nothing is left behind."
                )
            moved = move_database(settings, target)
        finally:
            mover.release()
    except ValidationError as error:
        print(f"Not moved. {error.errors()[0]['msg'].replace('DATABASE_URL', '--to')}.", file=sys.stderr)
        return 2
    except (MoveRefused, DatabaseUnusable) as error:
        print(f"Not moved, and nothing was changed. {error}", file=sys.stderr)
        return 2
    print(f"  {'table':<18} {'rows':>8}  checksum, the same on both sides")
    for table in moved:
        print(f"  {table.name:<18} {table.rows:>8}  {table.checksum[:16]}")
    print(
        "\nEverything is there. Now put DATABASE_URL=… into .env with the same address, and start.\n"
        "Recordings and secret.key stay in DATA_DIR. Work that was under way is started again by itself.\n"
        "The SQLite file still holds all of it: keep it as a copy until you are content, then delete it."
    )
    return 0


def main(arguments: list[str] | None = None, settings: Settings | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m app.cli")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make an admin, or promote an account")
    create.add_argument("--email", required=True)
    create.add_argument("--name", default="Admin")
    create.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    move = commands.add_parser("move-database", help="copy an SQLite installation into an empty PostgreSQL database")
    move.add_argument("--to", required=True, help="postgresql://user:password@host:5432/name")
    chosen = parser.parse_args(arguments)
    settings = settings or Settings()
    return _move(settings, chosen.to) if chosen.command == "move-database" else _make_admin(settings, chosen)


if __name__ == "__main__":
    sys.exit(main())
