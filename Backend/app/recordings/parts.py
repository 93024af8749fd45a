"""The parts of a recording: the videos that are played one after the other, as if they were one.

Takes that came to us in pieces make one video where they follow each other and fit into one file (another codec or size
does not); a take at a vendor is a video of its own.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.recording import Part, PlacedTake
from app.models import Recording
from app.recordings.timeline import Timeline

LOCAL = "local"


def parts_of(recording: Recording) -> list[Part]:
    if recording.parts:
        return list(recording.parts)
    if not recording.storage_key:
        return []
    # Put together before there were parts.
    return [Part(LOCAL, recording.storage_key, recording.mime_type, 0, recording.duration_ms, recording.has_video)]


def part_timeline(recording: Recording, part: Part) -> Timeline:
    """Where moments of the interview lie in this part alone."""
    return Timeline(takes_in(recording, part))


def takes_in(recording: Recording, part: Part) -> list[PlacedTake]:
    """As they lie in this part."""
    end_ms = part.start_ms + part.duration_ms
    inside = (take for take in recording.takes if part.start_ms <= take.video_start_ms < end_ms)
    return [replace(take, video_start_ms=take.video_start_ms - part.start_ms) for take in inside]


def place_parts(recording: Recording, parts: list[Part], takes: list[PlacedTake], size_bytes: int) -> None:
    """What is played from now on."""
    recording.parts = tuple(parts)
    recording.takes = tuple(takes)
    recording.storage_key = parts[0].key
    recording.mime_type = parts[0].mime_type
    recording.size_bytes = size_bytes
    recording.duration_ms = sum(part.duration_ms for part in parts)
    recording.has_video = any(part.has_video for part in parts)
    recording.failures, recording.retry_at, recording.proof = 0, None, ""
