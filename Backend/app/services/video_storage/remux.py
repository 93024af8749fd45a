"""Puts the takes of a recording one after the other into one seekable file by copying packets.

A browser writes WebM without duration and index, or MP4 in fragments; both come out with the index in front and the
right duration. What follows a damaged place in a take is left out, what came before it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error

from app.disk_space import is_full
from app.domain.recording import PlacedTake
from app.errors import ProviderError
from app.services.video_storage.take_file import MILLISECOND, Packets, TakeShape, TakeSource, copied, opened, shape_of

PROVIDER = "local-disk"
IN_WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})


@dataclass(frozen=True, slots=True)
class Remuxed:
    path: Path
    suffix: str
    mime_type: str
    duration_ms: int
    has_video: bool
    takes: tuple[PlacedTake, ...]


def stretches(takes: Sequence[TakeSource]) -> list[list[TakeSource]]:
    """Takes that follow each other and can be in one video, in the order given.

    One that cannot be read stays where it is: it has no say in what fits.
    """
    found: list[tuple[list[TakeSource], TakeShape | None]] = []
    for take in takes:
        shape = shape_of(take)
        if not found:
            found.append(([take], shape))
            continue
        members, together = found[-1]
        if shape is None or together is None or together.fits(shape):
            members.append(take)
            found[-1] = members, (together.joined(shape) if together and shape else together or shape)
        else:
            found.append(([take], shape))
    return [members for members, _ in found]


def remux(takes: Sequence[TakeSource], scratch: Path) -> Remuxed:
    """Writes `video.<suffix>` into `scratch`.

    The fullest take says what fits, see Shape; what does not is left out. One with sound alone keeps its place, with
    the picture standing still.

    Raises ProviderError (invalid_response) when nothing can be played, OSError when the disk is full.
    """
    readable = [(take, shape) for take in takes if (shape := shape_of(take)) is not None]
    if not readable:
        raise ProviderError(PROVIDER, "invalid_response", retryable=False)
    together = max((shape for _, shape in readable), key=lambda shape: ("video" in shape.tracks, len(shape.tracks)))
    fitting: list[tuple[TakeSource, TakeShape]] = []
    for take, shape in readable:
        if together.fits(shape):
            together = together.joined(shape)
            fitting.append((take, shape))
    is_mp4 = together.is_mp4 or any(track[0] not in IN_WEBM for track in together.tracks.values())
    suffix = ".mp4" if is_mp4 else ".webm"
    path = scratch / f"video{suffix}"
    try:
        placed = _write(path, fitting, is_mp4=is_mp4)
    except (av.error.FFmpegError, ValueError) as error:
        if is_full(error):
            raise
        raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error
    duration_ms = _checked_duration(path)
    has_video = "video" in together.tracks
    kind = "video" if has_video else "audio"
    return Remuxed(path, suffix, f"{kind}/{'mp4' if is_mp4 else 'webm'}", duration_ms, has_video, tuple(placed))


def _write(path: Path, takes: Sequence[tuple[TakeSource, TakeShape]], *, is_mp4: bool) -> list[PlacedTake]:
    options = {"movflags": "+faststart"} if is_mp4 else {"cues_to_front": "1"}
    placed: list[PlacedTake] = []
    with av.open(str(path), mode="w", format="mp4" if is_mp4 else "webm", options=options) as output:
        outputs = _output_streams(output, takes)
        offset_ms = 0
        for take, _ in takes:
            duration_ms = _append(output, outputs, take, offset_ms)
            if duration_ms <= 0:
                continue
            placed.append(PlacedTake(take.number, take.clock_start_ms, offset_ms, duration_ms, len(take.pieces)))
            offset_ms += duration_ms
    if not placed:
        raise ValueError("no packets")
    return placed


def _output_streams(output: Any, takes: Sequence[tuple[TakeSource, TakeShape]]) -> dict[str, _Output]:
    """By kind; the picture first, each laid down by the first take that has it."""
    outputs: dict[str, _Output] = {}
    for kind in ("video", "audio"):
        source = next((take for take, shape in takes if kind in shape.tracks), None)
        if source is None:
            continue
        with opened(source) as container:
            stream = next(each for each in copied(container) if each.type == kind)
            outputs[kind] = _Output(output.add_stream_from_template(stream))
    return outputs


def _append(output: Any, outputs: Mapping[str, _Output], take: TakeSource, offset_ms: int) -> int:
    """Copies a take's packets behind `offset_ms`; its length in ms, from its first picture or sound to its last."""
    tracks: dict[int, _Track] = {}
    first: Fraction | None = None
    with opened(take) as container:
        for packet in Packets(take, container):
            pts, dts = packet.pts, packet.dts
            if first is None:
                first = min(pts, dts) * packet.time_base
            track = tracks.get(packet.stream_index)
            if track is None:
                base = packet.time_base
                shift = round((offset_ms * MILLISECOND - first) / base)
                track = tracks[packet.stream_index] = _Track(outputs[packet.stream.type], base, shift)
            track.end = max(track.end, pts + (packet.duration or 0))
            # The muxer wants rising times; two takes may touch by a rounding.
            copy = track.output
            packet.dts = copy.last = max(dts + track.shift, copy.last + 1)
            packet.pts = max(pts + track.shift, copy.last)
            packet.stream = copy.stream
            output.mux_one(packet)
    if first is None:
        return 0
    return round(max(track.end * track.base - first for track in tracks.values()) / MILLISECOND)


@dataclass(slots=True)
class _Track:
    """One track of one take. Whole numbers in the track's own time base: tens of thousands of packets pass here."""

    output: _Output
    base: Fraction
    shift: int
    end: int = 0


@dataclass(slots=True)
class _Output:
    """One track of the whole; `last` is the decoding time of its latest packet."""

    stream: Any
    last: int = -(1 << 62)


def _checked_duration(path: Path) -> int:
    """Opens what was written as a player would. Raises ProviderError when it has no length."""
    try:
        with av.open(str(path), mode="r") as container:
            duration = container.duration
    except av.error.FFmpegError as error:
        raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error
    if not duration or duration <= 0:
        raise ProviderError(PROVIDER, "invalid_response", retryable=False)
    return round(duration / 1000)
