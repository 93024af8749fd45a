"""Feedback in words: what went well first, then what was missing, then what to do next time.

First the sheet of facts (`AnswerFacts`), then sentences. Each names what it rests on: a quote, a count, a measurement.
No praise without a quote, no number that was not measured, and no sentence twice in one feedback.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final
from zlib import crc32

from app.assessment.feedback.advice import advice_for, kind_of, lowered
from app.assessment.feedback.better_answer import ON_THE_QUESTION, better_answer
from app.assessment.feedback.suggestions import Suggestion, suggestions_for
from app.domain.feedback import AnswerFacts, FeedbackDraft, QuestionFeedback
from app.domain.question import KeyPoint
from app.english import wording
from app.english.quotation import quotable

_STRONG: Final = 70
_MOST_STRENGTHS: Final = 3
_MOST_SUGGESTIONS: Final = 3


def write_feedback(role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft:
    """The feedback of one interview; `answers` in the order of their questions, skipped ones included."""
    used: Counter[str] = Counter()
    sheets = [suggestions_for(facts) for facts in answers]
    questions = tuple(
        QuestionFeedback(
            question_id=facts.question_id,
            went_well=_went_well(facts),
            covered=tuple(f"{point}: “{quote}”" for point, quote in facts.covered) if _counts(facts) else (),
            missed=tuple(point.text for point in facts.missed),
            better_answer=better_answer(facts),
            suggestions=tuple(_chosen(sheet, used)),
        )
        for facts, sheet in zip(answers, sheets, strict=True)
    )
    return FeedbackDraft(
        summary=_summary(role, answers),
        strengths=_strengths(answers),
        suggestions=_overall_suggestions(answers, sheets),
        questions=questions,
    )


def _counts(facts: AnswerFacts) -> bool:
    """Whether what was said was about the question at all."""
    return facts.relevance is not None and facts.relevance >= ON_THE_QUESTION


def _went_well(facts: AnswerFacts) -> tuple[str, ...]:
    if not _counts(facts):
        return ()
    said: list[str] = []
    seen: set[str] = set()
    for point, quote in facts.covered:
        shown = advice_for(KeyPoint(point)).shown
        if shown not in seen and quote not in seen:
            seen |= {shown, quote}
            said.append(f"You {shown}: “{quote}”")
    numbers = _own_numbers(facts)
    if len(numbers) >= 2:
        said.append(f"You gave figures that can be asked about: {_listed(numbers[:3])}.")
    measured = dict(facts.measurements)
    words = measured.get("words", 0)
    pace = measured.get("words_per_minute")
    if pace is not None and 110 <= pace <= 190 and words >= 40:
        said.append(f"Your pace was easy to follow, {pace:.0f} words a minute.")
    fillers = measured.get("fillers_per_100_words")
    if pace is not None and fillers is not None and fillers <= 1 and words >= 60:
        said.append(f"You spoke almost without fillers: {measured['fillers']:.0f} in {words:.0f} words.")
    if not said:
        said.append(f"You stayed with the question: “{_nearest_clause(facts)}”")
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


def _chosen(sheet: Sequence[Suggestion], used: Counter[str]) -> list[str]:
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


def _strengths(answers: tuple[AnswerFacts, ...]) -> tuple[str, ...]:
    """The best things that were shown, from the best answers, each another sort of thing."""
    ranked = sorted(enumerate(answers, start=1), key=lambda item: -(item[1].relevance or 0))
    said: list[str] = []
    seen: set[str] = set()
    for wanted in (1, _MOST_STRENGTHS):
        for number, facts in ranked:
            own = 0
            for point, quote in facts.covered if _counts(facts) else ():
                shown = advice_for(KeyPoint(point)).shown
                if shown in seen or own >= wanted or len(said) >= _MOST_STRENGTHS or quote in seen:
                    continue
                if any(f"question {number} " in one for one in said) and wanted == 1:
                    continue
                seen |= {shown, quote}
                own += 1
                said.append(f"In question {number} you {shown}: “{quote}”")
    if not said:
        steady = [facts for facts in answers if (facts.confidence or 0) >= _STRONG]
        if steady:
            said.append(f"Your delivery was steady in {_n(len(steady), 'answer')}: few fillers, few hedges.")
    return tuple(said)


def _overall_suggestions(answers: tuple[AnswerFacts, ...], sheets: Sequence[Sequence[Suggestion]]) -> tuple[str, ...]:
    """What would help in most answers, with how many it concerns; at most three."""
    weight: Counter[str] = Counter()
    where: dict[str, list[int]] = {}
    first: dict[str, Suggestion] = {}
    for number, sheet in enumerate(sheets, start=1):
        for one in sheet:
            if not one.general:
                continue
            weight[one.rule] += one.weight
            where.setdefault(one.rule, []).append(number)
            first.setdefault(one.rule, one)
    result = []
    for rule, _ in weight.most_common(_MOST_SUGGESTIONS):
        numbers = where[rule]
        place = "question " + _listed([str(number) for number in numbers])
        if len(numbers) > 1:
            place = "questions " + _listed([str(number) for number in numbers])
        result.append(f"{rule} ({place}): next time, {first[rule].next_time}.")
    return tuple(result)


def _summary(role: str, answers: tuple[AnswerFacts, ...]) -> str:
    """Two to four honest sentences."""
    scored = [(number, facts) for number, facts in enumerate(answers, start=1) if facts.relevance is not None]
    total = len(answers)
    if not total:
        return "No question was asked, so there is nothing to say about it yet."
    if not scored:
        nothing = "The question you were asked got no" if total == 1 else f"None of the {total} questions got an"
        return (
            f"{nothing} answer that could be scored, so nothing is judged yet. "
            "That happens, and it costs nothing here: take the question you like best and give it three sentences."
        )
    named = role.strip() if len(role) <= 60 and quotable(role.strip()) else ""
    sentences = []
    left_out = total - len(scored)
    counted = {1: "the one question", 2: "both questions"}.get(total, f"all {total} questions")
    if left_out:
        counted = f"{len(scored)} of the {total} questions"
    sentences.append(f"In this {named} interview you answered {counted} you were asked.".replace("  ", " "))
    best_number, best = max(scored, key=lambda item: item[1].relevance or 0)
    good = [number for number, facts in scored if (facts.relevance or 0) >= _STRONG]
    if (best.relevance or 0) < ON_THE_QUESTION:
        sentences.append("What you said hardly touched the questions, so read each one twice before you start.")
    else:
        reason = f", where you {advice_for(KeyPoint(best.covered[0][0])).shown}" if best.covered else ""
        strongest = _pick(
            best.question_id,
            f"The strongest answer was to question {best_number}{reason} (Relevance {best.relevance}).",
            f"Question {best_number} went best{reason} (Relevance {best.relevance}).",
        )
        sentences.append(strongest)
    lack = Counter(kind_of(point) for _, facts in scored for point in facts.missed)
    by_kind = {kind_of(point): point for _, facts in scored for point in facts.missed}
    if lack:
        kind, count = lack.most_common(1)[0]
        rule = lowered(advice_for(by_kind[kind]).rule)
        if len(good) == len(scored):
            sentences.append(f"To go further: {rule}.")
        else:
            sentences.append(f"What would help most is to {rule}; it was missing in {_n(count, 'answer')}.")
    if left_out:
        sentences.append(
            f"{_n(left_out, 'question')} {'was not scored and does' if left_out == 1 else 'were not scored and do'} "
            "not count against you."
        )
    return " ".join(sentences)


def _pick(seed: str, *variants: str) -> str:
    return variants[crc32(seed.encode()) % len(variants)]


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _n(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
