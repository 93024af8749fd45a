"""Spoken test audio, made at run time by engines that are not the interviewer's: espeak-ng and flite.

Both are system packages; nothing is downloaded. 16 kHz mono, int16.
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import wave
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.services.speech.base import IN_RATE

Samples = NDArray[np.int16]

SPEAKERS: Final = ("flite:slt", "flite:rms", "espeak-ng:en-us", "espeak-ng:en-gb+f3")


@lru_cache(maxsize=256)
def spoken(text: str, speaker: str = "flite:slt") -> Samples:
    """The text said by ``engine:voice``. Raises RuntimeError naming the missing system package."""
    engine, voice = speaker.split(":")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.wav"
        command = {
            "flite": ["flite", "-voice", voice, "-t", text, "-o", str(out)],
            "espeak-ng": ["espeak-ng", "-v", voice, "-s", "155", "-w", str(out), text],
        }[engine]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        except FileNotFoundError as error:
            raise RuntimeError(f"install the system package {engine}: it speaks the test audio") from error
        with wave.open(io.BytesIO(out.read_bytes())) as said:
            rate = said.getframerate()
            samples = np.frombuffer(said.readframes(said.getnframes()), "<i2")
    return trimmed(resampled(samples, rate, IN_RATE))


def resampled(samples: NDArray[np.int16], rate: int, to: int) -> Samples:
    """Linear in time, after a moving average where the rate falls; good enough to be understood."""
    wave_in = samples.astype(np.float64)
    if rate > to:
        width = max(1, round(rate / to))
        wave_in = np.convolve(wave_in, np.ones(width) / width, mode="same")
    count = int(len(wave_in) * to / rate)
    return np.interp(np.arange(count) * rate / to, np.arange(len(wave_in)), wave_in).astype(np.int16)


def trimmed(samples: Samples) -> Samples:
    """Without the silence before the first and after the last audible sample."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 250)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def silence(ms: int) -> Samples:
    """A quiet room: faint noise, the same each time."""
    return np.random.default_rng(7).normal(0, 8, ms * IN_RATE // 1000).astype(np.int16)


def joined(*parts: Samples) -> Samples:
    return np.concatenate(parts)


def pieces(samples: Samples, ms: int = 100) -> list[bytes]:
    step = ms * IN_RATE // 1000
    return [samples[at : at + step].astype("<i2").tobytes() for at in range(0, len(samples), step)]


_NUMBERS: Final = {
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
    "8": "eight", "9": "nine", "10": "ten", "12": "twelve", "15": "fifteen", "20": "twenty", "30": "thirty",
    "40": "forty", "50": "fifty", "60": "sixty", "90": "ninety", "100": "hundred",
}  # fmt: skip


def words(text: str) -> list[str]:
    """Words for comparing: lower case, small numbers written out, "%" as percent."""
    flat = text.lower().replace("’", "'").replace("%", " percent ").replace("-", " ")
    return [_NUMBERS.get(word, word) for word in re.findall(r"[a-z0-9']+", flat)]


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Substituted, lost and added words (edit distance), and the number of words said."""
    want, got = words(said), words(heard)
    row = list(range(len(got) + 1))
    for i, word in enumerate(want, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1], len(want)
