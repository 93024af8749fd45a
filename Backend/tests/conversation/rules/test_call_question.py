"""Which question has the call's interviewer just put?"""

from __future__ import annotations

import pytest

from app.conversation.rules.call_question import asked_in, follow_up_in, says_goodbye, told_already
from app.conversation.rules.state import ScriptQuestion
from tests.conversation.rehearsal import QUESTIONS, script

PLANNED = script().questions


def which(text: str) -> str:
    found = asked_in(text, PLANNED)
    return found.id if found else ""


@pytest.mark.parametrize("position", range(5))
def test_a_planned_question_is_known_word_for_word_and_in_the_middle_of_other_words(position: int) -> None:
    question = QUESTIONS[position]
    assert which(question) == f"q{position}"
    assert which(f"Thank you, that helps me follow. Let's go on. {question} Take your time.") == f"q{position}"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("So, at Northwind you led the migration of their billing service. What went wrong along the way?", "q0"),
        ("Could you tell me about a decision you made at Northwind that others disagreed with?", "q1"),
        ("Was there a time when you and a colleague wanted different things? What did you do?", "q2"),
        ("The role asks for Kubernetes, and your resume doesn't name it. How would you go about learning it?", "q3"),
        ("And how do you find out what causes a slow query in a database?", "q4"),
    ],
)
def test_a_planned_question_is_known_in_words_close_to_it(text: str, question: str) -> None:
    assert which(text) == question


@pytest.mark.parametrize(
    "text",
    [
        "What did you learn from the migration?",
        "And what did your colleague at Northwind say about the rollback?",
        "How did the billing service behave afterwards?",
        "Thanks for telling me about Northwind.",
        "Which database was it?",
        "Hello Asha, it's good to meet you. I'll ask you five questions for the role of Backend engineer.",
        "",
    ],
)
def test_a_follow_up_or_a_remark_on_the_same_matter_is_no_planned_question(text: str) -> None:
    assert which(text) == ""


def test_of_several_questions_in_one_utterance_the_last_is_to_be_answered() -> None:
    assert which(f"{QUESTIONS[2]} And then: {QUESTIONS[1]}") == "q1"
    assert which(f"{QUESTIONS[1]} And then: {QUESTIONS[2]}") == "q2"


def test_of_two_questions_alike_the_one_that_was_put_is_meant() -> None:
    alike = (
        ScriptQuestion("a", "You worked at Northwind on the billing service. What went wrong? How did you find out?"),
        ScriptQuestion("b", "You worked at Northwind on the billing service. What went well? How did you plan it?"),
    )
    for question in alike:
        found = asked_in(f"Thanks. {question.text} Take your time.", alike)
        assert found is not None and found.id == question.id


def test_a_follow_up_is_the_question_without_the_words_around_it() -> None:
    assert follow_up_in("I see, thank you. What would you do differently? Take your time.") == (
        "What would you do differently?"
    )
    assert follow_up_in("What happened right after? And who decided?") == "What happened right after? And who decided?"


@pytest.mark.parametrize(
    "text",
    [
        "Would you like me to repeat the question?",
        "Shall we move on to the next one?",
        "Can you hear me?",
        "Take your time, okay?",
        "Do you need a moment to think?",
        "Is there anything else you'd like to add?",
        "Thank you for that.",
    ],
)
def test_talk_about_the_talk_is_no_follow_up(text: str) -> None:
    assert follow_up_in(text) == ""


@pytest.mark.parametrize("text", ["How did you continue after that?", "How did you begin?", "Were you ready for it?"])
def test_the_same_words_about_the_candidates_story_are(text: str) -> None:
    assert follow_up_in(text) == text


def test_a_goodbye_is_heard_and_thanks_are_not_one() -> None:
    assert says_goodbye("Thank you, Asha. That was my last question. Goodbye.")
    assert says_goodbye("That concludes our interview. Have a great day!")
    assert not says_goodbye("Thank you for your time on that one. Let's go on.")
    assert not says_goodbye("Tell me about the end of the project.")


def test_two_hearings_of_one_speech_are_recognised_as_one() -> None:
    said = "I froze all features for a month and two teams disagreed with me at first."
    assert told_already("i froze all creatures for a month and two teams disagreed", [said])
    assert not told_already("In the end the outages stopped and they came round.", [said])
