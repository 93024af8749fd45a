"""The built-in judge: was the question answered, and what of a good answer was shown?

Relevance, 0-100, is made of four parts that are stated in the verdict:

    Key points 35    covered 1, partly ½, of the points that a good answer shows (see `_point`)
    On the question 35    how near the answer is to the question, see `_on_topic`
    Concrete 15    quantities and names that the question did not hold, and content words
    Own action 15    "I did", not only "we" or "one does"

and then taken down for what a sum cannot see: times 0.2 to 1 for an answer that is off the question, and times 0 to
1 for the share that is refusal or phrase ("I'd rather not say"). What only says the question back, and text that
orders a machine about, is not read as an answer at all. The answer to a follow-up is held to one point, to less
length, and not to own action.

A band never comes from cosine alone, which is blind to evasion and contradiction: a covered point also needs the
shape of what was asked (`point_cues`) or its words, and something concrete. What it cannot do: see whether a claim
is true, or catch a contradiction that no negation shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from app.assessment.point_cues import OWN, asks_for_number, shows, sorts_of
from app.domain.answer import Exchange
from app.domain.message import Message, message
from app.domain.question import KeyPoint
from app.domain.score import ScorePart
from app.domain.verdict import PointVerdict, Verdict
from app.english import wording
from app.english.embeddings import Vectors, embed
from app.english.quotation import is_order
from app.errors import ProviderError

# Under eight words there is not one whole clause with a fact in it; any number would be a guess.
MIN_WORDS: Final = 8
# "It fell by a third" answers a follow-up in full.
MIN_WORDS_FOLLOW_UP: Final = 4
# An answer is looked at in at most this many pieces: about 500 words, half a second.
_MAX_PIECES: Final = 60
_MAX_QUOTE_WORDS: Final = 32

_KEY_POINTS, _ON_QUESTION, _CONCRETE, _OWN = 35, 35, 15, 15


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clause or sentence that counts as part of the answer."""

    clause: wording.Clause
    stems: frozenset[str]
    new_numbers: int
    own_actions: int
    concrete: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """The answer, read once."""

    pieces: tuple[_Piece, ...]
    vectors: Vectors
    words: int
    refused_share: float
    repeated_share: float
    hostile: bool


def judge(exchange: Exchange) -> Verdict:
    """Judges one answer. Never raises: what cannot be judged is not scored, with the reason."""
    text = " ".join(said.text for said in exchange.answer).strip()
    count = len(wording.words(text))
    if count == 0:
        return _not_scored(exchange, message("not_scored.no_answer"))
    least = MIN_WORDS_FOLLOW_UP if exchange.is_follow_up else MIN_WORDS
    if count < least:
        if wording.NON_ANSWER.search(wording.plain(text)):
            return _not_scored(exchange, message("not_scored.passed"))
        return _not_scored(exchange, message("not_scored.too_few_words", words=count, least=least))
    try:
        return _judged(exchange, text)
    except ProviderError:
        # Words in common alone cannot tell a good answer from a parroted question: no guess.
        return _not_scored(exchange, message("not_scored.no_language_data"))


