"""Adaptive videos of the stand-in for Cloudinary (HLS): really encoded, in two sizes, so that a player has a choice."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

PIECE_S = 4
FRAMES_A_SECOND = 5
"""Enough to see that it plays, and soon made."""
RATE = 48_000


@dataclass(frozen=True, slots=True)
class Size:
    how: str
    width: int
    height: int
    bits_a_second: int


SIZES = (
    Size("c_limit,w_640,h_480,vc_h264:main:3.0,br_800k", 640, 480, 800_000),
    Size("c_limit,w_320,h_240,vc_h264:baseline:3.0,br_192k", 320, 240, 192_000),
)


@dataclass(frozen=True, slots=True)
class Stream:
    """`playlist` names its pieces as ranges of the file `{name}.ts`."""

    size: Size
    playlist: str
    data: bytes


def encoded(source: bytes) -> dict[str, Stream]:
    """By the size's transformation."""
    return {size.how: _encoded(source, size) for size in SIZES}


def master(streams: dict[str, Stream], address: Callable[[str, str], str]) -> str:
    """`address(how, ending)`. The vendor puts a blank line before each entry."""
    lines = ["#EXTM3U"]
    for how, stream in streams.items():
        size = stream.size
        told = f'BANDWIDTH={size.bits_a_second},CODECS="avc1.4D401E,mp4a.40.2",RESOLUTION={size.width}x{size.height}'
        lines += ["", f"#EXT-X-STREAM-INF:{told}", address(how, "m3u8")]
    return "\n".join([*lines, ""])


def listed(stream: Stream, address: Callable[[str, str], str]) -> str:
    lines = stream.playlist.splitlines()
    return "\n".join([address(stream.size.how, "ts") if line and not line.startswith("#") else line for line in lines])


def _encoded(source: bytes, size: Size) -> Stream:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        options = {
            "hls_time": str(PIECE_S),
            "hls_playlist_type": "vod",
            "hls_flags": "single_file",
            "hls_segment_filename": str(at / "all.ts"),
        }
        with (
            av.open(io.BytesIO(source), "r") as taken,
            av.open(str(at / "all.m3u8"), "w", format="hls", options=options) as out,
        ):
            seen, heard = next(iter(taken.streams.video), None), next(iter(taken.streams.audio), None)
            picture = sound = None
            if seen is not None:
                picture = out.add_stream(
                    "libx264", rate=FRAMES_A_SECOND, options={"preset": "ultrafast", "profile": "baseline"}
                )
                picture.width, picture.height, picture.pix_fmt = size.width, size.height, "yuv420p"
                picture.bit_rate, picture.gop_size = size.bits_a_second, PIECE_S * FRAMES_A_SECOND
                picture.time_base = picture.codec_context.time_base = Fraction(1, 1000)
            if heard is not None:
                sound = out.add_stream("aac", rate=RATE)
            evenly = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
            last, heard_until = -1000, 0
            for frame in taken.decode([each for each in (seen, heard) if each is not None]):
                if isinstance(frame, av.VideoFrame) and picture is not None:
                    ms = round((frame.time or 0) * 1000)
                    if ms < last + 1000 // FRAMES_A_SECOND:
                        continue
                    last = ms
                    smaller = frame.reformat(size.width, size.height, "yuv420p")
                    smaller.pts, smaller.time_base = ms, Fraction(1, 1000)
                    out.mux(picture.encode(smaller))
                elif isinstance(frame, av.AudioFrame) and sound is not None:
                    for even in evenly.resample(frame):
                        # A recorder's time stamps tremble, which this encoder takes for going backwards.
                        even.pts, even.time_base = heard_until, Fraction(1, RATE)
                        heard_until += even.samples
                        out.mux(sound.encode(even))
            for stream in (picture, sound):
                if stream is not None:
                    out.mux(stream.encode(None))
        return Stream(size, (at / "all.m3u8").read_text(), (at / "all.ts").read_bytes())
