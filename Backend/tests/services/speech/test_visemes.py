from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.speech.base import VisemeCue
from app.services.speech.embedded_voice import EmbeddedVoice
from app.services.speech.visemes import SHAPES, cues


def test_every_symbol_of_the_voice_has_its_place_in_the_table(voice: EmbeddedVoice) -> None:
    assert set(voice.symbols) == set(SHAPES)


def test_lips_close_on_p_and_a_diphthong_takes_two_shapes() -> None:
    shapes = cues(["", "p", "I", "", ""], [100, 50, 80, 30, 20], total_ms=300)
    assert shapes == (
        VisemeCue(0, "sil"),
        VisemeCue(100, "PP"),
        VisemeCue(150, "aa"),
        VisemeCue(190, "I"),
        VisemeCue(230, "sil"),
    )


def test_a_stressed_vowel_begins_with_its_stress_mark() -> None:
    assert cues(["", "m", "ˈ", "ɑ", ""], [40, 50, 60, 50, 50], total_ms=250) == (
        VisemeCue(0, "sil"),
        VisemeCue(40, "PP"),
        VisemeCue(90, "aa"),
        VisemeCue(200, "sil"),
    )


def test_a_length_mark_prolongs_the_shape_before_it() -> None:
    assert cues(["m", "ː", "m", ""], [50, 50, 50, 50], total_ms=200) == (VisemeCue(0, "PP"), VisemeCue(150, "sil"))


def test_symbols_and_durations_must_belong_together() -> None:
    with pytest.raises(ValueError, match="2 symbols but 1 durations"):
        cues(["a", "b"], [10], total_ms=10)


@given(
    st.lists(st.tuples(st.sampled_from(["", *SHAPES]), st.floats(0, 400)), max_size=60),
    st.integers(1, 10_000),
)
def test_cues_rise_never_repeat_and_end_on_silence(parts: list[tuple[str, float]], total_ms: int) -> None:
    shapes = cues([symbol for symbol, _ in parts], [ms for _, ms in parts], total_ms=total_ms)
    times = [cue.at_ms for cue in shapes]
    assert times[0] == 0 and times == sorted(set(times)) and times[-1] <= total_ms
    assert all(a.viseme != b.viseme for a, b in pairwise(shapes))
    assert shapes[-1].viseme == "sil"
