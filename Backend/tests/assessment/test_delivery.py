from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.delivery import (
    MIN_PAUSE_MS,
    AnswerWindow,
    Span,
    clipped,
    measure,
    measurements,
    merged,
    with_measurements,
    without,
)
from app.domain.answer import AnswerUtterance
from app.domain.delivery import Delivery


def said(*texts: str) -> tuple[AnswerUtterance, ...]:
    return tuple(
        AnswerUtterance(f"u{number}", text, number * 5000, number * 5000 + 4000) for number, text in enumerate(texts)
    )


def measured(
    text: str, *spans: tuple[int, int], asked: int = 0, holds: tuple[Span, ...] = (), typed: bool = False
) -> Delivery:
    end = max((end for _, end in spans), default=0)
    return measure(said(text), [Span(*span) for span in spans], AnswerWindow(asked, asked, end, holds), typed=typed)


spans = st.lists(st.builds(Span, st.integers(0, 60_000), st.integers(0, 60_000)), max_size=12)


@given(spans)
def test_merged_spans_are_in_order_apart_and_as_long_as_their_union(given_spans: list[Span]) -> None:
    result = merged(given_spans)
    assert all(one.end_ms < two.start_ms for one, two in pairwise(result))
    covered = {ms for span in given_spans for ms in range(span.start_ms, span.end_ms, 1)}
    assert sum(span.length_ms for span in result) == len(covered)


@given(spans, st.integers(0, 60_000), st.integers(0, 60_000))
def test_a_span_is_what_is_left_and_what_is_cut_out(others: list[Span], start: int, length: int) -> None:
    span = Span(start, start + length)
    cut = merged(others)
    left = without(span, cut)
    inside = sum(one.length_ms for one in clipped(cut, span.start_ms, span.end_ms))
    assert sum(one.length_ms for one in left) + inside == span.length_ms


@given(spans, spans)
def test_speech_and_pauses_never_exceed_the_duration(voices: list[Span], holds: list[Span]) -> None:
    window = AnswerWindow(0, 0, 60_000, tuple(holds))
    delivery = measure(said("one two three four five six"), voices, window, typed=False)
    assert delivery.speaking_ms + delivery.pause_ms <= max(delivery.duration_ms, 60_000 * (not voices))
    assert all(pause.length_ms >= MIN_PAUSE_MS for pause in delivery.pauses)
    assert delivery.longest_pause_ms == max((pause.length_ms for pause in delivery.pauses), default=0)
    for pause in delivery.pauses:
        assert not clipped(merged(voices), pause.start_ms, pause.end_ms)
        assert not clipped(merged(holds), pause.start_ms, pause.end_ms)


@given(spans)
def test_the_order_of_the_spans_does_not_matter(voices: list[Span]) -> None:
    window = AnswerWindow(0, 0, 60_000)
    assert measure(said("a b"), voices, window, typed=False) == measure(said("a b"), voices[::-1], window, typed=False)


def test_pace_is_words_by_the_time_from_first_to_last_voice() -> None:
    delivery = measured("one two three four five six seven eight nine ten", (1000, 3000), (4000, 6000))
    assert delivery.words == 10
    assert delivery.duration_ms == 5000
    assert delivery.speaking_ms == 4000
    assert delivery.words_per_minute == 120.0
    assert delivery.articulation_rate == 150.0


def test_a_gap_under_700_ms_is_no_pause() -> None:
    assert measured("some words here", (0, 1000), (1699, 3000)).pauses == ()
    assert [pause.length_ms for pause in measured("some words here", (0, 1000), (1700, 3000)).pauses] == [700]


def test_time_under_let_me_think_is_neither_pause_nor_pace() -> None:
    held = measured("one two three four", (0, 2000), (8000, 10_000), holds=(Span(2000, 8000),))
    assert held.pauses == ()
    assert held.duration_ms == 4000
    assert held.words_per_minute == 60.0
    spoken_into = measured("one two three four", (0, 2000), (8000, 10_000), holds=(Span(2000, 9000),))
    assert spoken_into.duration_ms == 4000


def test_what_is_left_of_a_pause_beside_a_hold_still_counts() -> None:
    delivery = measured("one two", (0, 1000), (6000, 7000), holds=(Span(2000, 6000),))
    assert [(pause.start_ms, pause.end_ms) for pause in delivery.pauses] == [(1000, 2000)]


