"""Where a moment of the interview clock lies in the assembled video. Pure arithmetic, in milliseconds.

The video is continuous; the interview clock has gaps where nothing was recorded (camera refused, tab closed), so a
moment outside every take has no place, except within `NEAR_MS` of one: the recorder starts a little after the clock.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from app.domain.recording import PlacedTake

NEAR_MS = 3_000
"""A recorder's start-up and last piece; further away there is nothing to see of that moment."""


class Timeline:
    """Takes in the order of the video. A clock moment covered twice belongs to the later take."""

    def __init__(self, takes: Iterable[PlacedTake]) -> None:
        self._takes: Sequence[PlacedTake] = sorted(
            (take for take in takes if take.duration_ms > 0), key=lambda take: (take.clock_start_ms, take.number)
        )
        self._starts = [take.clock_start_ms for take in self._takes]

    def video_ms(self, clock_ms: int) -> int | None:
        """The moment in the video, or None where nothing was recorded."""
        index = bisect_right(self._starts, clock_ms) - 1
        for take in reversed(self._takes[: index + 1]):
            if clock_ms < take.clock_start_ms + take.duration_ms:
                return take.video_start_ms + clock_ms - take.clock_start_ms
        return self._nearest(clock_ms)

    def _nearest(self, clock_ms: int) -> int | None:
        best: tuple[int, int] | None = None
        for take in self._takes:
            before = take.clock_start_ms - clock_ms
            after = clock_ms - (take.clock_start_ms + take.duration_ms - 1)
            distance = before if before > 0 else after
            place = take.video_start_ms if before > 0 else take.video_start_ms + take.duration_ms - 1
            if distance <= NEAR_MS and (best is None or distance < best[0]):
                best = (distance, place)
        return best[1] if best else None

    def span(self, start_ms: int, end_ms: int) -> tuple[int, int] | None:
        """Where a stretch of the clock is seen, cut at the end of the take it begins in; None where it is not."""
        start = self.video_ms(start_ms)
        if start is None:
            return None
        limit = next(
            (
                take.video_start_ms + take.duration_ms
                for take in self._takes
                if take.video_start_ms <= start < take.video_start_ms + take.duration_ms
            ),
            start,
        )
        return start, max(start, min(start + max(0, end_ms - start_ms), limit))
