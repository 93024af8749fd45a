"""Commands for whoever runs the installation.

python -m app.admin create --email you@example.org --name "Your name"   makes an admin (or promotes an account)
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
from app.migrate import migrate
from app.models import User
from app.schemas.account import Name, Password
from app.settings import Settings


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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m app.admin")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make an admin, or promote an account")
    create.add_argument("--email", required=True)
    create.add_argument("--name", default="Admin")
    create.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    chosen = parser.parse_args(arguments)
    settings = Settings()
    try:
        email = TypeAdapter(EmailStr).validate_python(chosen.email)
        name = TypeAdapter(Name).validate_python(chosen.name)
        migrate(settings)
        outcome = asyncio.run(_create(settings, email, name, chosen.password_stdin))
    except ValidationError as error:
        print(f"Not made: {error.errors()[0]['msg']}.", file=sys.stderr)
        return 2
    except AppError as error:
        print(f"Not made: {error.message}", file=sys.stderr)
        return 2
    print(f"Admin {outcome}. Sign in at {settings.public_url}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
