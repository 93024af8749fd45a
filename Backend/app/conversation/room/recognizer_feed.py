"""The ears of one connection: audio in, events out. The recogniser runs in a thread of its own, never on the loop."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from app.conversation.rules.clock import StreamClock
from app.conversation.rules.events import Flushed, Heard, HeardUtterance, HearingLost
from app.errors import ProviderError
from app.priority import give_way
from app.services.speech.base import IN_RATE, RecognitionStream, RecognizedUtterance, Recognizer

log = logging.getLogger(__name__)

BYTES_PER_MS = 2 * IN_RATE // 1000
MAX_BATCH_MS = 200
MAX_WAITING_MS = 15_000
"""A recogniser this far behind would end answers on stale silence; the oldest sound is given up instead."""
TRIES = 2
LAG_REMEMBERED_S = 10.0
BEHIND_MS = 1_000
"""From this lag on captions of words in flux are left out, until the ears have caught up: decisions come first."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """`clock_ms`: when its end arrived. `since_ms`: when the first of it did. `gap`: sound before it is missing."""

    pcm: bytes
    clock_ms: int
    gap: bool
    since_ms: int


class Ears:
    """`now_ms` reads the interview clock; `report` takes events, on the loop; `dropped` is told of lost sound."""

    def __init__(
        self,
        recognizer: Recognizer,
        vocabulary: Sequence[str],
        *,
        now_ms: Callable[[], int],
        report: Callable[[Heard | Flushed | HearingLost], None],
        dropped: Callable[[], None],
    ) -> None:
        self._recognizer = recognizer
        self._vocabulary = tuple(vocabulary)
        self._now_ms = now_ms
        self._report = report
        self._dropped = dropped
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hearing", initializer=give_way)
        self._waiting: deque[_Frame | None] = deque()
        self._sequence: int | None = None
        self._waiting_ms = 0
        self._news = asyncio.Event()
        self._stream: RecognitionStream | None = None
        self._key = ""
        self._clock = StreamClock()
        self._fed_bytes = 0
        self._voice_since: int | None = None
        self._failures = 0
        self._lost = False
        self._in_hand: _Frame | None = None
        self._lags: deque[tuple[float, int]] = deque()
        self._flushed: deque[Flushed] = deque()

    def offer(self, sequence: int, pcm: bytes) -> None:
        """Takes a frame just arrived; `sequence` is the page's own numbering, in which a gap means lost sound."""
        if self._lost:
            return
        gap = self._sequence is not None and sequence != self._sequence + 1
        self._sequence = sequence
        now_ms = self._now_ms()
        self._waiting.append(_Frame(pcm, now_ms, gap, now_ms))
        self._waiting_ms += len(pcm) // BYTES_PER_MS
        if self._waiting_ms > MAX_WAITING_MS:
            self._drop_oldest()
        self._news.set()

    @property
    def lag_ms(self) -> int:
        """How long sound has waited to be read, at the worst of the last seconds.

        By when it arrived: a network that brings five seconds at once makes nobody late who reads them at once.
        """
        self._forget_lags()
        return max(self._lag_now(), *(lag for _, lag in self._lags), 0)

    def _lag_now(self) -> int:
        oldest = self._in_hand or next((frame for frame in self._waiting if frame is not None), None)
        return 0 if oldest is None else max(0, self._now_ms() - oldest.since_ms)

    def _note_lag(self) -> None:
        self._forget_lags()
        self._lags.append((time.monotonic(), self._lag_now()))

    def _forget_lags(self) -> None:
        while self._lags and time.monotonic() - self._lags[0][0] > LAG_REMEMBERED_S:
            self._lags.popleft()

    def flush(self) -> None:
        """Everything offered so far is recognised to its end and reported as Flushed."""
        self._waiting.append(None)
        self._news.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self._waiting:
                self._news.clear()
                await self._news.wait()
            if self._waiting[0] is None:
                self._waiting.popleft()
                await loop.run_in_executor(self._thread, self._finish)
                self._report_flushed()
                continue
            frame = self._in_hand = self._batch()
            try:
                heard = await loop.run_in_executor(self._thread, self._feed, frame, self._lag_now() > BEHIND_MS)
            except ProviderError as error:
                self._fail(error)
            else:
                self._failures = 0
                self._report(heard)
            finally:
                self._note_lag()
                self._in_hand = None

    async def close(self) -> None:
        """Hears out what was offered, within bounds, so that no last words are lost with the connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drain)
        self._report_flushed()
        self._thread.shutdown(wait=False)

    def _report_flushed(self) -> None:
        while self._flushed:
            self._report(self._flushed.popleft())

    def _drain(self) -> None:
        try:
            while self._waiting:
                item = self._waiting.popleft()
                if item is not None:
                    self._feed(item, True)
        except ProviderError:
            self._waiting.clear()
        self._finish()

    def _batch(self) -> _Frame:
        """Neighbouring frames as one piece, as late as the last of them."""
        parts: list[bytes] = []
        clock_ms = since_ms = 0
        length = 0
        gap = False
        while self._waiting and length < MAX_BATCH_MS:
            item = self._waiting[0]
            if item is None or (item.gap and parts):
                break
            self._waiting.popleft()
            since_ms = since_ms if parts else item.since_ms
            parts.append(item.pcm)
            clock_ms, gap = item.clock_ms, gap or item.gap
            length += len(item.pcm) // BYTES_PER_MS
        self._waiting_ms = max(0, self._waiting_ms - length)
        return _Frame(b"".join(parts), clock_ms, gap, since_ms)

    def _feed(self, frame: _Frame, behind: bool) -> Heard:
        if self._stream is None:
            self._stream = self._recognizer.open(vocabulary=self._vocabulary)
            self._key = uuid.uuid4().hex[:12]
            self._clock = StreamClock()
            self._fed_bytes = 0
            self._voice_since = None
        before_ms = self._fed_bytes // BYTES_PER_MS
        self._clock.heard(before_ms, len(frame.pcm) // BYTES_PER_MS, frame.clock_ms, gap=frame.gap)
        heard = self._stream.feed(frame.pcm, behind=behind)
        self._fed_bytes += len(frame.pcm)
        now_ms = self._fed_bytes // BYTES_PER_MS
        if not heard.speaking:
            self._voice_since = None
        elif self._voice_since is None:
            self._voice_since = before_ms
        last = heard.last_voice_ms
        return Heard(
            lines=tuple(self._placed(line) for line in heard.lines),
            speaking=heard.speaking,
            last_voice_ms=None if last is None else self._clock.on_interview(last),
            voice_ms=0 if self._voice_since is None else now_ms - self._voice_since,
            until_ms=self._clock.on_interview(now_ms),
        )

    def _finish(self) -> None:
        """Kept in a list of its own, so that a connection lost in this moment does not lose the words."""
        stream, self._stream = self._stream, None
        self._flushed.append(Flushed((), ()) if stream is None else self._last_of(stream))

    def _last_of(self, stream: RecognitionStream) -> Flushed:
        try:
            spans = stream.spans()
            lines = stream.finish()
        except ProviderError as error:
            log.warning("the recogniser failed while finishing: %s", error.category)
            return Flushed((), ())
        end_ms = self._fed_bytes // BYTES_PER_MS
        placed = (
            (self._clock.on_interview(span.start_ms), self._clock.on_interview(span.end_ms or end_ms)) for span in spans
        )
        return Flushed(
            tuple(self._placed(line, final=True) for line in lines),
            tuple((start, end) for start, end in placed if end > start),
        )

    def _placed(self, line: RecognizedUtterance, *, final: bool = False) -> HeardUtterance:
        return HeardUtterance(
            id=f"{self._key}:{line.id}",
            text=line.text,
            start_ms=self._clock.on_interview(line.start_ms),
            end_ms=self._clock.on_interview(line.end_ms),
            final=final or line.final,
        )

    def _fail(self, error: ProviderError) -> None:
        log.warning("recogniser failed: %s", error.category)
        self._failures += 1
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._failures >= TRIES or not error.retryable:
            self._lost = True
            self._waiting = deque(item for item in self._waiting if item is None)
            self._report(HearingLost())

    def _drop_oldest(self) -> None:
        for index, item in enumerate(self._waiting):
            if item is not None:
                del self._waiting[index]
                self._waiting_ms -= len(item.pcm) // BYTES_PER_MS
                following = self._waiting[index] if index < len(self._waiting) else None
                if following is not None:
                    self._waiting[index] = replace(following, gap=True)
                break
        self._dropped()
