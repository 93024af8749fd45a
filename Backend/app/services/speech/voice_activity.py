"""When a voice is heard: spans on the stream's clock, from the detector's probability per 32 ms.

Two thresholds and a hangover keep the answer steady where the probability flickers inside a word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from app.services.speech.base import IN_RATE, VoiceSpan

CHUNK_SAMPLES: Final = 512  # what the detector takes: 32 ms at 16 kHz
CHUNK_BYTES: Final = CHUNK_SAMPLES * 2
CHUNK_MS: Final = CHUNK_SAMPLES * 1000 // IN_RATE

ONSET: Final = 0.5  # the detector's own recommended threshold
OFFSET: Final = 0.35  # and 0.15 below it for the end, as its authors advise
ONSET_CHUNKS: Final = 3
"""This many of the last ONSET_WINDOW chunks begin a voice: 96 ms, longer than a key or a cough's edge;
the shortest "sure" measured had seven."""
ONSET_WINDOW: Final = 4
HANGOVER_CHUNKS: Final = 8
"""Quiet chunks before a voice counts as over: 256 ms, longer than the closure of any stop consonant."""

Detector = Callable[[bytes], float]
"""Probability 0-1 that CHUNK_BYTES of PCM hold a voice."""


class VoiceActivity:
    """Fed with any number of bytes; keeps what does not fill a chunk for the next call."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._rest = b""
        self._chunks = 0
        self._recent: deque[bool] = deque(maxlen=ONSET_WINDOW)
        self._quiet = 0
        self._open_since: int | None = None
        self._last_voice_ms: int | None = None
        self._spans: list[VoiceSpan] = []
        self._dips: deque[tuple[int, float]] = deque(maxlen=1000)  # 32 s: more than is ever divided

    @property
    def speaking(self) -> bool:
        """True from the onset until the hangover has passed."""
        return self._open_since is not None

    @property
    def last_voice_ms(self) -> int | None:
        """End of the latest chunk with a voice in it, the hangover not counted."""
        return self._last_voice_ms

    @property
    def clock_ms(self) -> int:
        """How far the detector has listened."""
        return self._chunks * CHUNK_MS

    def spans(self) -> tuple[VoiceSpan, ...]:
        if self._open_since is None:
            return tuple(self._spans)
        return (*self._spans, VoiceSpan(self._open_since, None))

    def quietest_between(self, start_ms: int, end_ms: int) -> int:
        """The middle of the chunk least like a voice in that stretch: the safest place for a cut."""
        window = [(p, at) for at, p in self._dips if start_ms <= at < end_ms]
        return min(window)[1] if window else end_ms

    def feed(self, pcm: bytes) -> None:
        data = self._rest + pcm
        whole = len(data) // CHUNK_BYTES * CHUNK_BYTES
        for offset in range(0, whole, CHUNK_BYTES):
            self._hear(self._detector(data[offset : offset + CHUNK_BYTES]))
        self._rest = data[whole:]

    def finish(self) -> None:
        """Ends a span that is still open where its voice was last heard."""
        self._close_span()

    def _hear(self, probability: float) -> None:
        start = self._chunks * CHUNK_MS
        self._chunks += 1
        end = start + CHUNK_MS
        self._dips.append((start + CHUNK_MS // 2, probability))
        if self._open_since is None:
            self._recent.append(probability >= ONSET)
            if sum(self._recent) >= ONSET_CHUNKS:
                first = len(self._recent) - list(self._recent).index(True)
                self._open_since = end - first * CHUNK_MS
                self._last_voice_ms = end
                self._quiet = 0
        elif probability >= OFFSET:
            self._last_voice_ms = end
            self._quiet = 0
        else:
            self._quiet += 1
            if self._quiet >= HANGOVER_CHUNKS:
                self._close_span()

    def _close_span(self) -> None:
        if self._open_since is None:
            return
        self._spans.append(VoiceSpan(self._open_since, self._last_voice_ms))
        self._open_since = None
        self._recent.clear()
