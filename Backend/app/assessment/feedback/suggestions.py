"""What to do next time, question by question: rule → evidence → the one thing to try.

Every rule fires on something counted or quoted, and says it. Thresholds are those of the confidence score
(`assessment.confidence`), set a little wider, so that nobody is told off for what cost them nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.assessment.feedback.advice import advice_for
from app.assessment.feedback.better_answer import ON_THE_QUESTION, cleaned
from app.domain.feedback import AnswerFacts
from app.domain.message import Message, Param, message
from app.english import wording

_NEXT_TIME: Final = (
    "next_time.plain",
    "next_time.try_again",
    "next_time.next_run",
    "next_time.here_too",
    "next_time.once_more",
)
_LONG_PAUSE_S: Final = 4.0
_FILLERS_PER_100: Final = 4.0
_HEDGES_PER_100: Final = 2.5
_FAST, _SLOW = 195, 95
# A story about a conflict or a motive is not better for a number.
_COUNTABLE: Final = ("project", "decision", "skill")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`general` ones may stand for the whole interview too. `weight` 0-100: how much it would change."""

    rule: Message
    evidence: Message
    next_time: Message
    weight: int
    general: bool = True

    def worded(self, times: int) -> Message:
        """The whole sentence; said again in the same feedback, it begins another way."""
        next_time = message(_NEXT_TIME[times % len(_NEXT_TIME)], what=self.next_time)
        return message("feedback.suggestion", rule=self.rule, evidence=self.evidence, next_time=next_time)


def _suggestion(name: str, weight: int, *, general: bool = True, **evidence: Param) -> Suggestion:
    """`evidence`: what the evidence names; `name` as in the catalogue, under `suggestion.`."""
    return Suggestion(
        message(f"suggestion.{name}.rule"),
        message(f"suggestion.{name}.evidence", **evidence),
        message(f"suggestion.{name}.next_time"),
        weight,
        general,
    )


def suggestions_for(facts: AnswerFacts) -> list[Suggestion]:
    """At least two, heaviest first."""
    measured = dict(facts.measurements)
    words = int(measured.get("words", len(wording.words(facts.answer))))
    if words == 0:
        return _for_silence(facts)
    found: list[Suggestion] = []
    if facts.relevance is not None and facts.relevance < ON_THE_QUESTION:
        found.append(_suggestion("on_the_question", 95, answer=_short(facts.answer)))
    found += _for_missed(facts)
    found += _for_words(facts, words)
    found += _for_delivery(measured, words)
    found.sort(key=lambda one: -one.weight)
    return found if len(found) >= 2 else found + _for_a_full_answer(facts, words)[: 3 - len(found)]


def _for_silence(facts: AnswerFacts) -> list[Suggestion]:
    first = facts.missed[0].follow_up if facts.missed else ""
    asks = message("suggestion.story.next_time", asks="yes" if first else "no", first=first)
    story = replace(_suggestion("story", 60, general=False), next_time=asks)
    return [story, _suggestion("let_me_think", 50)]


def _for_missed(facts: AnswerFacts) -> list[Suggestion]:
    result = []
    end = _last_clause(facts.answer)
    off_the_question = facts.relevance is not None and facts.relevance < ON_THE_QUESTION
    for place, point in enumerate(facts.missed[:3]):
        advice = advice_for(point)
        ended = place == 0 and bool(end) and not off_the_question
        evidence = message("suggestion.missed.evidence", ended="yes" if ended else "no", end=end if ended else "")
        result.append(Suggestion(advice.rule, evidence, advice.next_time, 80 - 12 * place))
    return result


def _for_words(facts: AnswerFacts, words: int) -> list[Suggestion]:
    result = []
    on_the_question = facts.relevance is not None and facts.relevance >= ON_THE_QUESTION
    if on_the_question and facts.kind in _COUNTABLE and not wording.numbers(facts.answer):
        own = next((number for number in wording.numbers(facts.grounding) if len(number) > 1), "")
        result.append(_suggestion("number", 70, words=words, resume="yes" if own else "no", number=own))
    shared = len(wording.WE.findall(facts.answer))
    acts = wording.own_actions(facts.answer)
    if shared >= 3 and acts <= 1:
        result.append(_suggestion("we", 72, shared=shared, own=acts))
    if words < 40 and facts.missed:
        result.append(_suggestion("longer", 66, words=words))
    elif words > 280:
        result.append(_suggestion("shorter", 55, words=words))
    return result


def _for_delivery(measured: dict[str, float], words: int) -> list[Suggestion]:
    result = []
    fillers = measured.get("fillers_per_100_words", 0.0)
    if fillers > _FILLERS_PER_100 and words >= 20:
        weight = min(75, 40 + int(3 * fillers))
        result.append(_suggestion("fillers", weight, fillers=measured["fillers"], words=words, rate=fillers))
    hedges = measured.get("hedges_per_100_words", 0.0)
    if hedges > _HEDGES_PER_100 and measured.get("hedges", 0) >= 2:
        weight = min(70, 38 + int(4 * hedges))
        result.append(_suggestion("hedges", weight, hedges=measured["hedges"], words=words))
    pace = measured.get("words_per_minute")
    if pace is not None and words >= 30 and (pace > _FAST or pace < _SLOW):
        result.append(_suggestion("slower" if pace > _FAST else "faster", 45, pace=pace))
    longest = measured.get("longest_pause_s", 0.0)
    if longest >= _LONG_PAUSE_S:
        result.append(_suggestion("announce", 42, seconds=longest))
    return result


def _for_a_full_answer(facts: AnswerFacts, words: int) -> list[Suggestion]:
    """An answer without a fault: how to make it hold under the next question."""
    result = []
    numbers = wording.numbers(facts.answer)
    if numbers:
        result.append(_suggestion("source", 35, general=False, number=numbers[-1]))
    result.append(_suggestion("result_first", 30, general=False, words=words))
    result.append(_suggestion("short_version", 28, general=False, words=words))
    return result


def _last_clause(answer: str) -> str:
    pieces = wording.pieces_of(answer)
    return _short(cleaned(pieces[-1]).rstrip(".")) if pieces and cleaned(pieces[-1]) else ""


def _short(text: str) -> str:
    parts = text.split()
    return " ".join(parts) if len(parts) <= 14 else " ".join(parts[:14]) + " …"
