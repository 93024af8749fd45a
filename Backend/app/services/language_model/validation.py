"""What we believe of a model's answer: its shape turned into our records, held against the data it was given.

Pure. A quote, claim, number or name that the data does not hold is dropped; what then does not stand any more is
`Unusable`, with the reason in our words for one more try.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from app.domain.answer import Exchange, FollowUpIdea
from app.domain.feedback import AnswerFacts, FeedbackDraft, QuestionFeedback
from app.domain.message import Message, message, verbatim
from app.domain.profile import Claim, Position, ProfileDraft
from app.domain.question import Brief, KeyPoint, PlannedQuestion
from app.domain.score import ScorePart
from app.domain.verdict import PointVerdict, Verdict, Wording
from app.english.grounding import normalised, occurs, unfounded_names, unfounded_numbers
from app.services.language_model import answer_shapes

Faults = Callable[[Brief, PlannedQuestion], tuple[str, ...]]

# Parts of Relevance as the built-in judge has them, so that both may judge answers of one interview.
KEY_POINTS, ON_QUESTION, CONCRETE, OWN_ACTION = 35, 35, 15, 15
WORTH: Final = {"covered": 1.0, "partly": 0.5, "missed": 0.0}
_MOST_QUOTE_WORDS: Final = 32
_LEAST_QUOTE_WORDS: Final = 3
_LEAST_QUOTE_WORDS_FOLLOW_UP: Final = 2
_MOST_HEDGE_WORDS: Final = 5
_ON_THE_QUESTION: Final = 25
"""Relevance below which there is nothing to praise; as the built-in feedback has it."""
_LEAST_BETTER_WORDS: Final = 25
_MOST_FOLLOW_UP_WORDS: Final = 60
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
_NUMBER = re.compile(r"[€$£]?\d+(?:[.,:]\d+)*\s?%?")
_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")


class Unusable(Exception):
    """`faults`: what was wrong, in our words."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def profile_of(shape: answer_shapes.ResumeShape, text: str) -> ProfileDraft:
    """Claims, skills and employers that the resume holds. Raises Unusable when most claims are not in it."""
    held = [claim for claim in shape.claims if occurs(claim.text, text)]
    if len(held) * 2 < len(shape.claims):
        raise Unusable("most claims were not copied word by word from the resume")
    skills = tuple(dict.fromkeys(skill for skill in shape.skills if occurs(skill, text)))
    positions = tuple(
        Position(
            title=one.title if occurs(one.title, text) else "",
            organisation=one.organisation if occurs(one.organisation, text) else "",
            start=_date(one.start, text),
            end="present" if one.end.lower() == "present" else _date(one.end, text),
            kind=one.kind,
        )
        for one in shape.experience
        if occurs(one.title, text) or occurs(one.organisation, text)
    )
    if shape.looks_like_resume and not (held or positions or skills):
        raise Unusable("nothing was found in the resume")
    return ProfileDraft(
        headline="" if unfounded_numbers(shape.headline, [text]) else shape.headline,
        skills=skills,
        experience=positions,
        claims=tuple(
            Claim(
                text=claim.text,
                organisation=claim.organisation if occurs(claim.organisation, text) else "",
                title=claim.title if occurs(claim.title, text) else "",
                period=claim.period if not unfounded_numbers(claim.period, [text]) else "",
                numbers=tuple(found.strip() for found in _NUMBER.findall(claim.text)),
                skills=tuple(skill for skill in skills if occurs(skill, claim.text))[:8],
            )
            for claim in held
        ),
        years_of_experience=shape.years_of_experience,
        language=shape.language,
        looks_like_resume=shape.looks_like_resume,
    )


def questions_of(
    shape: answer_shapes.PlanShape, brief: Brief, sources: Sequence[str], faults_of: Faults
) -> tuple[list[PlannedQuestion], list[str]]:
    """The questions that hold, and what was wrong with the others, by their number."""
    good: list[PlannedQuestion] = []
    faults: list[str] = []
    for number, one in enumerate(shape.questions, start=1):
        question = PlannedQuestion(
            kind=one.kind,
            text=one.text,
            why=one.why,
            grounding=one.grounding,
            key_points=tuple(
                KeyPoint(point.text, tuple(filter(None, point.examples)), _asked(point.follow_up, sources))
                for point in one.key_points
                if point.text
            ),
            form=one.form,
        )
        wrong = list(faults_of(brief, question))
        if unfounded_numbers(question.text, sources):
            wrong.append("it holds a number that the blocks do not hold")
        if wrong:
            faults.append(f"question {number}: {'; '.join(wrong)}")
        else:
            good.append(question)
    return good, faults


