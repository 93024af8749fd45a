"""A recording without a camera: a calm picture that moves, and a quiet tone, as a browser would send it."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Final

import av
import numpy as np

MIME_TYPE: Final = "video/webm;codecs=vp8,opus"
WIDTH, HEIGHT, FPS, RATE = 320, 240, 15, 48_000
PIECE_S: Final = 2


class _Pipe(io.BytesIO):
    """Cannot be sought in, so that the muxer writes what a recorder writes: no length, no index."""

    def seekable(self) -> bool:
        return False


def pieces(seconds: float) -> list[bytes]:
    """WebM of about so many seconds, cut as a page cuts it; at least one piece."""
    data = _webm(max(1.0, seconds))
    count = max(1, round(seconds / PIECE_S))
    size = -(-len(data) // count)
    return [data[start : start + size] for start in range(0, len(data), size)]


def _webm(seconds: float) -> bytes:
    out = _Pipe()
    with av.open(out, mode="w", format="webm", options={"live": "1"}) as container:
        video = container.add_stream("libvpx", rate=FPS)
        video.width, video.height, video.pix_fmt, video.gop_size = WIDTH, HEIGHT, "yuv420p", FPS * PIECE_S
        video.codec_context.time_base = Fraction(1, FPS)
        audio = container.add_stream("libopus", rate=RATE)
        ramp = np.linspace(60, 200, WIDTH, dtype=np.uint8)
        count = RATE // FPS
        for index in range(int(seconds * FPS)):
            image = np.repeat(np.roll(ramp, index * 3)[None, :, None], HEIGHT, axis=0).repeat(3, axis=2)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(video.encode(frame))
            phase = 2 * np.pi * 220 * (np.arange(count) + index * count) / RATE
            heard = av.AudioFrame.from_ndarray((np.sin(phase) * 900).astype(np.int16).reshape(1, -1), "s16", "mono")
            heard.sample_rate, heard.pts, heard.time_base = RATE, index * count, Fraction(1, RATE)
            container.mux(audio.encode(heard))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return out.getvalue()
