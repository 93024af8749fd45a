from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.confidence import MIN_WORDS, confidence
from app.assessment.delivery import AnswerWindow, Span, measure
from app.domain.answer import AnswerUtterance
from app.domain.delivery import Delivery, SpeechPause, WordCount
from app.domain.message import message
from app.domain.score import Score
from app.texts import text

STORY = (
    "I led the audit on my ward and I trained nine nurses on nights. I rewrote the checklist, called the supplier "
    "and measured the result every week. In the end infections fell by a third and the unit kept the form."
)


def delivery(text: str = STORY, *, spans: list[Span] | None = None, typed: bool = False) -> Delivery:
    length = 400 * len(text.split())
    said = (AnswerUtterance("u1", text, 0, length),)
    return measure(said, spans or [Span(0, length)], AnswerWindow(0, 0, length), typed=typed)


def with_counts(
    base: Delivery,
    *,
    fillers: int = 0,
    hedges: int = 0,
    boosters: int = 0,
    self_corrections: int = 0,
    own_actions: int = 0,
) -> Delivery:
    def counted(count: int) -> tuple[WordCount, ...]:
        return (WordCount("u1", "word", count),) if count else ()

    return replace(
        base,
        fillers=counted(fillers),
        hedges=counted(hedges),
        boosters=counted(boosters),
        self_corrections=counted(self_corrections),
        own_actions=counted(own_actions),
    )


def reason(score: Score) -> str:
    assert score.reason is not None
    return text(score.reason)


def value(of: Delivery) -> int:
    score = confidence(of)
    assert score.value is not None, score.reason
    return score.value


def test_a_fluent_direct_answer_scores_high() -> None:
    assert value(delivery()) >= 90


def test_a_hesitant_hedged_answer_scores_low() -> None:
    hesitant = (
        "Um, so I think, uh, we kind of maybe did, like, an audit, you know, and um, I guess it was sort of "
        "better, probably, I'm not sure, uh, I suppose it might have, um, helped a bit, I don't know."
    )
    assert value(delivery(hesitant)) <= 45


def test_silence_is_not_scored() -> None:
    score = confidence(delivery("", spans=[Span(0, 10)]))
    assert score.value is None
    assert score.reason == message("not_scored.no_answer")


def test_too_few_words_are_not_scored_and_counted() -> None:
    score = confidence(delivery("I led the audit."))
    assert score.value is None
    assert "4 words" in reason(score)
    assert str(MIN_WORDS) in reason(score)


def test_too_little_speech_is_not_scored_however_many_words_were_recognised() -> None:
    score = confidence(delivery(spans=[Span(0, 4000)]))
    assert score.value is None
    assert "4.0 s" in reason(score)


def test_a_typed_answer_is_scored_on_its_wording_and_says_so() -> None:
    score = confidence(delivery(typed=True))
    assert score.value is not None
    assert "only the wording" in reason(score)
    assert {part.kind for part in score.parts} == {"hedges", "direct"}
    assert not [one for one in score.evidence if one.unit in ("words/min", "pauses", "s")]


def test_every_part_shows_the_number_it_rests_on() -> None:
    score = confidence(delivery())
    assert sum(part.out_of for part in score.parts) == 100
    assert all(re.search(r"\d", text(part.reason)) for part in score.parts)
    assert score.value == round(sum(part.points for part in score.parts))
    assert {"words", "words_per_minute", "pauses", "fillers", "hedges"} <= {one.name for one in score.evidence}
    assert all(one.kind == "measurement" and one.value is not None for one in score.evidence)


def test_a_pause_can_be_found_on_the_recording() -> None:
    length = 400 * len(STORY.split())
    score = confidence(delivery(spans=[Span(0, 5000), Span(9000, length)]))
    (pause,) = [one for one in score.evidence if one.name == "pause_s"]
    assert (pause.start_ms, pause.end_ms, pause.value) == (5000, 9000, 4.0)


def test_thinking_before_the_first_word_costs_nothing() -> None:
    length = 400 * len(STORY.split())
    said = (AnswerUtterance("u1", STORY, 20_000, 20_000 + length),)
    late = measure(said, [Span(20_000, 20_000 + length)], AnswerWindow(0, 0, 20_000 + length), typed=False)
    assert value(late) == value(delivery())


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_fillers_never_score_higher(few: int, more: int) -> None:
    low, high = sorted((few, more))
    assert value(with_counts(delivery(), fillers=low)) >= value(with_counts(delivery(), fillers=high))


@given(st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_more_hedges_never_score_higher(few: int, more: int, typed: bool) -> None:
    low, high = sorted((few, more))
    base = delivery(typed=typed)
    assert value(with_counts(base, hedges=low)) >= value(with_counts(base, hedges=high))


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_direct_statements_never_score_lower(few: int, more: int) -> None:
    low, high = sorted((few, more))
    assert value(with_counts(delivery(), own_actions=low)) <= value(with_counts(delivery(), own_actions=high))


@given(st.integers(700, 15_000), st.integers(700, 15_000))
def test_longer_pauses_never_score_higher(one: int, two: int) -> None:
    low, high = sorted((one, two))
    base = delivery()
    assert value(replace(base, pauses=(SpeechPause(0, low),))) >= value(replace(base, pauses=(SpeechPause(0, high),)))


@given(
    words=st.integers(0, 500),
    speaking=st.integers(0, 200_000),
    extra=st.integers(0, 100_000),
    counts=st.tuples(*[st.integers(0, 60)] * 5),
    typed=st.booleans(),
)
def test_any_delivery_is_scored_between_0_and_100_or_not_with_a_reason(
    words: int, speaking: int, extra: int, counts: tuple[int, ...], typed: bool
) -> None:
    timed = not typed and words > 0 and speaking > 0
    duration = speaking + extra
    any_delivery = replace(
        delivery(typed=typed),
        words=words,
        speaking_ms=speaking,
        duration_ms=duration,
        words_per_minute=60_000 * words / duration if timed else None,
        articulation_rate=60_000 * words / speaking if timed else None,
        pauses=(SpeechPause(0, extra),) if extra >= 700 else (),
    )
    names = ("fillers", "hedges", "boosters", "self_corrections", "own_actions")
    score = confidence(with_counts(any_delivery, **dict(zip(names, counts, strict=True))))
    assert (score.value is None) == (words < MIN_WORDS or (timed and speaking < 5000))
    assert score.value is not None or score.reason


@pytest.mark.parametrize(("pace", "full"), [(60, False), (110, True), (150, True), (190, True), (260, False)])
def test_a_comfortable_pace_costs_nothing(pace: float, full: bool) -> None:
    score = confidence(replace(delivery(), words_per_minute=pace))
    (part,) = [part for part in score.parts if part.kind == "pace"]
    assert (part.points == part.out_of) is full
