"""What to do next time, question by question: rule → evidence → the one thing to try.

Every rule fires on something counted or quoted, and says it. Thresholds are those of the confidence score
(`assessment.confidence`), set a little wider, so that nobody is told off for what cost them nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.assessment.feedback.advice import advice_for
from app.assessment.feedback.better_answer import ON_THE_QUESTION, cleaned
from app.domain.feedback import AnswerFacts
from app.english import wording

_NEXT_TIME: Final = (
    "Next time, {what}.",
    "When you try again, {what}.",
    "In your next run, {what}.",
    "Here too, {what}.",
    "Once more: {what}.",
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

    rule: str
    evidence: str
    next_time: str
    weight: int
    general: bool = True

    def worded(self, times: int) -> str:
        """The whole sentence; said again in the same feedback, it begins another way."""
        return f"{self.rule}. {self.evidence} {_NEXT_TIME[times % len(_NEXT_TIME)].format(what=self.next_time)}"


def suggestions_for(facts: AnswerFacts) -> list[Suggestion]:
    """At least two, heaviest first."""
    measured = dict(facts.measurements)
    words = int(measured.get("words", len(wording.words(facts.answer))))
    if words == 0:
        return _for_silence(facts)
    found: list[Suggestion] = []
    if facts.relevance is not None and facts.relevance < ON_THE_QUESTION:
        found.append(
            Suggestion(
                "Answer the question that was asked",
                f"Little of “{_short(facts.answer)}” was about it.",
                "begin with one word or name from the question, then tell one case",
                95,
            )
        )
    found += _for_missed(facts)
    found += _for_words(facts, words)
    found += _for_delivery(measured, words)
    found.sort(key=lambda one: -one.weight)
    return found if len(found) >= 2 else found + _for_a_full_answer(facts, words)[: 3 - len(found)]


def _for_silence(facts: AnswerFacts) -> list[Suggestion]:
    first = facts.missed[0].follow_up if facts.missed and facts.missed[0].follow_up else ""
    result = [
        Suggestion(
            "Have one story ready for this question",
            "There was no answer to score, and that is no verdict on you.",
            f"take one minute and answer just this: {first.rstrip('?')}?"
            if first
            else "say three sentences about one case",
            60,
            general=False,
        )
    ]
    # A question ends its own sentence.
    if first:
        result[0] = Suggestion(
            result[0].rule,
            result[0].evidence,
            f"take one minute for a smaller question first: “{first}”",
            60,
            general=False,
        )
    result.append(
        Suggestion(
            "Use “let me think”",
            "Nothing was said before the question ended.",
            "say that you need a moment; the time is yours and costs nothing",
            50,
        )
    )
    return result


def _for_missed(facts: AnswerFacts) -> list[Suggestion]:
    result = []
    end = _last_clause(facts.answer)
    for place, point in enumerate(facts.missed[:3]):
        advice = advice_for(point)
        evidence = (
            f"Your answer ended at “{end}”, without it." if place == 0 and end else "It did not come up in your answer."
        )
        if facts.relevance is not None and facts.relevance < ON_THE_QUESTION:
            evidence = "It did not come up in your answer."
        result.append(Suggestion(advice.rule, evidence, advice.next_time, 80 - 12 * place))
    return result


def _for_words(facts: AnswerFacts, words: int) -> list[Suggestion]:
    result = []
    on_the_question = facts.relevance is not None and facts.relevance >= ON_THE_QUESTION
    if on_the_question and facts.kind in _COUNTABLE and not wording.numbers(facts.answer):
        own = [number for number in wording.numbers(facts.grounding) if len(number) > 1]
        evidence = f"In {words} words there was none."
        if own:
            evidence = f"In {words} words there was none, though your resume has {own[0]}."
        result.append(
            Suggestion("Put one number in", evidence, "say how many, how often or how long, even roughly", 70)
        )
    shared = len(wording.WE.findall(facts.answer))
    acts = wording.own_actions(facts.answer)
    if shared >= 3 and acts <= 1:
        result.append(
            Suggestion(
                "Step out from behind the “we”",
                f"“We” and “our” came {shared} times, something that you did {'once' if acts else 'never'}.",
                "keep “we” for the goal and “I” for your own part",
                72,
            )
        )
    if words < 40 and facts.missed:
        result.append(
            Suggestion(
                "Give it a little more room",
                f"This answer had {words} words.",
                "aim for about a minute: what was, what you did, what came of it",
                66,
            )
        )
    elif words > 280:
        result.append(
            Suggestion(
                "Say it in half the time",
                f"This answer had {words} words.",
                "stop after the result and let them ask",
                55,
            )
        )
    return result


def _for_delivery(measured: dict[str, float], words: int) -> list[Suggestion]:
    result = []
    fillers = measured.get("fillers_per_100_words", 0.0)
    if fillers > _FILLERS_PER_100 and words >= 20:
        result.append(
            Suggestion(
                "Let a short silence stand where a filler was",
                f"There were {measured['fillers']:.0f} fillers in {words} words, {fillers:.1f} per 100.",
                "close your mouth at the end of a sentence and breathe; a second of quiet sounds calm",
                min(75, 40 + int(3 * fillers)),
            )
        )
    hedges = measured.get("hedges_per_100_words", 0.0)
    if hedges > _HEDGES_PER_100 and measured.get("hedges", 0) >= 2:
        result.append(
            Suggestion(
                "State what you know without a hedge",
                f"“I think”, “maybe” and the like came {measured['hedges']:.0f} times in {words} words.",
                "keep one hedge for what you really are unsure of, and drop the others",
                min(70, 38 + int(4 * hedges)),
            )
        )
    pace = measured.get("words_per_minute")
    if pace is not None and words >= 30 and (pace > _FAST or pace < _SLOW):
        fast = pace > _FAST
        result.append(
            Suggestion(
                "Slow down a little" if fast else "Pick up the pace a little",
                f"You spoke {pace:.0f} words a minute; between 110 and 190 is easy to follow.",
                "pause after each number, so that it can land"
                if fast
                else "say the first sentence to yourself before you start",
                45,
            )
        )
    longest = measured.get("longest_pause_s", 0.0)
    if longest >= _LONG_PAUSE_S:
        result.append(
            Suggestion(
                "Announce your thinking",
                f"The longest pause in the answer was {longest:.1f} s.",
                "say “let me think for a moment”, and the pause belongs to you",
                42,
            )
        )
    return result


def _for_a_full_answer(facts: AnswerFacts, words: int) -> list[Suggestion]:
    """An answer without a fault: how to make it hold under the next question."""
    result = []
    numbers = wording.numbers(facts.answer)
    if numbers:
        result.append(
            Suggestion(
                "Be ready to be asked where the number comes from",
                f"You named {numbers[-1]}, and a careful interviewer will stop there.",
                "have one sentence ready on how it was counted",
                35,
                general=False,
            )
        )
    result.append(
        Suggestion(
            "Try opening with the result",
            f"You took {words} words and left nothing out.",
            "tell the end first and the way there second, and see which one feels stronger",
            30,
            general=False,
        )
    )
    result.append(
        Suggestion(
            "Practise the short version",
            f"This was the {words}-word version.",
            "tell it once more in thirty seconds, for the day when time is short",
            28,
            general=False,
        )
    )
    return result


def _last_clause(answer: str) -> str:
    pieces = wording.pieces_of(answer)
    return _short(cleaned(pieces[-1]).rstrip(".")) if pieces and cleaned(pieces[-1]) else ""


def _short(text: str) -> str:
    parts = text.split()
    return " ".join(parts) if len(parts) <= 14 else " ".join(parts[:14]) + " …"
