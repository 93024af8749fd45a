"""What the benchmark of neighbours may say, and what it may not."""

from __future__ import annotations

from benchmarks.comparison import Visit, compared


def visit(*times: float, lost: int = 0) -> Visit:
    made = Visit()
    for number, time in enumerate(times):
        made.add("reply", time, lost=number < lost)
    return made


CALM = [40.0 + number for number in range(10)]


def test_the_same_times_hold_the_bound() -> None:
    found = compared([(visit(*CALM), visit(*CALM)) for _ in range(6)], "reply")
    assert (found.verdict, found.lost, found.count) == ("held", 0, 60)
    assert found.low <= 1 <= found.high
    assert found.alone_p95 == found.beside_p95 == 49


def test_three_times_as_long_in_every_pair_is_broken() -> None:
    found = compared([(visit(*CALM), visit(*(3 * time for time in CALM))) for _ in range(6)], "reply")
    assert found.verdict == "broken"
    assert 2 < found.low <= found.high < 4


def test_one_slow_moment_of_the_machine_is_not_enough_to_say_anything() -> None:
    pairs = [(visit(*CALM), visit(*CALM)) for _ in range(4)] + [(visit(*CALM), visit(*CALM[:-1], 900.0))]
    assert compared(pairs, "reply").verdict == "unclear"


def test_what_is_lost_beside_somebody_is_broken_however_quick_the_rest_was() -> None:
    assert compared([(visit(*CALM), visit(*CALM, lost=1)) for _ in range(3)], "reply").verdict == "broken"


def test_a_few_milliseconds_are_nothing() -> None:
    assert compared([(visit(4.0, 4.2, 4.4), visit(7.0, 7.2, 7.4)) for _ in range(6)], "reply").verdict == "held"
