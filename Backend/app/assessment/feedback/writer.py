"""Feedback in words: what went well first, then what was missing, then what to do next time.

First the sheet of facts (`AnswerFacts`), then sentences. Each names what it rests on: a quote, a count, a measurement.
No praise without a quote, no number that was not measured, and no sentence twice in one feedback.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final
from zlib import crc32

from app.assessment.feedback.advice import advice_for, kind_of
from app.assessment.feedback.better_answer import ON_THE_QUESTION, better_answer
from app.assessment.feedback.suggestions import Suggestion, suggestions_for
from app.domain.feedback import AnswerFacts, FeedbackDraft, QuestionFeedback
from app.domain.message import Message, Param, message
from app.domain.question import KeyPoint
from app.english import wording
from app.english.quotation import quotable

_STRONG: Final = 70
_MOST_STRENGTHS: Final = 3
_MOST_SUGGESTIONS: Final = 3


def write_feedback(role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
    """The feedback of one interview; `answers` in the order of their questions, skipped ones included."""
    used: Counter[Message] = Counter()
    sheets = [suggestions_for(facts) for facts in answers]
    questions = tuple(
        QuestionFeedback(
            question_id=facts.question_id,
            went_well=_went_well(facts),
            covered=_covered(facts) if _counts(facts) else (),
            missed=tuple(point.text for point in facts.missed),
            better_answer=better_answer(facts),
            suggestions=tuple(_chosen(sheet, used)),
        )
        for facts, sheet in zip(answers, sheets, strict=True)
    )
    return FeedbackDraft(
        summary=_summary(role, answers),
        strengths=_strengths(answers),
        suggestions=_overall_suggestions(sheets),
        questions=questions,
    )


def _counts(facts: AnswerFacts) -> bool:
    """Whether what was said was about the question at all."""
    return facts.relevance is not None and facts.relevance >= ON_THE_QUESTION


def _covered(facts: AnswerFacts) -> tuple[Message, ...]:
    return tuple(message("feedback.covered", point=point, quote=quote) for point, quote in facts.covered)


def _went_well(facts: AnswerFacts) -> tuple[Message, ...]:
    if not _counts(facts):
        return ()
    said: list[Message] = []
    seen: set[Message | str] = set()
    for point, quote in facts.covered:
        shown = advice_for(KeyPoint(point)).shown
        if shown not in seen and quote not in seen:
            seen |= {shown, quote}
            said.append(message("feedback.showed", shown=shown, quote=quote))
    numbers = _own_numbers(facts)
    if len(numbers) >= 2:
        said.append(message("feedback.figures", figures=tuple(numbers[:3])))
    measured = dict(facts.measurements)
    words = measured.get("words", 0)
    pace = measured.get("words_per_minute")
    if pace is not None and 110 <= pace <= 190 and words >= 40:
        said.append(message("feedback.pace", pace=pace))
    fillers = measured.get("fillers_per_100_words")
    if pace is not None and fillers is not None and fillers <= 1 and words >= 60:
        said.append(message("feedback.few_fillers", fillers=measured["fillers"], words=words))
    if not said:
        said.append(message("feedback.stayed", quote=_nearest_clause(facts)))
    return tuple(said[:3])


def _nearest_clause(facts: AnswerFacts) -> str:
    asked = wording.content_stems(facts.question) | wording.content_stems(facts.grounding)
    pieces = wording.pieces_of(facts.answer) or [facts.answer]
    best = max(pieces, key=lambda text: (len(wording.content_stems(text) & asked), len(wording.words(text)) <= 25))
    return " ".join(best.split()[:30])


def _own_numbers(facts: AnswerFacts) -> list[str]:
    asked = {number.lower() for number in wording.numbers(facts.question)}
    found = dict.fromkeys(number for number in wording.numbers(facts.answer) if number.lower() not in asked)
    return [number for number in found if any(char.isdigit() for char in number) or len(number.split()) > 1]


def _chosen(sheet: Sequence[Suggestion], used: Counter[Message]) -> list[Message]:
    """Two or three: what was said least in this feedback first, then by weight; never the same words twice."""
    ranked = sorted(sheet, key=lambda one: (used[one.rule], -one.weight))
    chosen = sorted(ranked[:3], key=lambda one: -one.weight)
    # A third only where it matters; two that are followed beat three that are read.
    if len(chosen) == 3 and chosen[2].weight < 40:
        chosen = chosen[:2]
    said = []
    for one in chosen:
        said.append(one.worded(used[one.rule]))
        used[one.rule] += 1
    return said


def _strengths(answers: tuple[AnswerFacts, ...]) -> tuple[Message, ...]:
    """The best things that were shown, from the best answers, each another sort of thing."""
    ranked = sorted(enumerate(answers, start=1), key=lambda item: -(item[1].relevance or 0))
    said: list[Message] = []
    seen: set[Message | str] = set()
    named: set[int] = set()
    for wanted in (1, _MOST_STRENGTHS):
        for number, facts in ranked:
            own = 0
            for point, quote in facts.covered if _counts(facts) else ():
                shown = advice_for(KeyPoint(point)).shown
                if shown in seen or own >= wanted or len(said) >= _MOST_STRENGTHS or quote in seen:
                    continue
                if number in named and wanted == 1:
                    continue
                seen |= {shown, quote}
                named.add(number)
                own += 1
                said.append(message("feedback.strength", number=number, shown=shown, quote=quote))
    if not said:
        steady = [facts for facts in answers if (facts.confidence or 0) >= _STRONG]
        if steady:
            said.append(message("feedback.steady", answers=len(steady)))
    return tuple(said)


def _overall_suggestions(sheets: Sequence[Sequence[Suggestion]]) -> tuple[Message, ...]:
    """What would help in most answers, with how many it concerns; at most three."""
    weight: Counter[Message] = Counter()
    where: dict[Message, list[int]] = {}
    first: dict[Message, Suggestion] = {}
    for number, sheet in enumerate(sheets, start=1):
        for one in sheet:
            if not one.general:
                continue
            weight[one.rule] += one.weight
            where.setdefault(one.rule, []).append(number)
            first.setdefault(one.rule, one)
    return tuple(
        message(
            "feedback.overall_suggestion",
            rule=rule,
            questions=tuple(str(number) for number in where[rule]),
            count=len(where[rule]),
            next_time=first[rule].next_time,
        )
        for rule, _ in weight.most_common(_MOST_SUGGESTIONS)
    )


def _summary(role: str, answers: tuple[AnswerFacts, ...]) -> tuple[Message, ...]:
    """Two to four honest sentences."""
    scored = [(number, facts) for number, facts in enumerate(answers, start=1) if facts.relevance is not None]
    total = len(answers)
    if not total:
        return (message("summary.nothing_asked"),)
    if not scored:
        return (message("summary.nothing_scored", total=total),)
    left_out = total - len(scored)
    named = role.strip() if len(role) <= 60 and quotable(role.strip()) else ""
    place = {"named": "yes" if named else "no", "role": named}
    sentences = [
        message("summary.answered_some", scored=len(scored), total=total, **place)
        if left_out
        else message("summary.answered_all", total=total, **place)
    ]
    best_number, best = max(scored, key=lambda item: item[1].relevance or 0)
    good = [number for number, facts in scored if (facts.relevance or 0) >= _STRONG]
    if (best.relevance or 0) < ON_THE_QUESTION:
        sentences.append(message("summary.off_the_question"))
    else:
        sentences.append(_strongest(best_number, best))
    lack = Counter(kind_of(point) for _, facts in scored for point in facts.missed)
    by_kind = {kind_of(point): point for _, facts in scored for point in facts.missed}
    if lack:
        kind, count = lack.most_common(1)[0]
        rule = advice_for(by_kind[kind]).rule
        if len(good) == len(scored):
            sentences.append(message("summary.go_further", rule=rule))
        else:
            sentences.append(message("summary.help_most", rule=rule, answers=count))
    if left_out:
        sentences.append(message("summary.not_counted", count=left_out))
    return tuple(sentences)


def _strongest(number: int, best: AnswerFacts) -> Message:
    shown: dict[str, Param] = {"where": "no"}
    if best.covered:
        shown = {"where": "yes", "shown": advice_for(KeyPoint(best.covered[0][0])).shown}
    # One of the two ways to say it, the same each time.
    code = ("summary.strongest", "summary.went_best")[crc32(best.question_id.encode()) % 2]
    label = message("score.relevance.label")
    return message(code, number=number, score=label, value=best.relevance or 0, **shown)
