"""Who is let in when the house is full, by a clock that the test turns."""

from __future__ import annotations

import pytest

from app.conversation.room.voice_places import EACH, KEPT_S, MAX_LAG_MS, MOST_TYPED, VoicePlaces
from app.errors import TooMany, Unavailable


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def take(places: VoicePlaces, interview: str, user: str | None = None, *, heard: bool = True, lag_ms: int = 0) -> None:
    places.take(interview, user or f"user of {interview}", heard=heard, lag_ms=lag_ms)


def test_beyond_what_this_machine_can_hear_the_next_is_told_when_to_come_back(clock: Clock) -> None:
    places = VoicePlaces(heard=2, clock=clock)
    take(places, "a")
    take(places, "b")
    with pytest.raises(Unavailable) as refused:
        take(places, "c")
    assert refused.value.code == "too_many_live" and refused.value.retry_after_s
    places.leave("a")
    take(places, "c")


def test_whoever_types_has_places_of_their_own(clock: Clock) -> None:
    places = VoicePlaces(heard=1, typed=1, clock=clock)
    take(places, "a")
    take(places, "b", heard=False, lag_ms=60_000)
    with pytest.raises(Unavailable):
        take(places, "c", heard=False)
    with pytest.raises(Unavailable):
        take(places, "c")
    assert MOST_TYPED > 10


def test_whoever_goes_on_by_typing_gives_the_place_of_a_voice_to_somebody_else(clock: Clock) -> None:
    places = VoicePlaces(heard=1, clock=clock)
    take(places, "a")
    take(places, "a", heard=False)
    take(places, "b")
    with pytest.raises(Unavailable):
        take(places, "a")


def test_ears_that_are_behind_take_nobody_new_and_keep_whoever_comes_back(clock: Clock) -> None:
    places = VoicePlaces(heard=10, clock=clock)
    take(places, "a", lag_ms=MAX_LAG_MS)
    places.leave("a", keep_s=KEPT_S)
    take(places, "a", lag_ms=MAX_LAG_MS + 1)
    with pytest.raises(Unavailable):
        take(places, "b", lag_ms=MAX_LAG_MS + 1)
    take(places, "b", lag_ms=0)


def test_a_place_is_kept_for_some_minutes_and_not_for_ever(clock: Clock) -> None:
    places = VoicePlaces(heard=1, clock=clock)
    take(places, "a")
    for _ in range(20):
        places.leave("a", keep_s=KEPT_S)
        clock.now += KEPT_S - 1
        with pytest.raises(Unavailable):
            take(places, "b")
        take(places, "a")
    places.leave("a", keep_s=KEPT_S)
    clock.now += KEPT_S
    take(places, "b")
    with pytest.raises(Unavailable):
        take(places, "a")


def test_one_person_has_two_places_at_the_most(clock: Clock) -> None:
    places = VoicePlaces(heard=50, clock=clock)
    for number in range(EACH):
        take(places, f"mine {number}", "asha")
    for heard in (True, False):
        with pytest.raises(TooMany) as refused:
            take(places, "one more", "asha", heard=heard)
        assert refused.value.code == "own_rooms_full" and refused.value.retry_after_s
    take(places, "mine 0", "asha")
    take(places, "another's", "bilal")


def test_what_is_kept_for_coming_back_to_does_not_keep_its_owner_from_going_on_elsewhere(clock: Clock) -> None:
    places = VoicePlaces(heard=3, clock=clock)
    take(places, "first", "asha")
    take(places, "second", "asha")
    places.leave("first", keep_s=KEPT_S)
    take(places, "third", "asha")
    take(places, "another's", "bilal")
    with pytest.raises(TooMany):
        take(places, "first", "asha")
