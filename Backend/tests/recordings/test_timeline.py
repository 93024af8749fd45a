from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.recording import PlacedTake
from app.recordings.timeline import NEAR_MS, Timeline


@st.composite
def recordings(draw: st.DrawFn) -> list[PlacedTake]:
    """Takes as assembled: in the order of the clock, touching in the video, apart on the clock."""
    takes, clock, place = [], 0, 0
    for number in range(draw(st.integers(1, 5))):
        clock += draw(st.integers(0, 400_000))
        duration = draw(st.integers(1, 600_000))
        takes.append(PlacedTake(number, clock, place, duration))
        clock += duration
        place += duration
    return takes


def length(takes: list[PlacedTake]) -> int:
    return sum(take.duration_ms for take in takes)


@given(recordings(), st.data())
def test_a_moment_within_a_take_is_as_far_into_the_video_as_into_the_take(
    takes: list[PlacedTake], data: st.DataObject
) -> None:
    take = data.draw(st.sampled_from(takes))
    into = data.draw(st.integers(0, take.duration_ms - 1))
    assert Timeline(takes).video_ms(take.clock_start_ms + into) == take.video_start_ms + into


@given(recordings(), st.integers(0, 5_000_000))
def test_a_place_is_always_within_the_video(takes: list[PlacedTake], clock_ms: int) -> None:
    place = Timeline(takes).video_ms(clock_ms)
    assert place is None or 0 <= place < length(takes)


@given(recordings(), st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_the_video_never_runs_backwards(takes: list[PlacedTake], one: int, another: int) -> None:
    first, second = sorted((one, another))
    timeline = Timeline(takes)
    places = timeline.video_ms(first), timeline.video_ms(second)
    if places[0] is not None and places[1] is not None:
        assert places[0] <= places[1]


@given(recordings(), st.integers(0, 5_000_000))
def test_a_moment_far_from_every_take_has_no_place(takes: list[PlacedTake], clock_ms: int) -> None:
    apart = min(
        max(take.clock_start_ms - clock_ms, clock_ms - (take.clock_start_ms + take.duration_ms - 1), 0)
        for take in takes
    )
    assert (Timeline(takes).video_ms(clock_ms) is None) == (apart > NEAR_MS)


@given(recordings(), st.integers(0, 5_000_000), st.integers(0, 100_000))
def test_a_stretch_stays_in_the_video_and_is_never_longer_than_it_was(
    takes: list[PlacedTake], start: int, lasting: int
) -> None:
    span = Timeline(takes).span(start, start + lasting)
    if span is not None:
        assert 0 <= span[0] <= span[1] <= length(takes)
        assert span[1] - span[0] <= lasting


@given(recordings(), st.integers(0, 5_000_000))
def test_the_order_in_which_takes_are_listed_does_not_matter(takes: list[PlacedTake], clock_ms: int) -> None:
    assert Timeline(takes).video_ms(clock_ms) == Timeline(takes[::-1]).video_ms(clock_ms)


def test_what_was_said_just_before_the_recorder_ran_is_shown_at_its_start() -> None:
    timeline = Timeline([PlacedTake(0, 2_000, 0, 10_000)])
    assert timeline.video_ms(1_500) == 0
    assert timeline.video_ms(13_000) == 9_999


def test_without_takes_nothing_has_a_place() -> None:
    assert Timeline([]).video_ms(0) is None
    assert Timeline([]).span(0, 10) is None
    assert Timeline([PlacedTake(0, 0, 0, 0)]).video_ms(0) is None