def follow_up_of(shape: answer_shapes.FollowUpShape, exchange: Exchange, sources: Sequence[str]) -> FollowUpIdea | None:
    """Raises Unusable for what is no short question of this exchange."""
    if not shape.text:
        return None
    if not shape.text.endswith("?") or len(shape.text.split()) > _MOST_FOLLOW_UP_WORDS:
        raise Unusable("the follow-up was not one short question")
    if unfounded_numbers(shape.text, sources) or unfounded_names(shape.text, sources):
        raise Unusable("the follow-up held a number or name that the blocks do not hold")
    named = 1 <= shape.missing_point <= len(exchange.key_points)
    point = exchange.key_points[shape.missing_point - 1].text if named else ""
    return FollowUpIdea(shape.text, shape.reason or "The model asked for more.", point)


def verdict_of(shape: answer_shapes.VerdictShape, exchange: Exchange) -> Verdict:
    """Relevance summed up by us from verified points and the ratings; as the built-in judge sums it.

    Raises Unusable when most quotes are not the candidate's words, or a rating stands without any.
    """
    text = "\n".join(said.text for said in exchange.answer)
    points = tuple(_point(number, point, shape) for number, point in enumerate(exchange.key_points, start=1))
    shown = [point for point in points if point.level != "missed"]
    least = _LEAST_QUOTE_WORDS_FOLLOW_UP if exchange.is_follow_up else _LEAST_QUOTE_WORDS
    held = [point for point in shown if _quotable(point.quote, text, least)]
    if len(held) * 2 < len(shown):
        raise Unusable("most quotes were not copied word by word from the answer")
    quotes = [_short(quote) for quote in shape.quotes if _quotable(quote, text, least)]
    if not held and not quotes:
        if shape.on_question > 2:
            raise Unusable("the ratings came without words of the answer")
        # What does not answer the question is shown by itself: the longest thing that was said.
        quotes = [_short(max((said.text for said in exchange.answer), key=len))]

    worth = sum(WORTH[point.level] for point in held)
    on_topic = shape.on_question / 10
    because = "" if unfounded_numbers(shape.because, [text, exchange.question]) else " ".join(shape.because.split())
    parts: list[ScorePart] = []
    if points:
        share = min(1.0, worth) if exchange.is_follow_up else worth / len(points)
        covered = sum(point.level == "covered" for point in held)
        reason = message("judge.key_points", covered=covered, partly=len(held) - covered, points=len(points))
        parts.append(_part("key_points", share, KEY_POINTS, reason))
    parts.append(_part("on_the_question", on_topic, ON_QUESTION, verbatim(because)))
    parts.append(_part("concrete", shape.concrete / 10, CONCRETE, message("judge.facts")))
    if not exchange.is_follow_up:
        parts.append(_part("own_action", shape.own_action / 10, OWN_ACTION, message("judge.own_part")))
    total = sum(part.points for part in parts) / sum(part.out_of for part in parts)
    topic_factor = 0.2 + 0.8 * min(1.0, max(0.0, (on_topic - 0.1) / 0.45))
    return Verdict(
        relevance=round(100 * total * topic_factor),
        on_topic=on_topic,
        points=tuple(
            point if point.level == "missed" or point in held else replace(point, level="missed", quote="")
            for point in points
        ),
        quotes=tuple(("", quote) for quote in quotes),
        # Summed up exactly, shown in whole points.
        parts=tuple(replace(part, points=float(round(part.points))) for part in parts),
        notes=(message("judge.off_the_question", factor=topic_factor),) if topic_factor < 1 else (),
        wording=Wording(_phrases(shape.hedges, text), _phrases(shape.firm, text)),
    )


