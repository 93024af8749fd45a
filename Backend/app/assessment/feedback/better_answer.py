"""A better way to put an answer, from the person's own facts and words and nothing else.

It opens with the line of the resume that the question was about, keeps what was said well, in the order in which a
story is told, and leaves a visible gap in square brackets for what was missing. No fact is made up: each sentence is
the person's own, or one of ours with a gap in it (`advice`).
"""

from __future__ import annotations

import re
from typing import Final

from app.assessment.feedback.advice import advice_for, kind_of
from app.domain.feedback import AnswerFacts
from app.domain.message import Message, verbatim
from app.english import wording
from app.english.quotation import quotable

# Below this the answer was about something else; its sentences have no place in a better one.
ON_THE_QUESTION: Final = 25
_MOST_GAPS: Final = 3
_MOST_KEPT: Final = 6
_LONGEST_SENTENCE: Final = 38
# Ranks of `advice` that a story begins with.
_BEGINNING: Final = 3
_PRESENT = re.compile(
    r"^(?:lead|manage|teach|run|build|support|maintain|develop|design|coordinate|provide|organi[sz]e|plan|train|write|work|"
    r"help|handle|sell|care|drive|assist|supervise|monitor|analy[sz]e|create|prepare|research|test|coach|serve)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:and|but|so|because|since|then|well|yeah|yes|okay|ok|also|which|while|though|although|um+|uh+|er+|like|"
    r"you know|i mean|i think|i guess|i suppose|actually|basically|honestly|maybe|probably)\b,?\s+)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:,?\s+(?:and|but|so|or|because|then))+$", re.IGNORECASE)
_LOOSE = re.compile(
    r"(?:,\s*)?\b(?:u+m+|u+h+|e+r+m*|h+m+|you know|i mean|i guess|i think|i suppose|kind of|sort of|basically|maybe|"
    r"probably|somehow|like(?=,))\b,?",
    re.IGNORECASE,
)


def better_answer(facts: AnswerFacts) -> tuple[Message, ...]:
    """What the person could say instead, sentence by sentence, at most about 150 words; gaps in square brackets.

    What was said well keeps the order in which it was said; a gap that belongs to the beginning of a story stands
    before it, the others behind.
    """
    kept = _kept(facts) if facts.relevance is not None and facts.relevance >= ON_THE_QUESTION else []
    opening = _opening(facts.grounding)
    gaps: list[tuple[int, Message]] = []
    for key_point in facts.missed:
        advice = advice_for(key_point)
        # The resume's line holds the number already.
        if kind_of(key_point) == "result" and opening and wording.numbers(opening):
            continue
        if advice.gap not in {gap for _, gap in gaps}:
            gaps.append((advice.rank, advice.gap))
    gaps = sorted(gaps[:_MOST_GAPS], key=lambda one: one[0])
    before = [gap for rank, gap in gaps if rank <= _BEGINNING]
    behind = [gap for rank, gap in gaps if rank > _BEGINNING]
    own = [verbatim(sentence) for sentence in kept]
    return (*([verbatim(opening)] if opening else []), *before, *own, *behind)


def _kept(facts: AnswerFacts) -> list[str]:
    """The sentences that showed a point or hold a number or an own act, in the order they were said.

    Whole sentences, since half a sentence reads as nobody speaks; of one that runs on, the clauses.
    """
    quotes = [" ".join(quote.split()) for _, quote in facts.covered]
    text = " ".join(facts.answer.split())
    worth: list[tuple[int, int, str]] = []
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        for piece in [sentence] if len(sentence.split()) <= _LONGEST_SENTENCE else wording.pieces_of(sentence):
            showing = any(quote in piece or piece in quote for quote in quotes)
            concrete = bool(wording.numbers(piece)) + 2 * bool(wording.own_actions(piece))
            if (showing or concrete) and not wording.NON_ANSWER.search(wording.plain(piece)):
                worth.append((10 * showing + concrete, len(worth), piece))
    best = sorted(worth, key=lambda item: (-item[0], item[1]))[:_MOST_KEPT]
    sentences = [cleaned(piece) for _, _, piece in sorted(best, key=lambda item: item[1])]
    return list(dict.fromkeys(filter(None, sentences)))


def cleaned(quote: str) -> str:
    """The person's own clause as a sentence: without fillers, hedges and the "and" it began with."""
    text = _LOOSE.sub("", wording.plain(quote))
    text = re.sub(r"\s+", " ", text).strip(" ,;:-–—….?!")
    text = _TRAILING.sub("", _LEADING.sub("", text))
    if len(wording.words(text)) < 3 or not quotable(text):
        return ""
    return f"{text[:1].upper()}{text[1:]}."


def _opening(grounding: str) -> str:
    """The resume's own line as a sentence with "I", where it begins with what was done; empty otherwise."""
    text = re.sub(r"\s+", " ", grounding).strip(" ,;:-–—•*.")
    if len(wording.words(text)) < 4 or len(text) > 260 or not quotable(text):
        return ""
    first = text.split(" ", 1)[0]
    verb = first if first[1:].islower() or len(first) == 1 else ""
    if verb and (wording.own_actions(f"I {first.lower()}") or _PRESENT.match(text)):
        return f"I {text[:1].lower()}{text[1:]}."
    if text.lower().startswith(("i ", "my ")):
        return f"{text[:1].upper()}{text[1:]}."
    return ""
