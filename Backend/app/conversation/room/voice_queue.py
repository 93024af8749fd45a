"""The interviewer's mouth on one connection: words in, sound out, in order. Synthesis runs in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.errors import ProviderError
from app.priority import give_way
from app.services.speech.base import SpeechChunk, Voice

log = logging.getLogger(__name__)

REMEMBERED = 40
"""Spoken texts kept as sound, process-wide: acknowledgements come again and again, the next question is made ahead."""
GIVE_UP_AFTER = 2


class SpokenWords:
    """Sound already made, by voice and text. Shared by all interviews of the process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[SpeechChunk, ...]] = OrderedDict()

    def get(self, voice_id: str, text: str) -> tuple[SpeechChunk, ...] | None:
        found = self._kept.get((voice_id, text))
        if found is not None:
            self._kept.move_to_end((voice_id, text))
        return found

    def keep(self, voice_id: str, text: str, chunks: tuple[SpeechChunk, ...]) -> None:
        self._kept[voice_id, text] = chunks
        self._kept.move_to_end((voice_id, text))
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _QueuedUtterance:
    utterance_id: str
    text: str


class Mouth:
    """`voice_id` says whose sound `known` may give.

    `play` takes (utterance id, index, chunk, last) and says whether there was room; `missing` what stays unsaid.

    `muted`: the page wants no sound; every utterance is then reported missing, and its words are shown.
    """

    def __init__(
        self,
        voice: Voice | None,
        known: SpokenWords,
        *,
        voice_id: str,
        play: Callable[[str, int, SpeechChunk, bool], bool],
        missing: Callable[[str, str], None],
        lost: Callable[[], None],
    ) -> None:
        self._voice = voice
        self._known = known
        self._voice_id = voice_id
        self._play = play
        self._missing = missing
        self._lost = lost
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="speaking", initializer=give_way)
        self._lines: deque[_QueuedUtterance] = deque()
        self._ahead: deque[str] = deque(maxlen=20)
        self._cut: set[str] = set()
        self._news = asyncio.Event()
        self._failures = 0
        self.muted = False

    @property
    def speaks(self) -> bool:
        return self._voice is not None and not self.muted and self._failures < GIVE_UP_AFTER

    def say(self, utterance_id: str, text: str) -> None:
        self._lines.append(_QueuedUtterance(utterance_id, text))
        self._news.set()

    def cut(self, utterance_id: str) -> None:
        self._cut.add(utterance_id)

    def rehearse(self, text: str) -> None:
        """Makes the sound ahead of time, when nothing else is to be said."""
        if self.speaks and self._known.get(self._voice_id, text) is None:
            self._ahead.append(text)
            self._news.set()

    async def run(self) -> None:
        while True:
            if self._lines:
                await self._speak(self._lines.popleft())
            elif self._ahead:
                await self._prepare(self._ahead.popleft())
            else:
                self._news.clear()
                await self._news.wait()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _speak(self, line: _QueuedUtterance) -> None:
        if line.utterance_id in self._cut:
            return
        if not self.speaks or self._voice is None:
            self._missing(line.utterance_id, line.text)
            return
        known = self._known.get(self._voice_id, line.text)
        chunks = iter(known) if known is not None else self._voice.speak(line.text)
        spoken: list[SpeechChunk] = []
        try:
            while (chunk := next(chunks, None) if known is not None else await self._next(chunks)) is not None:
                if line.utterance_id in self._cut:
                    return
                if not self._play(line.utterance_id, len(spoken), chunk, False):
                    self._missing(line.utterance_id, _rest(line.text, spoken))
                    return
                spoken.append(chunk)
        except ProviderError as error:
            self._failed(error)
            if line.utterance_id not in self._cut:
                self._missing(line.utterance_id, _rest(line.text, spoken))
            return
        self._failures = 0
        if not spoken:
            self._missing(line.utterance_id, line.text)
            return
        self._known.keep(self._voice_id, line.text, tuple(spoken))
        # The last chunk is known only once there is none after it. Holding each back until the next is made would
        # delay the first sound, so an empty one says that this was all.
        if line.utterance_id not in self._cut:
            self._play(line.utterance_id, len(spoken), SpeechChunk("", b"", ()), True)

    async def _prepare(self, text: str) -> None:
        if self._voice is None or self._known.get(self._voice_id, text) is not None:
            return
        try:
            chunks = self._voice.speak(text)
            made: list[SpeechChunk] = []
            while (chunk := await self._next(chunks)) is not None:
                made.append(chunk)
                if self._lines:
                    return
            self._known.keep(self._voice_id, text, tuple(made))
        except ProviderError as error:
            log.warning("making speech ahead failed: %s", error.category)

    async def _next(self, chunks: Iterator[SpeechChunk]) -> SpeechChunk | None:
        return await asyncio.get_running_loop().run_in_executor(self._thread, next, chunks, None)

    def _failed(self, error: ProviderError) -> None:
        log.warning("the voice failed: %s", error.category)
        self._failures += 1
        if self._failures == GIVE_UP_AFTER:
            self._lost()


def _rest(text: str, spoken: list[SpeechChunk]) -> str:
    """What of `text` has not been said; all of it when the chunks' words can't be found in it."""
    position = 0
    for chunk in spoken:
        found = text.find(chunk.text, position)
        if found < 0:
            return text
        position = found + len(chunk.text)
    return text[position:].strip() or text
