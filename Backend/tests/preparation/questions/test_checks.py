"""A plan is shown only when it holds, whoever wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.author import Author
from app.domain.profile import Claim, ProfileDraft
from app.domain.question import Brief, KeyPoint, PlannedQuestion
from app.errors import ProviderError
from app.preparation.questions.checks import check_plan, faults_of

BRIEF = Brief(
    role="ICU nurse",
    seniority="mid",
    skills=("wound care",),
    job_description="",
    profile=ProfileDraft(claims=(Claim("Led a central-line bundle audit on a 28-bed unit"),)),
)
POINT = KeyPoint("Says how it was measured", ("We counted it every week.",), "How did you measure that?")
GOOD = PlannedQuestion(
    kind="project",
    text="You led a central-line bundle audit on a 28-bed unit. Which step was being missed most?",
    why="It is your own claim.",
    grounding="a central-line bundle audit on a 28-bed unit",
    key_points=(POINT, POINT, POINT),
)


def test_a_sound_question_has_no_faults() -> None:
    assert faults_of(BRIEF, GOOD) == ()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"text": "Why?"}, "length"),
        ({"text": GOOD.text + " {skill}?"}, "residue"),
        ({"text": GOOD.text.replace("You led", "You  led")}, "residue"),
        ({"text": GOOD.text.replace("You led a", "You led a an")}, "residue"),
        ({"text": GOOD.text.replace("You led a", "None led a")}, "residue"),
        ({"text": GOOD.text.rstrip("?")}, "end of sentence"),
        ({"grounding": "a ward of 90 beds"}, "not in the person's own words"),
        ({"grounding": "wound care"}, "does not name"),
        ({"grounding": ""}, "no grounding"),
        ({"key_points": (POINT, POINT)}, "2 key points"),
        ({"why": " "}, "no reason"),
    ],
)
def test_each_fault_is_found(changed: dict[str, object], fault: str) -> None:
    found = faults_of(BRIEF, replace(GOOD, **changed))  # type: ignore[arg-type]
    assert len(found) >= 1 and any(fault in f for f in found)


def test_a_plan_that_holds_is_given_back() -> None:
    assert check_plan("built-in", BRIEF, (GOOD,), count=1) == (GOOD,)


@pytest.mark.parametrize(
    ("questions", "count", "avoid"),
    [
        ((GOOD,), 2, ()),
        ((GOOD, GOOD), 2, ()),
        ((GOOD,), 1, (GOOD,)),
        ((replace(GOOD, why="", author=Author("some-model")),), 1, ()),
    ],
    ids=["too few", "the same twice", "asked before", "a faulty one"],
)
def test_a_plan_that_does_not_hold_is_a_failure_that_may_be_tried_again(
    questions: tuple[PlannedQuestion, ...], count: int, avoid: tuple[PlannedQuestion, ...]
) -> None:
    with pytest.raises(ProviderError) as caught:
        check_plan("some-model", BRIEF, questions, count=count, avoid=avoid)
    assert (caught.value.category, caught.value.retryable) == ("invalid_response", True)


def test_a_slip_in_the_persons_own_words_is_said_back_without_fault() -> None:
    slip = replace(BRIEF, profile=ProfileDraft(claims=(Claim("Led a audit of 12 wards in one winter"),)))
    question = replace(
        GOOD,
        text="Your resume says that you led a audit of 12 wards. What surprised you?",
        grounding="a audit of 12 wards",
    )
    assert faults_of(slip, question) == ()
    assert faults_of(BRIEF, question) != ()


def test_a_faulty_question_of_the_built_in_is_better_than_none() -> None:
    faulty = replace(GOOD, why="")
    assert check_plan("built-in", BRIEF, (faulty,), count=1) == (faulty,)
    stood_in = replace(faulty, author=Author("built-in", "gemini", "timeout"))
    assert check_plan("some-model", BRIEF, (stood_in,), count=1) == (stood_in,)
    with pytest.raises(ProviderError):
        check_plan("built-in", BRIEF, (faulty, faulty), count=2)
