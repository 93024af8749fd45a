"""Password hashing (argon2id, the library's recommended cost), off the event loop because it is slow on purpose."""

from __future__ import annotations

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_hasher = PasswordHash((Argon2Hasher(),))
# Verified when the address is unknown, so that both cases take as long.
_NOBODY = _hasher.hash("nobody has this password")


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password: str, password_hash: str | None) -> bool:
    """False for somebody who has no password here: `password_hash` is None or empty."""
    matches = await asyncio.to_thread(_hasher.verify, password, password_hash or _NOBODY)
    return matches and bool(password_hash)