def _judged(exchange: Exchange, text: str) -> Verdict:
    if not wording.is_readable(text):
        return _worth_nothing(exchange, message("judge.unreadable"))
    question_stems = wording.content_stems(exchange.question)
    reading = _read(exchange, question_stems)
    if not reading.pieces:
        return _worth_nothing(exchange, _why_nothing(reading))

    question = embed([exchange.question])[0]
    on_topic = _on_topic(exchange, reading, question, question_stems)
    used: set[str] = set()
    points = tuple(_point(point, reading, question_stems, used) for point in exchange.key_points)
    if exchange.is_follow_up and on_topic > 0.15 and any(point.level == "covered" for point in points):
        # Half a sentence that gives what was asked for is on the question, though its words are near to nothing.
        on_topic = max(on_topic, 0.6)
    worth = {"covered": 1.0, "partly": 0.5, "missed": 0.0}
    shown = sum(worth[point.level] for point in points)
    # A follow-up asks for one thing: one point shown is all it can show.
    coverage = None if not points else min(1.0, shown) if exchange.is_follow_up else shown / len(points)
    concrete, concrete_reason = _concreteness(reading, exchange.is_follow_up)

    parts: list[ScorePart] = []
    if coverage is not None:
        covered = sum(point.level == "covered" for point in points)
        partly = sum(point.level == "partly" for point in points)
        reason = message("judge.key_points", covered=covered, partly=partly, points=len(points))
        parts.append(_part("key_points", coverage, _KEY_POINTS, reason))
    about = message("judge.on_the_question", much=_how_much(on_topic))
    parts.append(_part("on_the_question", on_topic, _ON_QUESTION, about))
    parts.append(_part("concrete", concrete, _CONCRETE, concrete_reason))
    if not exchange.is_follow_up:
        own, own_reason = _ownness(reading)
        parts.append(_part("own_action", own, _OWN, own_reason))

    total = sum(part.points for part in parts) / sum(part.out_of for part in parts)
    topic_factor = 0.2 + 0.8 * _ramp(on_topic, 0.1, 0.55)
    refusal_factor = 1 - min(1.0, 1.6 * max(0.0, reading.refused_share - 0.08))
    repeat_factor = 1 - _ramp(reading.repeated_share, 0.3, 0.8)
    relevance = round(100 * total * topic_factor * refusal_factor * repeat_factor)
    notes: list[Message] = []
    if topic_factor < 1:
        notes.append(message("judge.off_the_question", factor=topic_factor))
    if refusal_factor < 1:
        notes.append(message("judge.partly_passed_on", factor=refusal_factor))
    if repeat_factor < 1:
        notes.append(message("judge.partly_said_back", factor=repeat_factor))
    return Verdict(
        relevance=min(100, max(0, relevance)),
        on_topic=round(on_topic, 3),
        points=points,
        quotes=_nearest(reading, question),
        # Summed up exactly, shown in whole points.
        parts=tuple(replace(part, points=float(round(part.points))) for part in parts),
        notes=tuple(notes),
    )


def _part(kind: str, share: float, out_of: int, reason: Message) -> ScorePart:
    return ScorePart(kind, share * out_of, float(out_of), reason)


def _read(exchange: Exchange, question_stems: frozenset[str]) -> _Reading:
    """Splits the answer and sets aside what is no answer: the question said back, refusals, orders to a machine."""
    question_numbers = {number.lower() for number in wording.numbers(exchange.question)}
    pieces: list[_Piece] = []
    refused = repeated = total = 0
    hostile = False
    for clause in wording.clauses(exchange.answer, limit=_MAX_PIECES):
        plain = wording.plain(clause.text)
        total += clause.words
        stems = wording.content_stems(clause.text)
        if is_order(plain):
            hostile = True
        elif wording.NON_ANSWER.search(plain):
            refused += clause.words
        elif _says_back(plain, exchange.question):
            repeated += clause.words
        else:
            fresh = [number for number in wording.numbers(clause.text) if number.lower() not in question_numbers]
            acts = wording.own_actions(plain)
            if not acts and pieces and wording.goes_on_acting(plain, pieces[-1].clause.text):
                acts = 1
            concrete = bool(fresh) or acts > 0 or bool(wording.NAME.search(clause.text))
            if not concrete:
                concrete = len(stems - question_stems) >= 3 and not wording.GENERAL.search(plain)
            pieces.append(_Piece(clause, stems, len(fresh), acts, concrete))
    vectors = embed([piece.clause.text for piece in pieces])
    return _Reading(tuple(pieces), vectors, total, refused / max(total, 1), repeated / max(total, 1), hostile)


def _says_back(text: str, question: str) -> bool:
    """Whether the words stand in the question in this order: 60 % of the clause's word pairs do."""
    asked = [word.lower() for word in wording.words(question)]
    said = [word.lower() for word in wording.words(text)]
    pairs = set(pairwise(asked))
    own = list(pairwise(said))
    return bool(own) and sum(pair in pairs for pair in own) >= 0.6 * len(own)


