"""One further question where it helps, in well under 60 ms: the candidate is waiting.

In this order: a claim that cannot stand as said (another number than the resume's, "there was no alternative") →
back to the question, if the answer was about something else → the first point of a good answer that was not touched →
no number in a result → "we" all along and no "I". None when nothing is missing, when the candidate passed on the
question, and after a follow-up: nobody is grilled.

Which points were touched is read from the shape of the words alone (`point_cues`); only the check for another topic
uses the language data, for three texts. So this may miss what `judge` sees a moment later; it never scores anything.
"""

from __future__ import annotations

import re
from typing import Final
from zlib import crc32

from app.assessment.judge import context_of
from app.assessment.point_cues import OWN, asks_for_number, shows, sorts_of
from app.domain.answer import Exchange, FollowUpIdea
from app.domain.question import KeyPoint
from app.english import wording
from app.english.embeddings import embed
from app.english.quotation import is_order, quotable
from app.english.second_person import reflected
from app.errors import ProviderError

# Answers to another question lie below (median .17), vague ones to this question above (least .27): own pairs.
_OTHER_TOPIC: Final = 0.15
_LONGEST_QUOTE: Final = 16
# The one text that is embedded afresh when `judge.warm_up` has seen the question; 50 words take about 20 ms.
_TOPIC_WORDS: Final = 50
# Who has talked for two minutes has had the chance to say it.
_ENOUGH_WORDS: Final = 260

# What few situations bear out. Each is met with a question that leaves the candidate room, never with a correction.
_TOO_SURE: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), question, reason)
    for pattern, question, reason in (
        (
            r"\b(?:there (?:was|were)|had|saw) no (?:other|real)? ?(?:alternatives?|options?|choice|way)\b",
            "Suppose that way had been closed to you: what would you have tried next?",
            "The answer says that there was no alternative.",
        ),
        (
            r"\b(?:(?:his|her|their) (?:own )?fault|"
            r"(?:they|he|she) just (?:didn't|did not) (?:get|understand) (?:it|that))\b",
            "If I asked them, how would they tell that story?",
            "The answer lays it all on the other side.",
        ),
        (
            r"\b(?:nothing (?:went wrong|was (?:hard|difficult))|everything went (?:well|fine|smoothly|perfectly)|"
            r"(?:there were|had) no (?:problems?|difficult\w+)|i (?:never|don't) make mistakes)\b",
            "What came closest to going wrong?",
            "The answer says that nothing was difficult.",
        ),
        (
            r"\b(?:(?:wouldn't|would not) (?:change|do) anything|do (?:everything|it all|it exactly) the same)\b",
            "If you had to change one thing about it, what would it be?",
            "The answer says that nothing could be done better.",
        ),
        (
            r"\b(?:everybody|everyone|all of them) (?:was|were) (?:very )?(?:happy|satisfied|convinced)\b",
            "Who took the longest to come round, and why?",
            "The answer says that everybody was happy.",
        ),
    )
)
_ABOUT = r"(?:about |around |roughly )?"
_FROM_TO = re.compile(
    rf"\bfrom {_ABOUT}(\d+(?:[.,]\d+)?) ?(?:%|percent)? to {_ABOUT}(\d+(?:[.,]\d+)?)",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"\b(?:no comment|next question|skip (?:this|that|it)|i(?:'ll| will)? pass\b|leave it at that"
    r"|(?:rather|prefer)(?: to)? not|i (?:can't|cannot|couldn't|could not) (?:really )?(?:say|comment|tell|answer|talk)"
    r"|i (?:don't|do not) (?:really )?(?:know|remember|recall)|no (?:idea|clue)|nothing comes to mind)",
    re.IGNORECASE,
)
_LEAD_INS: Final = ("You said that {quote}.", "You mentioned that {quote}.", "Let me pick up one thing: {quote}.")


