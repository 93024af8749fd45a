"""Whether a stored video holds everything that the pieces of its takes hold, so that they may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import av.error

from app.domain.recording import PlacedTake
from app.services.video_storage.take_file import COPIED, MILLISECOND, Packets, TakeSource, copied, opened

TOLERANCE_MS = 150
"""Times are rounded to another base, and an encoder's run-in may be told as time or cut away."""


@dataclass(frozen=True, slots=True)
class _Content:
    """Packets of each kind, and the time from the first one's beginning to the last one's end."""

    counts: dict[str, int]
    duration_ms: float


def holds_all(video: Path, takes: Sequence[TakeSource], placed: Sequence[PlacedTake]) -> bool:
    """False also where either cannot be read, a take has no place, or a place no take."""
    places = {place.number: place for place in placed}
    if not takes or set(places) != {take.number for take in takes}:
        return False
    if any(places[take.number].pieces not in (0, len(take.pieces)) for take in takes):
        return False
    try:
        stored = _stored(video)
        reached = dict.fromkeys(stored, 0)
        for take in sorted(takes, key=lambda take: places[take.number].video_start_ms):
            content = _content(take)
            if content is None or not _is_there(content, places[take.number], stored, reached):
                return False
    except (av.error.FFmpegError, OSError, ValueError):
        return False
    return all(reached[kind] == len(times) for kind, times in stored.items())


def _is_there(
    content: _Content, place: PlacedTake, stored: dict[str, list[tuple[float, float]]], reached: dict[str, int]
) -> bool:
    """The take's packets are the next ones in each track of the video, and lie where it has its place."""
    ends_ms = place.video_start_ms + place.duration_ms
    found: list[tuple[float, float]] = []
    for kind, count in content.counts.items():
        times = stored.get(kind, [])[reached.get(kind, 0) :][:count]
        if len(times) < count:
            return False
        reached[kind] += count
        found += times
    # How long the last packet lasts is told by some containers only: the end lies in it.
    last_begin, last_end = max(time[0] for time in found), max(time[1] for time in found)
    return (
        abs(min(time[0] for time in found) - place.video_start_ms) <= TOLERANCE_MS
        and last_begin - TOLERANCE_MS <= ends_ms <= last_end + TOLERANCE_MS
        and abs(content.duration_ms - place.duration_ms) <= TOLERANCE_MS
    )


def _content(take: TakeSource) -> _Content | None:
    """None for a take of which not every byte could be read."""
    counts: dict[str, int] = {}
    begin, end = float("inf"), float("-inf")
    with opened(take) as container:
        packets = Packets(take, container)
        for packet in packets:
            kind = packet.stream.type
            counts[kind] = counts.get(kind, 0) + 1
            milliseconds = packet.time_base / MILLISECOND
            begin = min(begin, float(min(packet.pts, packet.dts) * milliseconds))
            end = max(end, float((packet.pts + (packet.duration or 0)) * milliseconds))
    return _Content(counts, end - begin) if packets.whole and counts else None


def _stored(video: Path) -> dict[str, list[tuple[float, float]]]:
    """Beginning and end of each packet in ms, by kind, in the order of the file."""
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in COPIED}
    with av.open(str(video), mode="r") as container:
        for packet in container.demux(*copied(container)):
            if packet.size == 0 or packet.pts is None:
                continue
            milliseconds = packet.time_base / MILLISECOND
            begin = float(packet.pts * milliseconds)
            times[packet.stream.type].append((begin, begin + float((packet.duration or 0) * milliseconds)))
    return times
