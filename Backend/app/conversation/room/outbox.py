"""What waits to be sent to the page. Bounded: sound and captions may be dropped, a fact never is."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import BaseModel

from app.schemas.live import CaptionHeard, SpeechHeader

MAX_MESSAGES = 600
"""A page this far behind is gone or stuck: it is let go and gets the stored facts when it comes back."""
MAX_AUDIO_BYTES = 12_000_000
"""About four minutes of speech: far more than is ever queued for a page that reads."""
CAPTIONS_FROM = 200
"""From this many waiting messages on, captions in flux are left out."""


@dataclass(frozen=True, slots=True)
class Close:
    """The last thing on a connection."""

    code: int
    reason: str


Message = str | bytes | Close


class Outbox:
    def __init__(self) -> None:
        self._waiting: deque[tuple[str, Message]] = deque()
        self._audio_bytes = 0
        self._news = asyncio.Event()
        self._closed = False

    def tell(self, fact: BaseModel) -> None:
        if isinstance(fact, CaptionHeard):
            if len(self._waiting) >= CAPTIONS_FROM:
                return
            key = f"caption:{fact.line_id}"
            # A newer wording of the same line takes the older one's place.
            self._waiting = deque(item for item in self._waiting if item[0] != key)
            self._put(key, fact.model_dump_json())
        else:
            self._put("", fact.model_dump_json())

    def speak(self, header: SpeechHeader, pcm: bytes) -> bool:
        """False when there is no room: the caller then says that the sound is missing."""
        if self._audio_bytes + len(pcm) > MAX_AUDIO_BYTES:
            return False
        head = header.model_dump_json().encode()
        self._audio_bytes += len(pcm)
        self._put(header.utterance_id, len(head).to_bytes(4, "little") + head + pcm)
        return True

    def unspeak(self, utterance_id: str) -> None:
        """Takes back sound that has not left yet."""
        kept: deque[tuple[str, Message]] = deque()
        for key, message in self._waiting:
            if key == utterance_id and isinstance(message, bytes):
                self._audio_bytes -= len(message)
            else:
                kept.append((key, message))
        self._audio_bytes = max(0, self._audio_bytes)
        self._waiting = kept

    def refuse(self, fact: BaseModel, code: int, reason: str) -> None:
        """Tells this and closes; what still waits is not for this page any more."""
        if not self._closed:
            self._waiting.clear()
            self._audio_bytes = 0
            self.tell(fact)
            self.close(code, reason)

    def close(self, code: int, reason: str) -> None:
        if not self._closed:
            self._closed = True
            self._waiting.append(("", Close(code, reason)))
            self._news.set()

    def _put(self, key: str, message: Message) -> None:
        if self._closed:
            return
        if len(self._waiting) >= MAX_MESSAGES:
            self._waiting.clear()
            self.close(1013, "too slow")
            return
        self._waiting.append((key, message))
        self._news.set()

    async def messages(self) -> AsyncIterator[Message]:
        """Everything in order, ending with a Close."""
        while True:
            while self._waiting:
                _, message = self._waiting.popleft()
                if isinstance(message, bytes):
                    self._audio_bytes = max(0, self._audio_bytes - len(message))
                yield message
                if isinstance(message, Close):
                    return
            self._news.clear()
            await self._news.wait()