def _on_topic(exchange: Exchange, reading: _Reading, question: Vectors, question_stems: frozenset[str]) -> float:
    """0-1: how near the answer is to the question, and to the role with what the question is grounded in.

    The whole answer counts most: a good story shares few words with its question, and its single clauses are further
    from it than a phrase that repeats the question's noun. On our own 16 questions the AUC of an answer to this
    question against those to another is .997 (whole answer alone .995, nearest clause .964, words .913).
    0.14 lies near the median of good answers to another question (.16), 0.42 near that of answers to this one (.44).
    """
    texts = [piece.clause.text for piece in reading.pieces]
    whole = embed(_stretches(texts, 80))
    parts = embed(_stretches(texts, 12))
    asked = question_stems | wording.content_stems(exchange.grounding)
    said = frozenset(stem for piece in reading.pieces for stem in piece.stems)
    recall = len(asked & said) / max(len(asked), 1)
    near = (
        0.4 * float((whole @ question).max())
        + 0.3 * float((whole @ embed([context_of(exchange)])[0]).max())
        + 0.2 * float((parts @ question).max())
        + 0.1 * recall
    )
    # "It fell by a third" is a full answer to a follow-up and near to hardly anything.
    return _ramp(near, 0.06, 0.26) if exchange.is_follow_up else _ramp(near, 0.14, 0.42)


def _stretches(texts: Sequence[str], at_least: int) -> list[str]:
    """Neighbouring pieces joined until each stretch has `at_least` words; a short rest joins the last one."""
    result: list[str] = []
    open_words = 0
    for text in texts:
        if result and (open_words < at_least):
            result[-1] = f"{result[-1]}, {text}"
            open_words += len(wording.words(text))
        else:
            result.append(text)
            open_words = len(wording.words(text))
    if len(result) > 1 and open_words < at_least / 2:
        last = result.pop()
        result[-1] = f"{result[-1]}, {last}"
    return result


def _point(point: KeyPoint, reading: _Reading, question_stems: frozenset[str], used: set[str]) -> PointVerdict:
    """The band of one key point, with the clause that shows it.

    Strength of a clause: cosine to the nearest example, + 0.2 for the shape asked for, + 0.25 × the share of the
    example's content words in it, - 0.1 if it shows another point already (`used`, added to). Partly from 0.36;
    covered from 0.46, if the clause is concrete and has the shape or a quarter of the words. Whoever says "I did" of
    two or three things has named own steps, whatever they were.
    """
    examples = point.examples or (point.text,)
    similar = reading.vectors @ embed(list(examples)).T
    sorts = sorts_of(point)
    wants_number = asks_for_number(point)
    acts = [piece.own_actions for piece in reading.pieces]
    best: tuple[int, float, wording.Clause] | None = None
    for index, piece in enumerate(reading.pieces):
        text = wording.plain(piece.clause.text)
        nearest = int(similar[index].argmax())
        # An example may name the candidate's own fact, as the question does: those words show nothing.
        example_stems = wording.content_stems(examples[nearest]) - question_stems
        lexical = len(piece.stems & example_stems) / max(len(example_stems), 3)
        own = OWN in sorts and acts[index] > 0
        cue = own or any(shows(sort, text) for sort in sorts)
        strength = float(similar[index, nearest]) + 0.2 * cue + 0.25 * lexical
        strength -= 0.1 * (piece.clause.text in used)
        several = own and sum(acts) >= 2
        if (strength < 0.36 and not several) or not (cue or lexical):
            continue
        level = 1
        if piece.concrete and (cue or lexical >= 0.25) and (strength >= 0.46 or (several and sum(acts) >= 3)):
            level = 2
        if wants_number and not piece.new_numbers:
            level = 1
        denied = wording.NEGATION.search(text) and not wording.NEGATION.search(examples[nearest])
        if denied and not any(sort.may_deny for sort in sorts):
            level -= 1
        if level and (best is None or (level, strength) > best[:2]):
            best = (level, strength, piece.clause)
    if best is None:
        return PointVerdict(point.text, "missed")
    used.add(best[2].text)
    level_word: Literal["covered", "partly"] = "covered" if best[0] == 2 else "partly"
    return PointVerdict(point.text, level_word, _shortened(best[2].text), best[2].utterance_id)