def test_the_start_delay_runs_from_the_end_of_the_question_without_the_holds() -> None:
    assert measured("one two", (5000, 6000), asked=2000).start_delay_ms == 3000
    assert measured("one two", (5000, 6000), asked=2000, holds=(Span(2500, 4500),)).start_delay_ms == 1000


def test_without_voice_spans_the_utterances_times_stand_in() -> None:
    delivery = measure(said("one two three four"), [], AnswerWindow(0, 0, 9000), typed=False)
    assert delivery.speaking_ms == 4000
    assert delivery.words_per_minute == 60.0


def test_a_typed_answer_has_no_times_and_no_filled_pauses() -> None:
    delivery = measured("Um, I think I led the audit, basically.", (0, 4000), typed=True)
    assert delivery.words_per_minute is delivery.articulation_rate is delivery.start_delay_ms is None
    assert delivery.pauses == ()
    assert [one.word for one in delivery.fillers] == ["basically"]


def test_silence_measures_as_nothing() -> None:
    delivery = measure((), [], AnswerWindow(0, 0, 30_000), typed=False)
    assert delivery.words == delivery.speaking_ms == delivery.duration_ms == 0
    assert not delivery.timed


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("Um, I, uh, called her.", {"um": 1, "uh": 1}),
        ("It was, like, really late.", {"like": 1}),
        ("I like pasta and it looks like rain.", {}),
        ("I would like like a week for it.", {"like": 1}),
        ("So yeah, that was it, you know.", {"so": 1, "you know": 1}),
        ("So I called the doctor, so that she knew.", {}),
        ("You turn right, and that's right.", {}),
        ("It was late, right, and dark.", {"right": 1}),
        ("I know that you know how to do it.", {}),
        ("Do you know the answer?", {}),
        ("We fixed pumps and stuff.", {"and stuff": 1}),
        ("I mean, the umbrella hummed.", {"I mean": 1}),
        ("Er, ehm, hmm.", {"um": 1, "uh": 1}),
    ],
)
def test_only_what_fills_counts_as_a_filler(text: str, fillers: dict[str, int]) -> None:
    assert {one.word: one.count for one in measured(text).fillers} == fillers


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("I think it was maybe Tuesday.", {"I think": 1, "maybe": 1}),
        ("I think about safety first.", {}),
        ("It was kind of late.", {"kind of": 1}),
        ("What kind of work, that kind of work, a kind of pump.", {}),
        ("I’m not sure, I guess.", {"not sure": 1, "I guess": 1}),
        ("We could ship in May and might not.", {"might": 1}),
    ],
)
def test_only_what_hedges_counts_as_a_hedge(text: str, hedges: dict[str, int]) -> None:
    assert {one.word: one.count for one in measured(text).hedges} == hedges


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I led the audit and I rewrote the form.", 2),
        ("I've called them, and I then checked.", 2),
        ("I needed help and I wanted to go.", 0),
        ("We led the audit.", 0),
        ("I was tired, I think.", 0),
    ],
)
def test_own_actions_are_what_the_speaker_did(text: str, count: int) -> None:
    assert measured(text).own_action_count == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I went to the the ward.", 1),
        ("She had had enough, and that that happened.", 0),
        ("Let me start again, the pump broke.", 1),
        ("It was on Mon- on Tuesday.", 1),
        ("The short-staffed ward and a follow-up.", 0),
    ],
)
def test_restarts_are_counted_and_hyphens_are_not(text: str, count: int) -> None:
    assert measured(text).self_correction_count == count


def test_every_count_names_its_utterance() -> None:
    delivery = measure(said("Um, yes.", "No, um, um."), [], AnswerWindow(0, 0, 9000), typed=False)
    assert [(one.utterance_id, one.count) for one in delivery.fillers] == [("u0", 1), ("u1", 2)]


def test_filled_pauses_are_not_words() -> None:
    assert measured("Um, I, uh, called her.").words == 3


def test_numbers_and_hyphens_are_one_word_each() -> None:
    assert measured("I cut 2.1 to 0.6 in twenty-four flats, that's 1,000 and 15%.").words == 12


def test_what_was_measured_is_kept_with_its_names() -> None:
    delivery = measured("I led the audit and called ten people, um.", (0, 5000))
    kept = with_measurements(delivery)
    assert kept.measurements == dict(measurements(delivery))
    assert kept.measurements["words"] == 8
    assert kept.fillers == delivery.fillers


def test_what_was_not_timed_is_not_among_the_measurements() -> None:
    assert "words_per_minute" not in dict(measurements(measured("I led it.", typed=True)))
