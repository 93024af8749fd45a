"""Hearing and speaking, in our words. Blocking calls: the caller runs them off the event loop.

Audio in is PCM signed 16-bit little-endian mono at 16 kHz; audio out the same at 24 kHz.
All times are milliseconds from the first sample fed to the stream, or from the start of a chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

IN_RATE = 16_000
OUT_RATE = 24_000

Viseme = Literal["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"]


@dataclass(frozen=True, slots=True)
class RecognizedUtterance:
    """One line of recognised speech. A line keeps its id while it grows; `final` lines never change again."""

    id: str
    text: str
    start_ms: int
    end_ms: int
    final: bool


@dataclass(frozen=True, slots=True)
class VoiceSpan:
    """A stretch in which a voice was heard; `end_ms` is None while it lasts."""

    start_ms: int
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class Recognition:
    """What changed after one piece of audio: changed lines, and whether a voice is heard now."""

    lines: tuple[RecognizedUtterance, ...]
    speaking: bool
    last_voice_ms: int | None
    """End of the latest speech on the stream's clock; None before any."""
    level: float
    """Loudness 0-1 of the piece (RMS)."""


class RecognitionStream(Protocol):
    """One answer's ears. Not thread-safe: feed it from one thread."""

    def feed(self, pcm: bytes, *, behind: bool = False) -> Recognition:
        """Takes 20-200 ms of audio. Raises ProviderError when recognition has died.

        `behind`: more sound has been waiting for long. Lines that only grow may be left out, final ones never.
        """
        ...

    def finish(self) -> tuple[RecognizedUtterance, ...]:
        """Flushes and returns all lines, final, in order. The stream is closed afterwards."""
        ...

    def spans(self) -> tuple[VoiceSpan, ...]:
        """All stretches of voice so far, in order: pauses are the gaps between them."""
        ...

    def close(self) -> None: ...


class Recognizer(Protocol):
    @property
    def name(self) -> str: ...

    def warm_up(self) -> None: ...

    def open(self, *, vocabulary: Sequence[str] = ()) -> RecognitionStream: ...


@dataclass(frozen=True, slots=True)
class VisemeCue:
    """From `at_ms` of the chunk on, the mouth is shaped like this."""

    at_ms: int
    viseme: Viseme


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """One sentence or clause, spoken. `pcm` at OUT_RATE; cues cover the whole chunk and end on `sil`."""

    text: str
    pcm: bytes
    cues: tuple[VisemeCue, ...]

    @property
    def duration_ms(self) -> int:
        return len(self.pcm) * 1000 // (2 * OUT_RATE)


class Voice(Protocol):
    @property
    def name(self) -> str: ...

    def warm_up(self) -> None: ...

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Yields chunks as soon as each is ready. Raises ProviderError."""
        ...


@dataclass(frozen=True, slots=True)
class Speech:
    """How ears and a voice are opened here; None where they cannot be, which is said in the log.

    A voice is opened by its id, as a persona names it.
    """

    open_recognizer: Callable[[], Recognizer | None]
    open_voice: Callable[[str], Voice | None]
