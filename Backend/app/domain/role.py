"""What an account may do."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["candidate", "reviewer", "admin"]

_ROLES: Final[dict[str, Role]] = {role: role for role in get_args(Role)}


def role_of(told: object) -> Role:
    """A role as a token or a vendor tells it; what is none of ours makes nobody more than a candidate."""
    return _ROLES.get(told, "candidate") if isinstance(told, str) else "candidate"
