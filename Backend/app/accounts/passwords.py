"""Password hashing with argon2id, in a pool of its own because it is slow on purpose.

Cost: 46 MiB, one pass, one lane, the first of the settings OWASP's Password Storage Cheat Sheet holds equal. One lane,
so that a class that signs in keeps one core busy and leaves the other to everybody else. A hash carries its own cost:
those made with another one still fit.
"""

from __future__ import annotations

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.pools import PASSWORDS

_hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=47_104, parallelism=1),))
# Verified when the address is unknown, so that both cases take as long.
_NOBODY = _hasher.hash("nobody has this password")


async def hash_password(password: str) -> str:
    """Raises Unavailable when too many are signing in or up already."""
    return await PASSWORDS.run(_hasher.hash, password)


async def password_matches(password: str, password_hash: str | None) -> bool:
    """False for somebody who has no password here: `password_hash` is None or empty.

    Raises Unavailable when too many are signing in or up already.
    """
    matches = await PASSWORDS.run(_hasher.verify, password, password_hash or _NOBODY)
    return matches and bool(password_hash)
