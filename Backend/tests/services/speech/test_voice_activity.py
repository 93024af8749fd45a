from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from app.services.speech.base import VoiceSpan
from app.services.speech.voice_activity import CHUNK_BYTES, CHUNK_MS, HANGOVER_CHUNKS, VoiceActivity


def heard(probabilities: list[float]) -> VoiceActivity:
    """An activity that listened to chunks with these probabilities of a voice."""
    following: Iterator[float] = iter(probabilities)
    activity = VoiceActivity(lambda _: next(following))
    activity.feed(bytes(CHUNK_BYTES * len(probabilities)))
    return activity


def test_a_click_is_no_voice() -> None:
    assert heard([0.0, 0.9, 0.9, 0.0, 0.0]).spans() == ()


def test_a_span_begins_with_its_first_voiced_chunk() -> None:
    activity = heard([0.0, 0.0, 0.9, 0.9, 0.9])
    assert activity.spans() == (VoiceSpan(2 * CHUNK_MS, None),)
    assert activity.speaking and activity.last_voice_ms == 5 * CHUNK_MS


def test_a_short_closure_inside_a_word_does_not_divide_it() -> None:
    activity = heard([0.9] * 5 + [0.1] * (HANGOVER_CHUNKS - 1) + [0.9] * 3)
    assert activity.spans() == (VoiceSpan(0, None),)


def test_after_the_hangover_the_span_ends_where_the_voice_did() -> None:
    activity = heard([0.9] * 5 + [0.1] * HANGOVER_CHUNKS)
    assert activity.spans() == (VoiceSpan(0, 5 * CHUNK_MS),)
    assert not activity.speaking


def test_finishing_ends_an_open_span() -> None:
    activity = heard([0.9] * 4)
    activity.finish()
    assert activity.spans() == (VoiceSpan(0, 4 * CHUNK_MS),)


def test_the_safest_cut_is_the_chunk_least_like_a_voice() -> None:
    activity = heard([0.9, 0.9, 0.9, 0.4, 0.9, 0.1])
    assert activity.quietest_between(0, 5 * CHUNK_MS) == 3 * CHUNK_MS + CHUNK_MS // 2


@given(st.lists(st.floats(0, 1), max_size=200))
def test_spans_are_ordered_apart_and_inside_what_was_heard(probabilities: list[float]) -> None:
    activity = heard(probabilities)
    activity.finish()
    marks = [mark for span in activity.spans() for mark in (span.start_ms, span.end_ms or 0)]
    assert marks == sorted(set(marks))
    assert all(0 <= mark <= activity.clock_ms for mark in marks)


@given(st.lists(st.floats(0, 1), max_size=120), st.integers(1, 3 * CHUNK_BYTES))
def test_the_size_of_the_pieces_does_not_matter(probabilities: list[float], size: int) -> None:
    following = iter(probabilities)
    activity = VoiceActivity(lambda _: next(following))
    audio = bytes(CHUNK_BYTES * len(probabilities))
    for at in range(0, len(audio), size):
        activity.feed(audio[at : at + size])
    assert activity.spans() == heard(probabilities).spans()