def follow_up(exchange: Exchange) -> FollowUpIdea | None:
    """One follow-up where it helps, else None. Never raises."""
    if exchange.is_follow_up:
        return None
    text = wording.plain(" ".join(said.text for said in exchange.answer)).strip()
    count = len(wording.words(text))
    if count == 0 or not wording.is_readable(text):
        return None
    clauses = [clause for clause in wording.clauses(exchange.answer) if not is_order(wording.plain(clause.text))]
    if not clauses or _passed(clauses):
        return None
    texts = [wording.plain(clause.text) for clause in clauses]
    return (
        _other_numbers(exchange, text)
        or _too_sure(texts)
        or (_back_to_the_question(exchange, texts) if count >= 12 else None)
        or (_missed_point(exchange, texts, count) if count < _ENOUGH_WORDS else None)
        or _no_number(exchange, texts, text)
        or _we_without_i(texts, text)
    )


def _passed(clauses: list[wording.Clause]) -> bool:
    """Whether the candidate said that they do not know or would rather not, and little else."""
    refused = sum(clause.words for clause in clauses if _PASSED.search(wording.plain(clause.text)))
    phrases = sum(clause.words for clause in clauses if wording.NON_ANSWER.search(wording.plain(clause.text)))
    total = sum(clause.words for clause in clauses)
    return refused > 0 and max(refused, phrases) >= 0.3 * total


def _other_numbers(exchange: Exchange, text: str) -> FollowUpIdea | None:
    """The resume says from 6 to 2, the answer from 6 to 4: one end agrees, so it is the same thing."""
    for claimed in _FROM_TO.finditer(wording.plain(exchange.grounding)):
        for said in _FROM_TO.finditer(text):
            same = [a == b for a, b in zip(claimed.groups(), said.groups(), strict=True)]
            if any(same) and not all(same):
                return FollowUpIdea(
                    f"You just said {said.group(0)}, and your resume says {claimed.group(0)}. "
                    "Which of the two is it, and what exactly was counted?",
                    "The answer names another number than the resume.",
                )
    return None


def _too_sure(texts: list[str]) -> FollowUpIdea | None:
    for pattern, question, reason in _TOO_SURE:
        for clause in texts:
            if pattern.search(clause):
                return FollowUpIdea(_with_quote([clause], question), reason)
    return None


def _back_to_the_question(exchange: Exchange, texts: list[str]) -> FollowUpIdea | None:
    answer = " ".join(" ".join(texts).split()[:_TOPIC_WORDS])
    try:
        question, about, said = embed([exchange.question, context_of(exchange), answer])
    except ProviderError:
        return None
    shared = wording.content_stems(exchange.question) & wording.content_stems(" ".join(texts))
    if max(float(said @ question), float(said @ about)) >= _OTHER_TOPIC or len(shared) >= 2:
        return None
    asked = _asked(exchange.question)
    if not asked:
        return None
    return FollowUpIdea(
        f"Thank you. Let me bring us back to my question, because it matters here. {asked}",
        "The answer was about something else.",
    )


def _asked(question: str) -> str:
    """The question's last sentence, with the one before where it is too short to stand alone."""
    sentences = [sentence for sentence in re.split(r"(?<=[.?!])\s+", question.strip()) if sentence]
    if not sentences or not sentences[-1].endswith("?"):
        return ""
    if len(sentences) > 1 and len(sentences[-1].split()) < 7 and len(sentences[-2].split()) <= 25:
        return f"{sentences[-2]} {sentences[-1]}"
    return sentences[-1]


def _missed_point(exchange: Exchange, texts: list[str], count: int) -> FollowUpIdea | None:
    joined = " ".join(texts)
    missed = [point for point in exchange.key_points if not _touched(point, texts, joined)]
    askable = [point for point in missed if point.follow_up and not _already_asked(point, exchange.question)]
    if not askable:
        return None
    # A rich answer that lacks one point of four is a full answer, unless the point is what came of it.
    rich = count >= 70 and len(missed) * 4 <= len(exchange.key_points)
    if rich and not any(asks_for_number(point) or "result" in _names(point) for point in askable):
        return None
    point = askable[0]
    reason = f"Not said yet: {point.text[:1].lower()}{point.text[1:]}."
    if count < wording.SHORT_ANSWER:
        return FollowUpIdea(f"Tell me a little more about that. {point.follow_up}", reason, point.text)
    return FollowUpIdea(_with_quote(_telling(texts), point.follow_up), reason, point.text)


