"""How many files and sockets this process may have open."""

from __future__ import annotations

import resource

WANTED = 16_384


def raise_descriptors(wanted: int = WANTED) -> int:
    """As far as is allowed without asking anybody; gives what holds now.

    Many systems start a process with 1,024 (macOS: 256) for the sake of old programs, and allow far more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted if soft == resource.RLIM_INFINITY else soft
    aim = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (aim, hard))
    except (ValueError, OSError):
        # A system's own ceiling below what it says: nothing is won, and nothing lost.
        return soft
    return aim
