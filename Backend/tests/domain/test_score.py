from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.domain.message import Message, message
from app.domain.score import RELEVANCE, Evidence, Score, ScorePart, Scores, not_scored

KEPT: TypeAdapter[Scores] = TypeAdapter(Scores)
QUOTE = Evidence("quote", "I called her", utterance_id="u1", start_ms=0, end_ms=900)
texts = st.text(max_size=20)
simple = texts | st.integers() | st.floats(-1e6, 1e6)
messages = st.recursive(
    st.builds(Message, texts, st.dictionaries(texts, simple, max_size=3)),
    lambda inner: st.builds(
        Message, texts, st.dictionaries(texts, simple | inner | st.lists(texts | inner).map(tuple), max_size=3)
    ),
    max_leaves=6,
)
evidences = st.builds(
    Evidence,
    kind=st.sampled_from(["quote", "measurement"]),
    text=texts,
    note=st.none() | messages,
    utterance_id=st.none() | texts,
    start_ms=st.none() | st.integers(0, 10**7),
    end_ms=st.none() | st.integers(0, 10**7),
    name=st.none() | texts,
    value=st.none() | st.floats(-1e6, 1e6),
    unit=st.none() | texts,
)
parts = st.builds(ScorePart, texts, st.floats(0, 100), st.floats(0, 100), messages, texts)


def kept(score: Score) -> Score:
    return KEPT.validate_json(KEPT.dump_json({RELEVANCE: score}))[RELEVANCE]


def test_a_number_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="evidence"):
        Score(75)


def test_no_number_and_no_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="reason"):
        Score(None, None, (QUOTE,))


@pytest.mark.parametrize("value", [-1, 101, 1000])
def test_a_number_outside_0_to_100_cannot_be_made(value: int) -> None:
    with pytest.raises(ValueError, match="0 and 100"):
        Score(value, None, (QUOTE,))


@given(
    st.integers(0, 100),
    st.none() | messages,
    st.lists(evidences, min_size=1, max_size=3),
    st.lists(parts, max_size=3),
)
def test_a_score_comes_back_from_json_as_it_was(
    value: int, remark: Message | None, evidence: list[Evidence], of: list[ScorePart]
) -> None:
    score = Score(value, remark, tuple(evidence), tuple(of))
    assert kept(score) == score


def test_what_is_not_scored_comes_back_with_its_reason() -> None:
    score = not_scored(message("not_scored.too_few_words", words=3, least=8))
    assert not score.scored
    assert kept(score) == score


def test_what_was_never_a_score_is_not_read_as_one() -> None:
    with pytest.raises(ValueError):
        KEPT.validate_python({RELEVANCE: {"value": 80, "reason": None, "evidence": [], "parts": []}})
