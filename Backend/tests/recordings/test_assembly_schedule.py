"""How often the video is made while a slow line brings the rest of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.status import RecordingStatus
from app.recordings.assembly_schedule import QUIET, due
from app.recordings.pieces import RecordingProgress, TakeProgress

BEGIN = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SWEEP = timedelta(seconds=15)


def progress(arrived: int, expected: int | None, latest_at: datetime | None) -> RecordingProgress:
    take = TakeProgress(0, "video/webm", 0, arrived, (), expected)
    return RecordingProgress("r", RecordingStatus.ASSEMBLING, (take,), arrived, latest_at)


def made_over(pieces: int, every: timedelta, first: int = 0) -> list[int]:
    """How many pieces were in each video that was made, looked at with each piece and each sweep."""
    made: list[int] = []
    if first:
        made.append(first)
    latest = BEGIN
    for arrived in range(first + 1, pieces + 1):
        looks = [latest + step * SWEEP for step in range(1, int(every / SWEEP) + 1)]
        for look in looks:
            if made and arrived - 1 > made[-1] and due(progress(arrived - 1, None, latest), made[-1], look):
                made.append(arrived - 1)
        latest += every
        if due(progress(arrived, pieces if arrived == pieces else None, latest), made[-1] if made else 0, latest):
            made.append(arrived)
    return made


def test_seventy_late_pieces_make_a_handful_of_videos_and_the_last_is_whole() -> None:
    made = made_over(70, timedelta(seconds=3))
    assert made[0] == 1 and made[-1] == 70
    assert len(made) <= 8
    assert sum(made) <= 3 * 70


@pytest.mark.parametrize("every_s", [1, 3, 6, 10, 20, 60])
def test_an_hour_over_any_line_costs_a_small_share_of_the_time_it_takes(every_s: int) -> None:
    made = made_over(1800, timedelta(seconds=every_s))
    assert made[-1] == 1800
    # At two milliseconds a piece, which is more than it takes.
    assert sum(made) * 0.002 <= 0.03 * 1800 * every_s + 3 * 1800 * 0.002


def test_a_take_whose_end_nobody_announces_is_due_when_it_has_been_quiet() -> None:
    assert not due(progress(30, None, BEGIN), 20, BEGIN + QUIET)
    assert due(progress(30, None, BEGIN), 20, BEGIN + QUIET + timedelta(seconds=3))


def test_what_is_complete_or_has_no_video_yet_waits_for_nothing() -> None:
    assert due(progress(30, 30, BEGIN), 29, BEGIN)
    assert due(progress(1, None, BEGIN), 0, BEGIN)
    assert due(progress(30, None, None), 29, BEGIN)
