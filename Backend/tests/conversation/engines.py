"""Engines with a script instead of a model, behind the same Protocols as the real ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from app.errors import ProviderError
from app.services.speech.base import (
    IN_RATE,
    OUT_RATE,
    Recognition,
    RecognitionStream,
    RecognizedUtterance,
    SpeechChunk,
    VisemeCue,
    VoiceSpan,
)


def voiced(line: int, ms: int) -> bytes:
    """Sound in which the scripted ears hear line number `line` (from 1)."""
    return line.to_bytes(2, "little") * (IN_RATE * ms // 1000)


def silence(ms: int) -> bytes:
    return bytes(2 * IN_RATE * ms // 1000)


class ScriptedRecognizer:
    """Hears line n of its script where the samples have the value n; `fail_after_ms` of one stream's sound it dies."""

    def __init__(self, script: Sequence[str], *, fail_after_ms: int | None = None) -> None:
        self.script = tuple(script)
        self.fail_after_ms = fail_after_ms
        self.threads: set[int] = set()
        self.vocabulary: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return "scripted-ears"

    def warm_up(self) -> None:
        pass

    def open(self, *, vocabulary: Sequence[str] = ()) -> RecognitionStream:
        self.vocabulary = tuple(vocabulary)
        return ScriptedStream(self)


class ScriptedStream:
    def __init__(self, owner: ScriptedRecognizer) -> None:
        self._owner = owner
        self._fed = 0
        self._lines: dict[int, RecognizedUtterance] = {}
        self._spans: list[VoiceSpan] = []
        self._open: int | None = None

    def feed(self, pcm: bytes, *, behind: bool = False) -> Recognition:
        self._owner.threads.add(threading.get_ident())
        start = self._fed
        self._fed += len(pcm) * 1000 // (2 * IN_RATE)
        if self._owner.fail_after_ms is not None and self._fed > self._owner.fail_after_ms:
            raise ProviderError("scripted-ears", "crashed", retryable=False)
        changed: list[RecognizedUtterance] = []
        number = int.from_bytes(pcm[-2:], "little")
        if self._open and number != self._open:
            changed.append(self._close())
        if number:
            if self._open is None:
                self._open = number
                self._spans.append(VoiceSpan(start, None))
                self._lines[number] = RecognizedUtterance(f"line-{number}", "", start, self._fed, False)
            words = self._owner.script[number - 1].split()
            began = self._lines[number].start_ms
            part = " ".join(words[: max(1, min(len(words), (self._fed - began) // 100))])
            self._lines[number] = RecognizedUtterance(f"line-{number}", part, began, self._fed, False)
            changed.append(self._lines[number])
        last = self._spans[-1].end_ms or self._fed if self._spans else None
        return Recognition(tuple(changed), self._open is not None, last, 0.5 if number else 0.0)

    def _close(self) -> RecognizedUtterance:
        number = self._open or 1
        line = self._lines[number]
        whole = RecognizedUtterance(line.id, self._owner.script[number - 1], line.start_ms, line.end_ms, True)
        self._lines[number] = whole
        self._spans[-1] = VoiceSpan(self._spans[-1].start_ms, line.end_ms)
        self._open = None
        return whole

    def finish(self) -> tuple[RecognizedUtterance, ...]:
        if self._open:
            self._close()
        return tuple(self._lines.values())

    def spans(self) -> tuple[VoiceSpan, ...]:
        return tuple(self._spans)

    def close(self) -> None:
        pass


class ScriptedVoice:
    """A tenth of a second of hum a sentence; `fails`: none at all."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.spoken: list[str] = []

    @property
    def name(self) -> str:
        return "scripted-voice"

    def warm_up(self) -> None:
        pass

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        self.spoken.append(text)
        for sentence in text.replace("? ", "?|").replace(". ", ".|").split("|"):
            if self.fails:
                raise ProviderError("scripted-voice", "crashed", retryable=True)
            pcm = b"\x01\x00" * (OUT_RATE // 10)
            yield SpeechChunk(sentence, pcm, (VisemeCue(0, "aa"), VisemeCue(90, "sil")))
