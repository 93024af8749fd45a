"""Footage as large as a chunked upload needs, without the time it takes to film it."""

from __future__ import annotations

from tests.recordings.footage import footage


def wide_footage(seconds: float, size: int) -> bytes:
    """A WebM of at least `size` bytes: behind the picture stands an element that every reader skips."""
    film = footage(seconds)
    gap = max(0, size - len(film))
    return film + b"\xec" + (0x0100000000000000 | gap).to_bytes(8, "big") + bytes(gap)