def feedback_of(shape: answer_shapes.FeedbackShape, role: str, answers: Sequence[AnswerFacts]) -> FeedbackDraft:
    """Sentences whose numbers and quotes are the interview's own; a better answer only from the person's own facts.

    A better answer that holds anything else is left empty, as are the parts of a question the model passed over.
    Raises Unusable when the summary does not stand.
    """
    sources = [role, *(line for facts in answers for line in _sheet(facts))]
    sources += [str(number) for number in range(len(answers) + 1)]

    def stands(sentence: str) -> bool:
        return bool(sentence) and not unfounded_numbers(sentence, sources) and _quotes_stand(sentence, sources)

    if not stands(shape.summary):
        raise Unusable("the summary held a number or quote that the blocks do not hold")
    by_number = {one.number: one for one in reversed(shape.questions)}
    return FeedbackDraft(
        summary=(verbatim(shape.summary),),
        strengths=tuple(map(verbatim, dict.fromkeys(filter(stands, shape.strengths)))),
        suggestions=tuple(
            map(verbatim, dict.fromkeys(one for one in shape.suggestions if one and _quotes_stand(one, sources)))
        ),
        questions=tuple(_question(by_number.get(number), facts) for number, facts in enumerate(answers, start=1)),
    )


def _question(shape: answer_shapes.QuestionFeedbackShape | None, facts: AnswerFacts) -> QuestionFeedback:
    own = _sheet(facts)
    counts = facts.relevance is not None and facts.relevance >= _ON_THE_QUESTION
    went_well: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    better = ""
    if shape is not None:
        if counts:
            went_well = tuple(
                one
                for one in shape.went_well
                if one and not unfounded_numbers(one, own) and _quotes_stand(one, [facts.answer])
            )
        suggestions = tuple(one for one in shape.suggestions if one and _quotes_stand(one, own))
        facts_alone = [facts.answer, facts.grounding, *_claims(facts)]
        if (
            facts.answer
            and len(shape.better_answer.split()) >= _LEAST_BETTER_WORDS
            and not unfounded_numbers(shape.better_answer, facts_alone)
            and not unfounded_names(shape.better_answer, facts_alone)
        ):
            better = shape.better_answer
    return QuestionFeedback(
        question_id=facts.question_id,
        went_well=tuple(map(verbatim, went_well)),
        covered=tuple(message("feedback.covered", point=point, quote=quote) for point, quote in facts.covered)
        if counts
        else (),
        missed=tuple(point.text for point in facts.missed),
        better_answer=(verbatim(better),) if better else (),
        suggestions=tuple(map(verbatim, suggestions)),
    )


def _sheet(facts: AnswerFacts) -> list[str]:
    """Everything that is known of one answer, as texts; measurements in full and rounded."""
    return [
        facts.question,
        facts.grounding,
        facts.answer,
        *(f"{point} {quote}" for point, quote in facts.covered),
        *(point.text for point in facts.missed),
        *(f"{value:g} {value:.0f} {value:.1f}" for _, value in facts.measurements),
        *(str(score) for score in facts.scores.values() if score is not None),
        *_claims(facts),
    ]


def _claims(facts: AnswerFacts) -> list[str]:
    return [f"{claim.text} {claim.organisation} {claim.title} {claim.period}" for claim in facts.claims]


def _quotes_stand(sentence: str, sources: Sequence[str]) -> bool:
    quoted = [first or second for first, second in _QUOTED.findall(sentence)]
    whole = "\n".join(sources)
    return all(occurs(piece, whole) for quote in quoted for piece in re.split(r"…|\.\.\.", quote) if normalised(piece))


def _part(kind: str, share: float, out_of: int, reason: Message) -> ScorePart:
    return ScorePart(kind, share * out_of, float(out_of), reason)


def _point(number: int, point: KeyPoint, shape: answer_shapes.VerdictShape) -> PointVerdict:
    found = next((one for one in shape.points if one.number == number), None)
    if found is None or found.level == "missed":
        return PointVerdict(point.text, "missed")
    return PointVerdict(point.text, found.level, _short(found.quote))


def _quotable(quote: str, text: str, least: int) -> bool:
    return len(normalised(quote).split()) >= least and occurs(quote, text)


def _short(quote: str) -> str:
    return " ".join(quote.split()[:_MOST_QUOTE_WORDS])


def _phrases(phrases: Sequence[str], text: str) -> tuple[str, ...]:
    """Those that are phrases, not sentences, and stand in the answer; each once."""
    return tuple(
        {
            normalised(phrase): phrase
            for phrase in phrases
            if len(phrase.split()) <= _MOST_HEDGE_WORDS and occurs(phrase, text)
        }.values()
    )


def _asked(follow_up: str, sources: Sequence[str]) -> str:
    return follow_up if follow_up.endswith("?") and not unfounded_numbers(follow_up, sources) else ""


def _date(value: str, text: str) -> str:
    return value if _DATE.fullmatch(value) and value[:4] in text else ""
