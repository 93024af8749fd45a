"""What different devices record. Each take has a shade of grey and a tone of its own, by which any video shows it."""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import av
import av.error
import numpy as np

FPS: Final = 10
RATE: Final = 48_000
SHADES: Final = tuple(range(32, 232, 20))
"""Luma of a take's pictures: so far apart that no encoder mistakes one for another."""


@dataclass(frozen=True, slots=True)
class Device:
    """`encoder` of the picture, or empty for sound alone."""

    name: str
    mime_type: str
    encoder: str
    width: int = 0
    height: int = 0

    @property
    def container(self) -> str:
        return "mp4" if "/mp4" in self.mime_type else "webm"


GARBAGE: Final = Device("garbage", "video/webm;codecs=vp8,opus", "")
"""A recorder whose file nobody can read."""
DEVICES: Final = (
    Device("laptop", "video/webm;codecs=vp8,opus", "libvpx", 64, 48),
    Device("other browser", "video/webm;codecs=vp9,opus", "libvpx-vp9", 64, 48),
    Device("other camera", "video/webm;codecs=vp8,opus", "libvpx", 96, 64),
    Device("phone", "video/mp4;codecs=avc1,mp4a.40.2", "libx264", 64, 96),
    Device("phone turned", "video/mp4;codecs=avc1,mp4a.40.2", "libx264", 96, 64),
    Device("microphone", "audio/webm;codecs=opus", ""),
    Device("phone's microphone", "audio/mp4;codecs=mp4a.40.2", ""),
)


@dataclass(frozen=True, slots=True)
class Material:
    """What can be played of a file: decoded pictures and frames of sound by shade, and seconds from first to last."""

    pictures: Counter[int]
    sounds: Counter[int]
    lasts_s: float


NOTHING: Final = Material(Counter(), Counter(), 0.0)


@lru_cache(maxsize=256)
def film(device: Device, shade: int, seconds: float) -> bytes:
    """As the device's recorder writes it: no duration, no index, fragments where it is MP4."""
    if device is GARBAGE:
        return bytes(np.random.default_rng(shade).integers(0, 256, int(seconds * 8_000), dtype=np.uint8))
    out = io.BytesIO()
    out.seekable = lambda: False  # type: ignore[method-assign]
    live = {"live": "1"} if device.container == "webm" else {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(out, mode="w", format=device.container, options=live) as container:
        video: Any = None
        if device.encoder:
            fast = {"preset": "ultrafast"} if device.encoder == "libx264" else {"deadline": "realtime", "cpu-used": "8"}
            video = container.add_stream(device.encoder, rate=FPS, options=fast)
            video.width, video.height, video.pix_fmt, video.gop_size = device.width, device.height, "yuv420p", FPS
            video.max_b_frames = 0
        audio: Any = container.add_stream("libopus" if device.container == "webm" else "aac", rate=RATE)
        chance = np.random.default_rng(shade)
        for index in range(round(seconds * FPS)):
            if video is not None:
                container.mux(video.encode(_picture(device, shade, index, chance)))
            container.mux(audio.encode(_sound(shade, index)))
        if video is not None:
            container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return out.getvalue()


def _picture(device: Device, shade: int, index: int, chance: np.random.Generator) -> av.VideoFrame:
    # Grain, so that a picture weighs something; its mean stays the shade.
    grain = chance.integers(-6, 7, (device.height, device.width))
    luma = np.clip(shade + grain, 16, 235).astype(np.uint8)
    grey = np.full((device.height // 2, device.width), 128, dtype=np.uint8)
    frame = av.VideoFrame.from_ndarray(np.vstack([luma, grey]), format="yuv420p")
    frame.pts, frame.time_base = index, Fraction(1, FPS)
    return frame


def _sound(shade: int, index: int) -> av.AudioFrame:
    count = RATE // FPS
    phase = 2 * np.pi * _tone(shade) * (np.arange(count) + index * count) / RATE
    heard = av.AudioFrame.from_ndarray(
        (np.sin(phase) * 6000).astype(np.int16).reshape(1, -1), format="s16", layout="mono"
    )
    heard.sample_rate, heard.pts, heard.time_base = RATE, index * count, Fraction(1, RATE)
    return heard


def _tone(shade: int) -> int:
    """Hertz: 200 apart, four times what a frame of sound can tell apart."""
    return 400 + 10 * shade


def material(data: bytes, container: str) -> Material:
    """Everything in a file that a player could show. A file that nobody can open holds nothing."""
    pictures: Counter[int] = Counter()
    sounds: Counter[int] = Counter()
    first: Fraction | None = None
    last = Fraction(0)
    demuxer = "matroska" if container == "webm" else container
    # Cut off in the middle, as a recorder's file without its end is, or no video at all: what came before counts.
    with contextlib.suppress(av.error.FFmpegError, ValueError), av.open(io.BytesIO(data), "r", demuxer) as source:
        for packet in source.demux():
            if packet.pts is not None and packet.time_base is not None and packet.size:
                begin = packet.pts * packet.time_base
                first = begin if first is None else min(first, begin)
                last = max(last, begin + (packet.duration or 0) * packet.time_base)
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    pictures[_shade(frame)] += 1
                elif isinstance(frame, av.AudioFrame):
                    sounds[_shade_of_tone(frame)] += 1
    return Material(pictures, sounds, float(last - first) if first is not None else 0.0)


def _shade(frame: av.VideoFrame) -> int:
    plane = frame.planes[0]
    luma = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    mean = float(luma.mean())
    return min(SHADES, key=lambda shade: abs(shade - mean))


def _shade_of_tone(frame: av.AudioFrame) -> int:
    samples = frame.to_ndarray()[0]
    heard = int(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples)))))) * RATE / len(samples)
    return min(SHADES, key=lambda shade: abs(_tone(shade) - heard))


def cut(data: bytes, pieces: int) -> list[bytes]:
    """Anywhere, as a recorder does, into pieces of at least one byte."""
    edges = [round(len(data) * index / pieces) for index in range(pieces + 1)]
    return [data[begin:end] for begin, end in pairwise(edges)]
