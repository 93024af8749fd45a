"""The interview clock, and how a stream of audio lies on it. Pure arithmetic; all times are milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field

STOOD_STILL_MS = 15_000
"""A page that sends nothing for this long was asleep, not stalled: what it recorded in between is not coming."""


@dataclass(frozen=True, slots=True)
class InterviewClock:
    """Runs only while somebody is there to be interviewed. `at` is any monotonic clock's reading."""

    base_ms: int = 0
    since: int | None = None

    @property
    def running(self) -> bool:
        return self.since is not None

    def read(self, at: int) -> int:
        return self.base_ms if self.since is None else self.base_ms + max(0, at - self.since)

    def started(self, at: int) -> InterviewClock:
        return self if self.running else InterviewClock(self.base_ms, at)

    def stopped(self, at: int) -> InterviewClock:
        return InterviewClock(self.read(at), None) if self.running else self


@dataclass(slots=True)
class StreamClock:
    """Places a recogniser's own time (samples fed so far) on the interview clock.

    The network can only make sound late, never early: of all arrivals the least delayed one says where the samples
    lie, and a stall followed by a burst moves nothing. Only where sound is missing (a gap in the page's numbering), or
    everything stood still for long, a new anchor is set. Times never run past the moment of arrival, nor backwards.
    """

    _anchors: list[tuple[int, int]] = field(default_factory=list)

    def heard(self, stream_ms: int, length_ms: int, clock_ms: int, *, gap: bool = False) -> None:
        """Audio of `length_ms`, arrived at `clock_ms`, is about to be fed after `stream_ms` of stream.

        `gap`: sound that should have come before it is missing.
        """
        starts = max(0, clock_ms - length_ms)
        if not self._anchors:
            self._anchors.append((stream_ms, starts))
            return
        expected = self.on_interview(stream_ms)
        if starts < expected:
            at, clock = self._anchors[-1]
            # Earlier than thought: the anchor itself had come late. It never moves before what lies before it.
            floor = self._anchors[-2][1] if len(self._anchors) > 1 else 0
            self._anchors[-1] = (at, max(floor, clock - (expected - starts)))
            expected = self.on_interview(stream_ms)
            if starts < expected:
                self._anchors.append((stream_ms, max(starts, self._anchors[-1][1])))
        elif gap or starts - expected > STOOD_STILL_MS:
            self._anchors.append((stream_ms, starts))

    def on_interview(self, stream_ms: int) -> int:
        if not self._anchors:
            return stream_ms
        chosen = 0
        for index, (start, _) in enumerate(self._anchors):
            if start <= stream_ms:
                chosen = index
        start, clock = self._anchors[chosen]
        placed = max(0, clock + stream_ms - start)
        if chosen + 1 < len(self._anchors):
            placed = min(placed, self._anchors[chosen + 1][1])
        return placed
