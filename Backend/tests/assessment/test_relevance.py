from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.assessor import assess
from app.assessment.delivery import AnswerWindow, Span
from app.assessment.relevance import find, relevance, verified
from app.domain.answer import AnswerUtterance, Exchange
from app.domain.message import Message, message
from app.domain.question import KeyPoint
from app.domain.score import CONFIDENCE, RELEVANCE, ScorePart
from app.domain.verdict import PointVerdict, Verdict
from app.english.grounding import normalised

ANSWER = (
    AnswerUtterance("u1", "I pulled sixty charts, and it's blank.", 1000, 4000),
    AnswerUtterance("u2", "Compliance went from 58 to", 4200, 6000),
    AnswerUtterance("u3", "94 percent. It was hard.", 6100, 8000),
)


def verdict(
    *points: PointVerdict,
    value: int | None = 80,
    quotes: tuple[tuple[str, str], ...] = (),
    not_scored: Message | None = None,
) -> Verdict:
    stated = ScorePart("key_points", 20.0, 35.0, message("judge.key_points", covered=1, partly=0, points=2))
    return Verdict(value, 0.9, points, not_scored, quotes, (stated,), (message("judge.said_back"),))


CHARTS = PointVerdict("Own steps", "covered", "I pulled sixty charts", "u1")
INVENTED = PointVerdict("Result", "covered", "We saved a million", "u3")


def test_a_score_shows_the_quotes_it_rests_on_and_when_they_were_said() -> None:
    score = relevance(verdict(CHARTS), ANSWER)
    assert score.value == 80
    (quote,) = score.evidence
    assert (quote.kind, quote.text, quote.utterance_id) == ("quote", "I pulled sixty charts", "u1")
    assert (quote.start_ms, quote.end_ms) == (1000, 4000)


def test_a_quote_that_was_not_said_is_dropped_with_its_point() -> None:
    checked = verified(verdict(CHARTS, INVENTED), ANSWER)
    assert [point.level for point in checked.points] == ["covered", "missed"]
    assert checked.points[1].quote == ""
    assert "million" not in str(relevance(verdict(CHARTS, INVENTED), ANSWER).evidence)


def test_a_verdict_of_mostly_invented_quotes_is_not_used() -> None:
    score = relevance(verdict(CHARTS, INVENTED, PointVerdict("x", "partly", "never said this", "u1")), ANSWER)
    assert score.value is None
    assert score.reason == message("not_scored.not_your_words")


def test_a_number_without_any_words_to_rest_on_is_not_scored() -> None:
    assert relevance(verdict(value=90), ANSWER).value is None
    assert relevance(verdict(PointVerdict("a", "missed"), value=90), ANSWER).value is None


def test_a_verdict_outside_0_to_100_is_not_used() -> None:
    assert relevance(verdict(CHARTS, value=140), ANSWER).value is None


def test_what_the_judge_did_not_score_keeps_its_reason() -> None:
    silence = message("not_scored.no_answer")
    assert relevance(verdict(value=None, not_scored=silence), ()).reason == silence
    assert relevance(verdict(value=None), ()).reason


@pytest.mark.parametrize(
    ("quote", "named", "found"),
    [
        ("I PULLED sixty charts!", "u1", ["u1"]),
        ("its blank", "u1", ["u1"]),
        ("it’s   blank", "u1", ["u1"]),
        ("It was hard", "u1", ["u3"]),
        ("from 58 to 94 percent", "u2", ["u2", "u3"]),
        ("sixty chart", "u1", None),
        ("", "u1", None),
        ("…", "u1", None),
    ],
)
def test_a_quote_is_found_whatever_its_case_marks_and_utterance(
    quote: str, named: str, found: list[str] | None
) -> None:
    place = find(quote, named, ANSWER)
    assert (place and [one.utterance_id for one in place]) == found


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.data())
def test_any_run_of_words_of_the_answer_is_found(data: st.DataObject) -> None:
    words = [word for one in ANSWER for word in one.text.split()]
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert find(" ".join(words[start:end]), "u9", ANSWER)


def test_the_judges_own_parts_come_before_one_part_per_point() -> None:
    parts = relevance(verdict(CHARTS, PointVerdict("Result", "missed")), ANSWER).parts
    assert [(part.kind, part.about, part.points, part.out_of) for part in parts] == [
        ("key_points", "", 20, 35),
        ("point", "Own steps", 1, 1),
        ("point", "Result", 0, 1),
    ]


def test_an_answer_is_assessed_from_verdict_and_delivery_together() -> None:
    exchange = Exchange("Nurse", "What did you do?", "project", "", (KeyPoint("Own steps"),), ANSWER)
    spans = [Span(1000, 4000), Span(4200, 8000)]
    result = assess(exchange, verdict(CHARTS), spans, AnswerWindow(500, 500, 8000), False)
    assert result.scores[RELEVANCE].value == 80
    assert result.scores[CONFIDENCE].reason == message("not_scored.too_few_words_to_measure", words=17, least=20)
    assert result.delivery.start_delay_ms == 500
