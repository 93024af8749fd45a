"""What the stand-in for Cloudinary keeps: assets, and uploads of which only some parts have come."""

from __future__ import annotations

import hashlib
import io
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import av.error

from fakes.cloudinary_streams import Stream, encoded

ADAPTIVE = "sp_auto/m3u8"
LEAST_PART_BYTES = 5 * 1024 * 1024
"""Every part but the last must be larger than 5 MB."""

Place = tuple[str, str, str]
"""Resource type, type, public id: only the three together name an asset."""


class Refused(Exception):
    """An answer with the vendor's error body."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


@dataclass
class Parts:
    """The parts of one upload id. They come in order, without a gap; the same part again changes nothing."""

    data: bytearray = field(default_factory=bytearray)
    last_start: int = 0

    @property
    def size(self) -> int:
        return len(self.data)

    def take(self, content_range: str, part: bytes) -> bytes | None:
        """The whole once the part that states the total has come. Raises Refused (400)."""
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(-1|\d+)", content_range)
        if found is None:
            raise Refused(400, f"Invalid Content-Range header - {content_range}")
        start, end, total = int(found[1]), int(found[2]), int(found[3])
        if end - start + 1 != len(part):
            raise Refused(400, f"Content-Range says {end - start + 1} bytes, but {len(part)} came")
        is_last = end + 1 == total
        if total != -1 and end + 1 > total:
            raise Refused(400, "Content-Range is beyond the total")
        if not is_last and len(part) <= LEAST_PART_BYTES:
            raise Refused(400, "All chunks except the last must be larger than 5 MB")
        if start == self.last_start and self.data and bytes(self.data[start:]) == part and not is_last:
            return None
        if start != self.size:
            raise Refused(400, f"Part begins at {start}, but {self.size} bytes have come")
        self.last_start = start
        self.data += part
        return bytes(self.data) if is_last else None


@dataclass
class Asset:
    place: Place
    version: int
    data: bytes
    seekable: bytes
    format: str
    has_video: bool
    duration_s: float
    width: int
    height: int
    eager: Sequence[str]
    streams: dict[str, Stream] = field(default_factory=dict)
    """The adaptive video by size, empty until it has been encoded."""

    def encode(self) -> None:
        """Takes seconds, as at the vendor, so it is begun and not waited for."""
        threading.Thread(target=lambda: self.streams.update(encoded(self.data)), daemon=True, name="encoding").start()

    def picture(self, at_s: float) -> bytes:
        """A JPEG of that moment. Raises Refused where nothing can be seen."""
        with av.open(io.BytesIO(self.data), "r") as source:
            if not source.streams.video:
                raise Refused(400, "Video has no picture")
            frames = list(source.decode(source.streams.video[0]))
            frame = next((each for each in frames if (each.time or 0) >= at_s), frames[-1])
            encoder = av.CodecContext.create("mjpeg", "w")
            encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
            encoder.time_base = Fraction(1, 1000)
            still = frame.reformat(format="yuvj420p")
            still.pts = 0
            return b"".join(bytes(packet) for packet in [*encoder.encode(still), *encoder.encode(None)])

    @property
    def mime_type(self) -> str:
        return f"{'video' if self.has_video else 'audio'}/{self.format}"

    def facts(self) -> dict[str, Any]:
        kind, type_, public_id = self.place
        video = {"width": self.width, "height": self.height, "video": {"codec": "vp8"}, "frame_rate": 24.0}
        return {
            "asset_id": hashlib.md5(public_id.encode()).hexdigest(),
            "public_id": public_id,
            "version": self.version,
            "version_id": hashlib.md5(str(self.version).encode()).hexdigest(),
            "format": self.format,
            "resource_type": kind,
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.version)),
            "tags": [],
            "pages": 0,
            "bytes": len(self.data),
            "type": type_,
            "etag": hashlib.md5(self.data).hexdigest(),
            "placeholder": False,
            "asset_folder": "",
            "display_name": public_id.rsplit("/", 1)[-1],
            "audio": {"codec": "opus", "frequency": 48000, "channels": 1},
            "is_audio": not self.has_video,
            "duration": self.duration_s,
            "rotation": 0,
            **(video if self.has_video else {}),
        }

    def eager_told(self) -> list[dict[str, Any]]:
        batch = hashlib.sha256(f"{self.place}{self.version}".encode()).hexdigest()
        return [{"status": "processing", "batch_id": batch, "transformation": each} for each in self.eager]

    def derived(self) -> list[dict[str, Any]]:
        return [
            {
                "transformation": each,
                "format": (re.search(r"(?:f_|/)([a-z0-9]+)", each) or ["", self.format])[1],
                "bytes": len(self.seekable),
                "id": hashlib.md5(f"{self.place}{each}".encode()).hexdigest(),
            }
            for each in self.eager
            if each != ADAPTIVE or self.streams
        ]


class Shelf:
    def __init__(self) -> None:
        self._assets: dict[Place, Asset] = {}

    def get(self, place: Place) -> Asset | None:
        return self._assets.get(place)

    def all(self) -> list[Asset]:
        return list(self._assets.values())

    def put(self, place: Place, data: bytes, eager: Sequence[str], formats: Sequence[str] | None) -> Asset:
        try:
            asset = _read(place, data, eager)
        except (av.error.FFmpegError, ValueError) as error:
            raise Refused(400, "Unsupported video format or file") from error
        if formats is not None and asset.format not in formats:
            raise Refused(400, f"Video file format {asset.format} not allowed")
        self._assets[place] = asset
        if ADAPTIVE in eager:
            asset.encode()
        return asset

    def remove(self, place: Place) -> bool:
        return self._assets.pop(place, None) is not None


def _read(place: Place, data: bytes, eager: Sequence[str]) -> Asset:
    with av.open(io.BytesIO(data), mode="r") as source:
        streams = [each for each in source.streams if each.type in ("video", "audio")]
        if not streams:
            raise ValueError("neither picture nor sound")
        name = "webm" if "webm" in source.format.name else "mp4" if "mp4" in source.format.name else "ogg"
        seekable = io.BytesIO()
        with av.open(seekable, mode="w", format=name) as out:
            copies = {each.index: out.add_stream_from_template(each) for each in streams}
            for packet in source.demux(streams):
                if packet.dts is not None:
                    packet.stream = copies[packet.stream_index]
                    out.mux_one(packet)
        picture = next(iter(source.streams.video), None)
        width, height = (picture.width, picture.height) if picture is not None else (0, 0)
    with av.open(io.BytesIO(seekable.getvalue()), mode="r") as made:
        duration_s = (made.duration or 0) / 1_000_000
    has_video = picture is not None
    version = int(time.time())
    return Asset(place, version, data, seekable.getvalue(), name, has_video, duration_s, width, height, tuple(eager))
