"""One take of a recorder, read from its pieces as if they were one file: its tracks, and its packets in order."""

from __future__ import annotations

import contextlib
import io
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error

COPIED = ("video", "audio")
MILLISECOND = Fraction(1, 1000)
BETWEEN_PACKETS = {"matroska": 512, "mp4": 8 * 1024, "ogg": 66_000}
"""Bytes between two packets that are the container's own. Browsers' WebM has 17 and MP4 some hundreds; of an Ogg page
only the beginning is known."""
HEADER = 64 * 1024
MP4_END = frozenset({b"mfra", b"free", b"skip"})
"""What may stand behind the last packet: an index, or nothing."""


@dataclass(frozen=True, slots=True)
class TakeSource:
    """The files of one take in order; `mime_type` without parameters."""

    number: int
    mime_type: str
    clock_start_ms: int
    pieces: list[Path]

    @property
    def container(self) -> str:
        """The demuxer to read it with."""
        return {"mp4": "mp4", "ogg": "ogg"}.get(self.mime_type.rsplit("/", 1)[-1], "matroska")


Track = tuple[str, bytes, int, int]
"""Codec, the set-up data that a decoder must be given before the first packet, width and height."""


@dataclass(frozen=True, slots=True)
class TakeShape:
    """What of a take matters for putting another behind it. `tracks` by kind; `is_mp4`: times and codecs as in MP4."""

    tracks: Mapping[str, Track]
    is_mp4: bool

    def fits(self, other: TakeShape) -> bool:
        """Whether both can be in one video: packets of different codecs or sizes cannot follow each other in a track.

        A track that one of them lacks is no hindrance: a take with sound alone keeps its place.
        """
        if self.is_mp4 != other.is_mp4:
            return False
        return all(other.tracks.get(kind, track) == track for kind, track in self.tracks.items())

    def joined(self, other: TakeShape) -> TakeShape:
        return TakeShape({**other.tracks, **self.tracks}, self.is_mp4)


class Pieces(io.RawIOBase):
    """The files of a take, read as if they were one, so that nothing is copied together first."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._ends: list[int] = []
        total = 0
        for path in self._paths:
            total += path.stat().st_size
            self._ends.append(total)
        self._size = total
        self._position = 0
        self._open: tuple[int, io.BufferedReader] | None = None

    @property
    def size(self) -> int:
        return self._size

    def end_at(self, size: int) -> None:
        """What lies behind is not read any more."""
        self._size = min(self._size, size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._position, 2: self._size}[whence]
        self._position = max(0, min(self._size, base + offset))
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
        if self._position >= self._size:
            return b""
        if self._open is None or self._open[0] != index:
            if self._open is not None:
                self._open[1].close()
            self._open = (index, self._paths[index].open("rb"))
        begin = self._ends[index - 1] if index else 0
        file = self._open[1]
        file.seek(self._position - begin)
        part = file.read(min(size, self._ends[index] - self._position, self._size - self._position))
        self._position += len(part)
        return part


@contextlib.contextmanager
def opened(take: TakeSource) -> Iterator[Any]:
    """Raises FFmpegError or OSError."""
    reader = Pieces(take.pieces)
    try:
        if take.container == "mp4":
            reader.end_at(_whole_boxes(reader))
            reader.seek(0)
        # The demuxer is named, never guessed: a file that claims to be a playlist would make FFmpeg fetch addresses.
        options = {"protocol_whitelist": ""}
        with av.open(reader, mode="r", format=take.container, options=options) as container:
            yield container
    finally:
        reader.close()


def _whole_boxes(reader: Pieces) -> int:
    """Where the first box begins that is cut off, since its rest is yet to come: FFmpeg would refuse all of the take.

    Of sound and pictures it takes as much as there is.
    """
    at = 0
    while at < reader.size:
        reader.seek(at)
        length, kind = int.from_bytes(reader.read(4)), reader.read(4)
        if length == 1:
            length = int.from_bytes(reader.read(8))
        if kind == b"mdat" and (length == 0 or at + length > reader.size):
            return reader.size
        if length < 8 or at + length > reader.size:
            return at
        at += length
    return at


def shape_of(take: TakeSource) -> TakeShape | None:
    """None for a take that cannot be read, or has neither picture nor sound."""
    try:
        with opened(take) as container:
            tracks = {stream.type: _track(stream) for stream in copied(container)}
    except (av.error.FFmpegError, OSError, ValueError):
        return None
    return TakeShape(tracks, take.container == "mp4") if tracks else None


def _track(stream: Any) -> Track:
    codec = stream.codec_context
    # These carry what matters in the packets, and their set-up data may differ without harm.
    setup = b"" if codec.name in ("vp8", "vp9", "opus") else bytes(codec.extradata or b"")
    seen = stream.type == "video"
    return codec.name, setup, codec.width if seen else 0, codec.height if seen else 0


def copied(container: Any) -> list[Any]:
    """The first picture and the first sound."""
    streams = [next((each for each in container.streams if each.type == kind), None) for kind in COPIED]
    return [stream for stream in streams if stream is not None]


class Packets:
    """A take's packets as far as they can be read; what follows a damaged place may be missing.

    `whole`, once they have all been gone through: every byte of the take was the container's own or in a packet.
    """

    def __init__(self, take: TakeSource, container: Any) -> None:
        self.whole = False
        self._take = take
        self._container = container

    def __iter__(self) -> Iterator[Any]:
        places: list[tuple[int, int]] = []
        unbroken = True
        packets = self._container.demux(*copied(self._container))
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                break
            except av.error.FFmpegError:
                unbroken = False
                break
            if packet.size == 0:
                continue
            if packet.is_corrupt:
                unbroken = False
                break
            if packet.dts is None or packet.pts is None or packet.pos is None:
                unbroken = False
            else:
                places.append((packet.pos, packet.pos + packet.size))
            if packet.dts is not None and packet.pts is not None:
                yield packet
        self.whole = unbroken and self._covered(sorted(places))

    def _covered(self, places: Sequence[tuple[int, int]]) -> bool:
        # A demuxer finds its way again behind a damaged place and says nothing: only the bytes that it jumped tell.
        between = BETWEEN_PACKETS[self._take.container]
        reached = 0
        for index, (begin, end) in enumerate(places):
            if begin - reached > (between if index else HEADER):
                return False
            reached = max(reached, end)
        with contextlib.closing(Pieces(self._take.pieces)) as reader:
            left = reader.seek(0, 2) - reached
            if self._take.container != "mp4":
                return bool(places) and left <= between
            while left > 0:
                reader.seek(-left, 2)
                size, kind = int.from_bytes(reader.read(4)), reader.read(4)
                if kind not in MP4_END or not 8 <= size <= left:
                    return False
                left -= size
        return bool(places)
