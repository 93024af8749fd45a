"""Puts the takes of a recording one after the other into one seekable file by copying packets.

A browser writes WebM without duration and index, or MP4 in fragments; both come out with the index in front and the
right duration. What follows a damaged place in a take is left out, what came before it is kept.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error

from app.errors import ProviderError
from app.services.video_storage.base import PlacedTake

PROVIDER = "local-disk"
MILLISECOND = Fraction(1, 1000)
COPIED = ("video", "audio")


@dataclass(frozen=True, slots=True)
class TakeSource:
    """The files of one take in order; `mime_type` without parameters."""

    number: int
    mime_type: str
    clock_start_ms: int
    pieces: list[Path]


@dataclass(frozen=True, slots=True)
class Remuxed:
    path: Path
    suffix: str
    mime_type: str
    duration_ms: int
    has_video: bool
    takes: tuple[PlacedTake, ...]


class Pieces(io.RawIOBase):
    """The files of a take, read as if they were one, so that nothing is copied together first."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._ends: list[int] = []
        total = 0
        for path in self._paths:
            total += path.stat().st_size
            self._ends.append(total)
        self._position = 0
        self._open: tuple[int, io.BufferedReader] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        size = self._ends[-1] if self._ends else 0
        base = {0: 0, 1: self._position, 2: size}[whence]
        self._position = max(0, min(size, base + offset))
        return self._position

    def read(self, size: int = -1) -> bytes:
        parts = []
        left = size if size >= 0 else 1 << 62
        while left > 0:
            part = self._read_some(left)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None
        super().close()

    def _read_some(self, size: int) -> bytes:
        index = bisect_right(self._ends, self._position)
        if index == len(self._ends):
            return b""
        if self._open is None or self._open[0] != index:
            if self._open is not None:
                self._open[1].close()
            self._open = (index, self._paths[index].open("rb"))
        begin = self._ends[index - 1] if index else 0
        file = self._open[1]
        file.seek(self._position - begin)
        part = file.read(min(size, self._ends[index] - self._position))
        self._position += len(part)
        return part


def remux(takes: Sequence[TakeSource], scratch: Path) -> Remuxed:
    """Writes `video.<suffix>` into `scratch`.

    The fullest take lays down the tracks. One with sound alone keeps its place, with the picture standing still; one
    in another codec is left out, since packets of different codecs cannot follow each other in one track.

    Raises ProviderError (invalid_response) when nothing can be played.
    """
    readable = [found for found in (_shape(take) for take in takes) if found is not None]
    if not readable:
        raise ProviderError(PROVIDER, "invalid_response", retryable=False)
    leading = max(readable, key=lambda shape: (shape.has_video, len(shape.tracks)))
    fitting = [shape for shape in readable if set(shape.tracks) <= set(leading.tracks)]
    is_mp4 = leading.source.mime_type.endswith("/mp4")
    suffix = ".mp4" if is_mp4 else ".webm"
    path = scratch / f"video{suffix}"
    try:
        placed = _write(path, fitting, leading, is_mp4=is_mp4)
    except (av.error.FFmpegError, ValueError) as error:
        raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error
    duration_ms = _checked_duration(path)
    kind = "video" if leading.has_video else "audio"
    return Remuxed(path, suffix, f"{kind}/{'mp4' if is_mp4 else 'webm'}", duration_ms, leading.has_video, tuple(placed))


Track = tuple[str, str, bytes]
"""Kind, codec, and the set-up data that a decoder must be given before the first packet."""


@dataclass(frozen=True, slots=True)
class _Shape:
    source: TakeSource
    tracks: tuple[Track, ...]

    @property
    def has_video(self) -> bool:
        return any(track[0] == "video" for track in self.tracks)


def _open(take: TakeSource, reader: Pieces) -> Any:
    # The demuxer is named, never guessed: a file that claims to be a playlist would make FFmpeg fetch addresses.
    demuxer = {"mp4": "mp4", "ogg": "ogg"}.get(take.mime_type.rsplit("/", 1)[-1], "matroska")
    return av.open(reader, mode="r", format=demuxer, options={"protocol_whitelist": ""})


def _shape(take: TakeSource) -> _Shape | None:
    reader = Pieces(take.pieces)
    try:
        with _open(take, reader) as container:
            tracks = tuple(_track(stream) for stream in _copied(container))
    except (av.error.FFmpegError, OSError, ValueError):
        return None
    finally:
        reader.close()
    return _Shape(take, tracks) if tracks else None


def _track(stream: Any) -> Track:
    codec = stream.codec_context
    # These carry what matters in the packets, and their set-up data may differ without harm.
    setup = b"" if codec.name in ("vp8", "vp9", "opus") else bytes(codec.extradata or b"")
    return stream.type, codec.name, setup


def _copied(container: Any) -> list[Any]:
    """The first picture and the first sound."""
    streams = [next((each for each in container.streams if each.type == kind), None) for kind in COPIED]
    return [stream for stream in streams if stream is not None]


def _write(path: Path, shapes: Sequence[_Shape], leading: _Shape, *, is_mp4: bool) -> list[PlacedTake]:
    options = {"movflags": "+faststart"} if is_mp4 else {"cues_to_front": "1"}
    placed: list[PlacedTake] = []
    with av.open(str(path), mode="w", format="mp4" if is_mp4 else "webm", options=options) as output:
        outputs = _output_streams(output, leading)
        offset_ms = 0
        for shape in shapes:
            duration_ms = _append(output, outputs, shape.source, offset_ms)
            if duration_ms <= 0:
                continue
            placed.append(PlacedTake(shape.source.number, shape.source.clock_start_ms, offset_ms, duration_ms))
            offset_ms += duration_ms
    if not placed:
        raise ValueError("no packets")
    return placed


def _output_streams(output: Any, leading: _Shape) -> dict[str, _Output]:
    """By kind."""
    reader = Pieces(leading.source.pieces)
    try:
        with _open(leading.source, reader) as container:
            return {stream.type: _Output(output.add_stream_from_template(stream)) for stream in _copied(container)}
    finally:
        reader.close()


def _append(output: Any, outputs: Mapping[str, _Output], take: TakeSource, offset_ms: int) -> int:
    """Copies a take's packets behind `offset_ms`; its length in ms, from its first picture or sound to its last."""
    reader = Pieces(take.pieces)
    tracks: dict[int, _Track] = {}
    first: Fraction | None = None
    try:
        with _open(take, reader) as container:
            packets = container.demux(*_copied(container))
            while True:
                try:
                    packet = next(packets)
                except (StopIteration, av.error.FFmpegError):
                    break
                pts, dts = packet.pts, packet.dts
                if dts is None or pts is None or packet.size == 0:
                    continue
                if packet.is_corrupt:
                    break
                if first is None:
                    first = min(pts, dts) * packet.time_base
                track = tracks.get(packet.stream_index)
                if track is None:
                    base = packet.time_base
                    shift = round((offset_ms * MILLISECOND - first) / base)
                    track = tracks[packet.stream_index] = _Track(outputs[packet.stream.type], base, shift)
                track.end = max(track.end, pts + (packet.duration or 0))
                # The muxer wants rising times; two takes may touch by a rounding.
                copied = track.output
                packet.dts = copied.last = max(dts + track.shift, copied.last + 1)
                packet.pts = max(pts + track.shift, copied.last)
                packet.stream = copied.stream
                output.mux_one(packet)
    finally:
        reader.close()
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