def _touched(point: KeyPoint, texts: list[str], joined: str) -> bool:
    sorts = sorts_of(point)
    if OWN in sorts and wording.own_actions(joined):
        return True
    if any(shows(sort, text) for sort in sorts for text in texts if not wording.GENERAL.search(text)):
        return True
    said = wording.content_stems(joined)
    # Without a shape only words can tell, and the same thing can be said in others: doubt is no reason to ask.
    if not sorts:
        return len(texts) >= 3 or bool(said & wording.content_stems(" ".join((point.text, *point.examples))))
    return any(len(stems & said) >= max(2, 0.6 * len(stems)) for stems in map(wording.content_stems, point.examples))


def _already_asked(point: KeyPoint, question: str) -> bool:
    """Whether the follow-up would repeat the question itself."""
    stems = wording.content_stems(point.follow_up)
    return len(stems) >= 2 and len(stems & wording.content_stems(question)) >= 0.8 * len(stems)


def _no_number(exchange: Exchange, texts: list[str], text: str) -> FollowUpIdea | None:
    wanted = [point for point in exchange.key_points if "result" in _names(point)]
    if not wanted or wording.numbers(text):
        return None
    changed = [clause for clause in texts if _CHANGE.search(clause)]
    if not changed:
        return None
    return FollowUpIdea(
        _with_quote(changed[::-1], "Roughly how much was that, in numbers?"),
        "A result was named without a number.",
        wanted[0].text,
    )


_CHANGE = re.compile(
    r"\b(?:better|worse|faster|slower|easier|happier|cheaper|more|less|fewer|improv\w+|increas\w+|reduc\w+|decreas\w+|"
    r"saved|grew|dropped|fell|rose|success\w*)\b",
    re.IGNORECASE,
)


def _we_without_i(texts: list[str], text: str) -> FollowUpIdea | None:
    if len(wording.WE.findall(text)) < 3 or wording.own_actions(text):
        return None
    return FollowUpIdea(
        _with_quote(
            [clause for clause in _telling(texts) if wording.WE.search(clause)],
            "Which part of that did you do yourself?",
        ),
        "The answer says “we” throughout and never what the candidate did.",
    )


def _names(point: KeyPoint) -> set[str]:
    return {sort.name for sort in sorts_of(point)}


def _telling(texts: list[str]) -> list[str]:
    """The clauses worth picking up, best first: own acts, numbers, content words; of equals the later one."""

    def worth(index: int) -> tuple[float, int]:
        text = texts[index]
        fits = 4 <= len(wording.words(text)) <= _LONGEST_QUOTE
        content = min(4, len(wording.content_stems(text)))
        general = bool(wording.GENERAL.search(text))
        acts = min(1, wording.own_actions(text))
        return 4.0 * fits + 2.0 * acts + len(wording.numbers(text)) + content - 3.0 * general, index

    telling = [index for index in range(len(texts)) if not wording.NON_ANSWER.search(texts[index])]
    return [texts[index] for index in sorted(telling, key=worth, reverse=True)]


def _with_quote(clauses: list[str], question: str) -> str:
    """The first of the candidate's clauses that can be said back, turned round to "you", then the question."""
    for clause in clauses:
        quote = reflected(clause)
        if not wording.content_stems(quote):
            continue
        if 3 <= len(wording.words(quote)) <= _LONGEST_QUOTE and quotable(quote):
            lead_in = _LEAD_INS[crc32(quote.encode()) % len(_LEAD_INS)]
            return f"{lead_in.format(quote=quote)} {question}"
    return question
