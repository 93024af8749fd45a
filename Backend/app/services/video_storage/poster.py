"""One picture of a video, to show before it is played."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import av.error

AT_S = 2.0
"""The first picture of a recording is often black: the camera has not opened yet."""


def picture_of(path: Path) -> bytes | None:
    """A JPEG of the moment `AT_S`, or of the last one before a shorter video ends; None where nothing can be seen."""
    try:
        with av.open(str(path), "r") as container:
            seen = next(iter(container.streams.video), None)
            if seen is None:
                return None
            chosen: av.VideoFrame | None = None
            for frame in container.decode(seen):
                chosen = frame
                if frame.time is not None and frame.time >= AT_S:
                    break
            return None if chosen is None else _jpeg(chosen)
    except (av.error.FFmpegError, OSError):
        return None


def _jpeg(frame: av.VideoFrame) -> bytes:
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.time_base = Fraction(1, 1000)
    still = frame.reformat(format="yuvj420p")
    still.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(still), *encoder.encode(None)])
