"""Where recordings live, in our words.

A recording is made of takes (one per MediaRecorder run); a take of pieces, numbered from 0 without gaps.
Blocking calls: the caller runs them off the event loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Take:
    """One run of the recorder. `clock_start_ms` places its first frame on the interview clock."""

    number: int
    mime_type: str
    clock_start_ms: int
    pieces: int


@dataclass(frozen=True, slots=True)
class PlacedTake:
    """Where a take begins in the assembled video, and where that was on the interview clock."""

    number: int
    clock_start_ms: int
    video_start_ms: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class StoredVideo:
    """The assembled, seekable video."""

    key: str
    mime_type: str
    size_bytes: int
    duration_ms: int
    has_video: bool
    takes: tuple[PlacedTake, ...]


class VideoStorage(Protocol):
    @property
    def name(self) -> str: ...

    def put_piece(self, recording_id: str, take: int, number: int, data: bytes) -> None:
        """Durable (fsync) when it returns. The same piece again is harmless. Raises ProviderError."""
        ...

    def assemble(self, recording_id: str, takes: Sequence[Take]) -> StoredVideo:
        """Idempotent; keeps what can be played of a damaged take. Raises ProviderError."""
        ...

    def local_path(self, key: str) -> Path | None:
        """A file to serve with ranges, or None when it is not on this machine."""
        ...

    def drop_pieces(self, recording_id: str) -> None:
        """Removes the pieces once the video is checked and nothing more can come; the video stays. Idempotent."""
        ...

    def delete(self, recording_id: str) -> None:
        """Removes pieces and video. Idempotent."""
        ...
