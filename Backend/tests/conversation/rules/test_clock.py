"""The interview clock and the place of sound on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.conversation.rules.clock import InterviewClock, StreamClock

FRAME = 40


def test_the_clock_reads_on_from_where_it_was_stopped() -> None:
    clock = InterviewClock().started(5_000).stopped(7_000)
    assert clock.read(99_000) == 2_000
    assert clock.started(100_000).read(100_500) == 2_500


def test_a_stalled_network_moves_no_word() -> None:
    clock = StreamClock()
    for frame in range(25):
        clock.heard(frame * FRAME, FRAME, 10_000 + (frame + 1) * FRAME)
    # Two seconds of sound come at once, three seconds late.
    for frame in range(25, 75):
        clock.heard(frame * FRAME, FRAME, 16_000)
    assert clock.on_interview(50 * FRAME) == 10_000 + 50 * FRAME


def test_lost_sound_leaves_a_gap_on_the_clock() -> None:
    clock = StreamClock()
    clock.heard(0, FRAME, 1_040)
    clock.heard(FRAME, FRAME, 5_040, gap=True)
    assert clock.on_interview(0) == 1_000
    assert clock.on_interview(FRAME) == 5_000


def test_a_first_frame_that_came_late_is_put_right_by_the_next() -> None:
    clock = StreamClock()
    clock.heard(0, FRAME, 1_340)
    clock.heard(FRAME, FRAME, 1_341)
    assert clock.on_interview(0) == 1_261


@given(st.lists(st.tuples(st.integers(0, 3_000), st.booleans()), min_size=1, max_size=60))
def test_no_sound_lies_after_its_arrival_and_none_runs_backwards(arrivals: list[tuple[int, bool]]) -> None:
    clock = StreamClock()
    now = 0
    for frame, (later_ms, gap) in enumerate(arrivals):
        now += later_ms
        clock.heard(frame * FRAME, FRAME, now, gap=gap)
        assert clock.on_interview(frame * FRAME) <= now
        places = [clock.on_interview(at) for at in range(0, (frame + 1) * FRAME, 20)]
        assert places == sorted(places)
