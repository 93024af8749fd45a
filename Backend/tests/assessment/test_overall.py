from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.assessment.overall import ResponseScores, overall
from app.domain.message import message
from app.domain.overall import OverallScore
from app.domain.score import CONFIDENCE, RELEVANCE, Evidence, Score, ScoreKind, not_scored
from app.texts import text

KEPT = TypeAdapter(OverallScore)
BASIS = (Evidence("quote", "I did", utterance_id="u"),)


def score(value: int | None) -> Score:
    if value is None:
        return not_scored(message("not_scored.too_few_words", words=3, least=8))
    return Score(value, None, BASIS)


def response(
    position: int, relevance: int | None, confidence: int | None, *, follow_up: bool = False, skipped: bool = False
) -> ResponseScores:
    scores = {RELEVANCE: score(relevance), CONFIDENCE: score(confidence)}
    return ResponseScores(f"q{position}", position, follow_up, skipped, scores)


def told(result: OverallScore) -> list[str]:
    return [text(one) for one in result.how]


values = st.none() | st.integers(0, 100)
responses = st.lists(
    st.builds(response, st.integers(0, 4), values, values, follow_up=st.booleans(), skipped=st.booleans()), max_size=12
)


def counted(given_responses: list[ResponseScores], kind: ScoreKind) -> list[int]:
    scores = [one.scores[kind] for one in given_responses if not one.skipped]
    return [one.value for one in scores if one.value is not None]


@given(responses)
def test_each_score_lies_between_the_lowest_and_the_highest_of_its_parts(given_responses: list[ResponseScores]) -> None:
    result = overall(given_responses)
    for value, parts in (
        (result.scores[RELEVANCE], counted(given_responses, RELEVANCE)),
        (result.scores[CONFIDENCE], counted(given_responses, CONFIDENCE)),
        (result.value, counted(given_responses, RELEVANCE) + counted(given_responses, CONFIDENCE)),
    ):
        if value is not None:
            assert min(parts) <= value <= max(parts)


@given(responses, st.randoms(use_true_random=False))
def test_the_order_of_the_responses_does_not_matter(
    given_responses: list[ResponseScores], chance: random.Random
) -> None:
    shuffled = list(given_responses)
    chance.shuffle(shuffled)
    one, two = overall(given_responses), overall(shuffled)
    assert (one.value, one.scores) == (two.value, two.scores)


@given(responses, st.data())
def test_a_better_answer_never_lowers_the_overall_score(
    given_responses: list[ResponseScores], data: st.DataObject
) -> None:
    before = overall(given_responses)
    scored = [index for index, one in enumerate(given_responses) if one.scores[RELEVANCE].scored]
    if before.value is None or not scored:
        return
    index = data.draw(st.sampled_from(scored))
    old = given_responses[index].scores[RELEVANCE].value
    assert old is not None
    better = list(given_responses)
    raised = score(data.draw(st.integers(old, 100)))
    better[index] = replace(better[index], scores={**better[index].scores, RELEVANCE: raised})
    after = overall(better)
    assert after.value is not None
    assert after.value >= before.value


@given(responses)
def test_there_is_an_overall_score_where_any_relevance_counts_and_else_a_reason(
    given_responses: list[ResponseScores],
) -> None:
    result = overall(given_responses)
    assert (result.value is None) == (not counted(given_responses, RELEVANCE))
    assert (result.reason is not None) == (result.value is None)
    assert bool(result.how) == (result.value is not None)
    assert KEPT.validate_json(KEPT.dump_json(result)) == result


def test_what_is_not_scored_is_left_out_and_never_counted_as_0() -> None:
    result = overall([response(0, 80, 60), response(1, None, None), response(2, None, None, skipped=True)])
    assert (result.value, result.scores) == (74, {RELEVANCE: 80, CONFIDENCE: 60})
    assert any("Question 2 is left out" in line for line in told(result))
    assert any("Question 3 is left out: You skipped this question." in line for line in told(result))


def test_a_follow_up_refines_its_question_and_is_no_further_question() -> None:
    result = overall([response(0, 60, None), response(0, 90, None, follow_up=True), response(1, 30, None)])
    assert [one.scores[RELEVANCE] for one in result.questions] == [70, 30]
    assert result.scores[RELEVANCE] == 50


def test_a_follow_up_alone_can_score_its_question() -> None:
    result = overall([response(0, None, None), response(0, 90, None, follow_up=True)])
    assert result.scores[RELEVANCE] == 90


def test_a_skipped_response_never_counts_even_with_a_score() -> None:
    assert overall([response(0, 80, 80, skipped=True)]).value is None


def test_relevance_weighs_more_than_confidence() -> None:
    assert overall([response(0, 100, 0)]).value == 70


def test_without_a_confidence_overall_is_relevance_and_says_so() -> None:
    result = overall([response(0, 82, None)])
    assert result.value == 82
    assert any("Relevance alone" in line for line in told(result))


def test_an_interview_without_answers_says_why_there_is_no_score() -> None:
    assert overall([]).reason == message("not_scored.nothing")
    too_short = overall([response(0, None, None)]).reason
    assert too_short and "Too short" in text(too_short)


def test_questions_that_were_never_reached_are_named() -> None:
    assert any(
        "3 questions were not reached" in line
        for line in told(overall([response(0, 50, 50), response(1, 50, 50)], planned=5))
    )


def test_halves_are_rounded_up() -> None:
    assert overall([response(0, 66, None), response(1, 67, None)]).value == 67
