from __future__ import annotations

import json
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.assessment.overall import ResponseScores, overall, to_json
from app.assessment.score import Evidence, Score, not_scored

BASIS = (Evidence("quote", "I did", utterance_id="u"),)


def score(value: int | None) -> Score:
    return not_scored("Too short to score.") if value is None else Score(value, "", BASIS)


def response(
    position: int, relevance: int | None, confidence: int | None, *, follow_up: bool = False, skipped: bool = False
) -> ResponseScores:
    return ResponseScores(f"q{position}", position, follow_up, skipped, score(relevance), score(confidence))


values = st.none() | st.integers(0, 100)
responses = st.lists(
    st.builds(response, st.integers(0, 4), values, values, follow_up=st.booleans(), skipped=st.booleans()), max_size=12
)


def counted(given_responses: list[ResponseScores], name: str) -> list[int]:
    scores: list[Score] = [getattr(one, name) for one in given_responses if not one.skipped]
    return [one.value for one in scores if one.value is not None]


@given(responses)
def test_each_score_lies_between_the_lowest_and_the_highest_of_its_parts(given_responses: list[ResponseScores]) -> None:
    result = overall(given_responses)
    for value, parts in (
        (result.relevance, counted(given_responses, "relevance")),
        (result.confidence, counted(given_responses, "confidence")),
        (result.value, counted(given_responses, "relevance") + counted(given_responses, "confidence")),
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
    assert (one.value, one.relevance, one.confidence) == (two.value, two.relevance, two.confidence)


@given(responses, st.data())
def test_a_better_answer_never_lowers_the_overall_score(
    given_responses: list[ResponseScores], data: st.DataObject
) -> None:
    before = overall(given_responses)
    scored = [index for index, one in enumerate(given_responses) if one.relevance.value is not None]
    if before.value is None or not scored:
        return
    index = data.draw(st.sampled_from(scored))
    old = given_responses[index].relevance.value
    assert old is not None
    better = list(given_responses)
    better[index] = replace(better[index], relevance=score(data.draw(st.integers(old, 100))))
    after = overall(better)
    assert after.value is not None
    assert after.value >= before.value


@given(responses)
def test_there_is_an_overall_score_where_any_relevance_counts_and_else_a_reason(
    given_responses: list[ResponseScores],
) -> None:
    result = overall(given_responses)
    assert (result.value is None) == (not counted(given_responses, "relevance"))
    assert bool(result.reason) == (result.value is None)
    assert bool(result.how) == (result.value is not None)
    json.dumps(to_json(result))


def test_what_is_not_scored_is_left_out_and_never_counted_as_0() -> None:
    result = overall([response(0, 80, 60), response(1, None, None), response(2, None, None, skipped=True)])
    assert (result.value, result.relevance, result.confidence) == (74, 80, 60)
    assert any("Question 2 is left out" in line for line in result.how)
    assert any("Question 3 is left out: You skipped this question." in line for line in result.how)


def test_a_follow_up_refines_its_question_and_is_no_further_question() -> None:
    result = overall([response(0, 60, None), response(0, 90, None, follow_up=True), response(1, 30, None)])
    assert [one.relevance for one in result.questions] == [70, 30]
    assert result.relevance == 50


def test_a_follow_up_alone_can_score_its_question() -> None:
    result = overall([response(0, None, None), response(0, 90, None, follow_up=True)])
    assert result.relevance == 90


def test_a_skipped_response_never_counts_even_with_a_score() -> None:
    assert overall([response(0, 80, 80, skipped=True)]).value is None


def test_relevance_weighs_more_than_confidence() -> None:
    assert overall([response(0, 100, 0)]).value == 70


def test_without_a_confidence_overall_is_relevance_and_says_so() -> None:
    result = overall([response(0, 82, None)])
    assert result.value == 82
    assert any("Relevance alone" in line for line in result.how)


def test_an_interview_without_answers_says_why_there_is_no_score() -> None:
    assert overall([]).reason == "No answer could be scored."
    assert "Too short" in overall([response(0, None, None)]).reason


def test_questions_that_were_never_reached_are_named() -> None:
    assert any(
        "3 questions were not reached" in line
        for line in overall([response(0, 50, 50), response(1, 50, 50)], planned=5).how
    )


def test_halves_are_rounded_up() -> None:
    assert overall([response(0, 66, None), response(1, 67, None)]).value == 67
