"""A judge may notice wording that no list knows; it may neither invent any nor make any disappear."""

from __future__ import annotations

from app.assessment.delivery import AnswerWindow, measure
from app.assessment.judge_notes import with_noticed
from app.domain.answer import AnswerUtterance
from app.domain.verdict import Wording

ANSWER = (
    AnswerUtterance("u1", "I would tend to say it went well, maybe. No two ways about it, that was wrong.", 0, 5000),
    AnswerUtterance("u2", "To some extent I decided alone, to some extent not.", 5000, 9000),
)
MEASURED = measure(ANSWER, (), AnswerWindow(0, 0, 9000), typed=True)


def noticed(hedges: tuple[str, ...] = (), firm: tuple[str, ...] = ()) -> dict[str, int]:
    result = with_noticed(MEASURED, ANSWER, Wording(hedges, firm))
    return {one.word: one.count for one in (*result.hedges[len(MEASURED.hedges) :], *result.boosters)}


def test_a_noticed_hedge_counts_as_often_as_it_was_said() -> None:
    result = with_noticed(MEASURED, ANSWER, Wording(("to some extent",)))
    assert result.hedge_count == MEASURED.hedge_count + 2


def test_a_hedge_that_was_never_said_does_not_count() -> None:
    assert noticed(hedges=("as far as I know",)) == {}


def test_a_hedge_that_is_counted_already_does_not_count_twice() -> None:
    assert noticed(hedges=("maybe",)) == {}


def test_a_phrase_within_a_noticed_phrase_is_one_hedge() -> None:
    assert noticed(hedges=("tend to", "I would tend to say")) == {"I would tend to say": 1}


def test_a_judge_that_names_no_hedges_removes_none() -> None:
    assert with_noticed(MEASURED, ANSWER, Wording()) == MEASURED
    assert MEASURED.hedge_count == 1


def test_a_firm_phrase_counts_beside_the_acts_that_are_counted() -> None:
    assert noticed(firm=("no two ways about it", "I decided")) == {"no two ways about it": 1}
