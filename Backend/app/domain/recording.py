"""A recording as it is stored: where its takes lie in the video, and which videos are played one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import TypedDict


@dataclass(frozen=True, slots=True)
class PlacedTake:
    """Where a take begins in the assembled video, and where that was on the interview clock.

    `pieces`: how many of them are in it; None in a video from before they were counted.
    """

    number: int
    clock_start_ms: int
    video_start_ms: int
    duration_ms: int
    pieces: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`key`: what its storage finds it by. `start_ms`: where it begins in the whole recording."""

    storage: str
    key: str
    mime_type: str
    start_ms: int
    duration_ms: int
    has_video: bool


@dataclass(frozen=True, slots=True)
class Playable:
    """`key` is what the storage finds it by, and means nothing to anybody else."""

    key: str
    mime_type: str


class TakeAsset(TypedDict, total=False):
    """A take at a vendor: its name there, and how far it has come. Empty for one that comes to us in pieces."""

    provider: str
    name: str
    granted_until: str
    stored: bool
    size_bytes: int
    duration_ms: int | None
    has_video: bool
    original: Playable
    rendition: Playable | None
    is_final: bool
