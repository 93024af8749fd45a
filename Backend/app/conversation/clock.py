"""The interview clock, and how a stream of audio lies on it. Pure arithmetic; all times are milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field

RESYNC_MS = 600
"""A frame this much later than the samples say means that audio was missing. Less is the network's ordinary jitter."""


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

    Samples stop while the candidate is muted, paused or offline, the interview clock may not: each time audio starts
    anew an anchor is set. Times between two anchors never reach past the second.
    """

    _anchors: list[tuple[int, int]] = field(default_factory=list)

    def heard(self, stream_ms: int, length_ms: int, clock_ms: int) -> None:
        """Audio of `length_ms`, arrived at `clock_ms`, is about to be fed after `stream_ms` of stream."""
        starts = max(0, clock_ms - length_ms)
        if self._anchors and clock_ms - length_ms - self.on_interview(stream_ms) < RESYNC_MS:
            return
        floor = self.on_interview(stream_ms) if self._anchors else 0
        self._anchors.append((stream_ms, max(starts, floor)))

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