def _concreteness(reading: _Reading, is_follow_up: bool) -> tuple[float, Message]:
    quantities = sum(piece.new_numbers for piece in reading.pieces)
    names = len({name for piece in reading.pieces for name in wording.NAME.findall(piece.clause.text)})
    content = len({stem for piece in reading.pieces for stem in piece.stems})
    # The answer to a follow-up is about a third as long: one quantity or a dozen content words will do.
    wanted, few, many = (1, 3, 14) if is_follow_up else (3, 10, 40)
    share = 0.45 * min(1.0, quantities / wanted) + 0.1 * min(1, names) + 0.45 * _ramp(content, few, many)
    return share, message("judge.concrete", quantities=quantities, names=names, content=content)


def _ownness(reading: _Reading) -> tuple[float, Message]:
    acts = sum(piece.own_actions for piece in reading.pieces)
    shared = sum(len(wording.WE.findall(piece.clause.text)) for piece in reading.pieces)
    return (0.0, 0.5, 0.8, 1.0)[min(acts, 3)], message("judge.own_action", own=acts, shared=shared)


def _nearest(reading: _Reading, question: Vectors) -> tuple[tuple[str, str], ...]:
    """The piece closest to the question: what "on the question" rests on, however little that is."""
    clause = reading.pieces[int((reading.vectors @ question).argmax())].clause
    return ((clause.utterance_id, _shortened(clause.text)),)


def _closest(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """The longest piece, for an answer in which nothing can be compared."""
    clause = max(wording.clauses(exchange.answer, limit=_MAX_PIECES), key=lambda one: one.words)
    return ((clause.utterance_id, _shortened(clause.text)),)


def _why_nothing(reading: _Reading) -> Message:
    """Of an answer that holds nothing but what is no answer."""
    if reading.hostile:
        return message("judge.to_a_machine")
    if reading.refused_share > reading.repeated_share:
        return message("judge.passed_on")
    return message("judge.said_back") if reading.repeated_share else message("judge.unreadable")


def _worth_nothing(exchange: Exchange, why: Message) -> Verdict:
    return Verdict(0, 0.0, _all_missed(exchange), quotes=_closest(exchange), notes=(why,))


def _not_scored(exchange: Exchange, reason: Message) -> Verdict:
    return Verdict(None, 0.0, _all_missed(exchange), not_scored=reason)


def _all_missed(exchange: Exchange) -> tuple[PointVerdict, ...]:
    return tuple(PointVerdict(point.text, "missed") for point in exchange.key_points)


def _shortened(text: str) -> str:
    """Verbatim, at most 32 words cut behind a whole one, without the "and" that tied it to the clause before."""
    tie = re.match(r"(?:(?:and|but|so|then)\s+)+(?=\S+\s+\S+\s+\S)", text, re.IGNORECASE)
    text = text[tie.end() :] if tie else text
    found = list(re.finditer(r"\S+", text))
    return text if len(found) <= _MAX_QUOTE_WORDS else text[: found[_MAX_QUOTE_WORDS - 1].end()]


def _how_much(on_topic: float) -> str:
    return "fully" if on_topic >= 0.5 else "partly" if on_topic >= 0.25 else "hardly"


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def warm_up(exchange: Exchange | None = None) -> None:
    """Loads the model and, for an exchange whose answer is still to come, what `judge` and `follow_up` compare it with.

    To be called while the question is being asked; afterwards a follow-up costs about 20 ms instead of 60.

    Raises:
        ProviderError: the model cannot be loaded.
    """
    if exchange is None:
        embed(["warm up"])
        return
    texts = [exchange.question, context_of(exchange)]
    texts += [example for point in exchange.key_points for example in (point.examples or (point.text,))]
    embed(texts)


def context_of(exchange: Exchange) -> str:
    """The role with what the question is grounded in: the second thing an answer may be near to."""
    return f"{exchange.role}. {exchange.grounding}" if exchange.grounding else exchange.question
