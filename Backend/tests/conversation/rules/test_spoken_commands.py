"""Wishes spoken instead of pressed."""

from __future__ import annotations

import pytest

from app.conversation.rules.spoken_commands import wish_in
from tests.conversation.rehearsal import QUESTIONS, Rehearsal


@pytest.mark.parametrize(
    "line",
    [
        "Could you repeat the question?",
        "Sorry, can you say that again please?",
        "Um, what was the question again?",
        "I didn't catch that.",
        "Please repeat that.",
    ],
)
def test_asking_for_the_question_again_is_understood(line: str) -> None:
    assert wish_in(line) == "repeat"


@pytest.mark.parametrize("line", ["Let's move on.", "Okay, can we skip this one please?", "I'd like to move on"])
def test_asking_to_go_on_is_understood(line: str) -> None:
    assert wish_in(line) == "move_on"


@pytest.mark.parametrize(
    "line",
    [
        "The customer said could you repeat the question and I did.",
        "We had to move on to the next release.",
        "Let's move on is what my manager said.",
        "I skipped this question in the survey.",
        "",
    ],
)
def test_the_same_words_inside_an_answer_are_an_answer(line: str) -> None:
    assert wish_in(line) is None


def test_the_question_is_said_again_and_the_wish_is_no_part_of_the_answer() -> None:
    world = Rehearsal().asked()
    world.speak("Could you repeat the question?")
    world.until("listening")
    assert world.spoken("repeat") == [QUESTIONS[0]]
    world.answer()
    assert "repeat" not in world.answer_to("q0").text
    assert world.said()[0].kind == "remark" and world.said()[0].response_id is None


def test_moving_on_without_an_answer_skips_and_after_one_ends_it() -> None:
    world = Rehearsal().asked()
    world.speak("Let's move on.")
    assert world.answer_to("q0").ended_by == "skipped"
    world.until("listening")
    world.speak("I decided it alone because the others were away.")
    world.speak("Let's move on.")
    answer = world.answer_to("q1")
    assert (answer.ended_by, answer.text) == ("said_done", "I decided it alone because the others were away.")
