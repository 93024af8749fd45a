"""When the video is made while pieces are still coming. Pure arithmetic.

Making it costs as much as it is long, so it is not made anew for each piece of a slow line: whoever waits sees a first
video at once, a longer one whenever it has doubled, and the whole of it when all is there. A take whose end nobody
announces (a closed tab) becomes a video when it has been quiet for a while.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.recordings.pieces import RecordingProgress

QUIET = timedelta(seconds=5)
"""A recorder writes a piece in two seconds; after this long either all is there or the line is slow."""
QUIET_PER_PIECE = timedelta(milliseconds=100)
"""Putting a piece of two seconds together takes a millisecond or two; pauses of this length keep that a small share."""


def due(progress: RecordingProgress, in_video: int, moment: datetime) -> bool:
    """`in_video`: so many pieces are in the video that there is; 0 without one."""
    if progress.complete or progress.pieces >= 2 * in_video:
        return True
    if progress.latest_at is None:
        return True
    return moment - progress.latest_at >= QUIET + progress.pieces * QUIET_PER_PIECE
