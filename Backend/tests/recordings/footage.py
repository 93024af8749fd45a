"""Recordings as a browser sends them: WebM without duration or index, or MP4 in fragments, cut into pieces anywhere."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import numpy as np

WIDTH, HEIGHT, FPS, RATE = 64, 48, 10, 48_000


def footage(
    seconds: float,
    *,
    picture: bool = True,
    sound: bool = True,
    kind: str = "webm",
    start_s: float = 0.0,
    codec: str = "",
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> bytes:
    """A moving grey ramp and a tone. `start_s`: the first time stamp, as after a recorder's late start.

    `codec`: an encoder of the picture, where it is not to be the usual one.
    """
    width, height = size
    out = io.BytesIO()
    out.seekable = lambda: False  # type: ignore[method-assign]
    options = {"live": "1"} if kind == "webm" else {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(out, mode="w", format=kind, options=options) as container:
        video: Any = None
        audio = None
        if picture:
            video = container.add_stream(codec or ("libvpx" if kind == "webm" else "mpeg4"), rate=FPS)
            video.width, video.height, video.pix_fmt = width, height, "yuv420p"
            if codec:
                # As a browser encodes: now, not when the next pictures are known.
                video.options = {"tune": "zerolatency"} if codec == "libx264" else {"lag-in-frames": "0"}
            video.gop_size = FPS * 2
            video.time_base = Fraction(1, 1000)
            video.codec_context.time_base = Fraction(1, FPS)
        if sound:
            audio = container.add_stream("libopus" if kind == "webm" else "aac", rate=RATE)
        frames = int(seconds * FPS)
        first_frame = int(start_s * FPS)
        samples = 0
        for index in range(frames):
            if video is not None:
                image = np.full((height, width, 3), (index * 7) % 255, dtype=np.uint8)
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts = first_frame + index
                frame.time_base = Fraction(1, FPS)
                container.mux(video.encode(frame))
            if audio is not None:
                count = RATE // FPS
                phase = 2 * np.pi * 440 * (np.arange(count) + samples) / RATE
                tone = (np.sin(phase) * 8000).astype(np.int16).reshape(1, -1)
                heard = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
                heard.sample_rate = RATE
                heard.pts = first_frame * count + samples
                heard.time_base = Fraction(1, RATE)
                samples += count
                container.mux(audio.encode(heard))
        if video is not None:
            container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(None))
    return out.getvalue()


def cut(data: bytes, pieces: int) -> list[bytes]:
    """Into so many pieces of uneven length, each at least one byte."""
    edges = [round(len(data) * (index / pieces) ** 1.1) for index in range(pieces)] + [len(data)]
    return [data[begin:end] for begin, end in pairwise(edges)]
