"""The wording of an answer, looked at word by word: clauses, content words, and what their shape gives away.

Everything here is a list or a pattern that a person can read. What meaning needs is in `embeddings`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.domain.answer import AnswerUtterance

WORD: Final = re.compile(r"[^\W_]+(?:['’\-.,/][^\W_]+)*%?")

# Function words, and the words that any answer to any question holds.
_STOP_WORDS = """
    a about above after again against all also although always am an and another any are aren't around as ask asked
    at away back be became because become been before behind being below best better between both but by call came can
    can't cannot come could couldn't did didn't do does doesn't doing don't done down during each either else end enough
    even ever every everybody everyone everything far few finally first for from further gave get gets getting give go
    goes going gone good got great had hadn't happen happened has hasn't have haven't having he her here hers herself
    him himself his how however i i'd i'll i'm i've if in instead into is isn't it it's its itself just keep kept kind
    know last later least less let let's like little long look lot lots made make makes making many may maybe me mean
    might mine more most much must my myself need never new next no nobody none nor not nothing now of off often oh ok
    okay on once one ones only onto or other others our ours ourselves out over own part people per perhaps please point
    put quite rather really right said same saw say says see seen several shall she should shouldn't show since so some
    somebody someone something sort still such sure take taken tell than thank thanks that that's the their theirs them
    themselves then there there's these they they're thing things think this those though thought through time to
    together told too took toward towards try tried under until up upon us use used using usually very want wanted was
    wasn't way we we'd we'll we're we've well went were weren't what what's when where whether which while who whole
    whom whose why will with within without won't work worked working would wouldn't yes yet you you'd you'll you're
    you've your yours yourself um uh er yeah example name ever role resume asks shows experience walk describe candidate
    got hard today question percent one two three four five six seven
    eight nine ten hundred thousand
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())

NUMBER: Final = re.compile(
    r"(?<![\w.])[€$£]?\d+(?:[.,:]\d+)*(?:\s?%|\s?(?:k|m|bn)\b)?"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|half"
    r"|twice|double[d]?|tripled?|halved|a third|a quarter)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine|"
    r"hundred|"
    r"thousand|million|percent|and))*\b",
    re.IGNORECASE,
)
# A name in the middle of a sentence. Speech recognition writes names with a capital too.
NAME: Final = re.compile(r"(?<=[a-z,;] )(?!I\b|I'|OK\b)[A-Z][\w&.-]+(?: [A-Z][\w&.-]+)*")

NON_ANSWER: Final = re.compile(
    r"\b(?:no comment|i(?:'d| would)? ?(?:rather|prefer)(?: to)? not|i(?:'ll| will)? pass(?:\.|,|$| on)|pass\.?$|"
    r"skip (?:this|that|it)"
    r"|i (?:don't|do not|didn't|really don't) (?:really )?(?:know|remember|recall|have (?:an?|any) (?:answer|idea|"
    r"example))"
    r"|i (?:have|'ve got) no (?:idea|clue|answer|example)|no (?:idea|clue)\b"
    r"|i (?:can't|cannot|can not|couldn't|could not)(?: really)? (?:say|comment|tell|answer|think of|remember|recall|"
    r"talk)"
    r"|(?:would|will|do|'d)(?:n't| not)? (?:not )?(?:want|like) to (?:go into|talk about|discuss|comment|share)"
    r"|i don't (?:think i should|want to|wish to|like to) (?:share|say|talk|discuss|go|comment)"
    r"|(?:hard|difficult|too early|impossible) to (?:say|tell|talk about|answer)"
    r"|(?:will|'ll|let's|would) (?:just )?leave it at that|let's (?:just )?say|next question|what do you want me to say"
    r"|not sure (?:what|how) to (?:say|answer)|nothing comes to mind|there isn't much to say|not much to say"
    r"|(?:internal|confidential|private) matter|bound to confidentiality|it is what it is|it's just how it is"
    r"|that's just how it is|(?:that's|that is|it's|it is|this is) a (?:good|great|difficult|hard|tough|"
    r"interesting) question|"
    r"it depends on a lot)",
    re.IGNORECASE,
)
# Said about anybody and any time. With nothing concrete in it, such a clause shows nothing.
GENERAL: Final = re.compile(
    r"\b(?:you (?:have to|need to|should|must|can|always|just)|always|usually|generally|in general|of course"
    r"|everybody|everyone|somehow|things? like that|several|various|different|many (?:things|aspects|people)"
    r"|a lot of (?:things|work)|some (?:options|meetings|things|issues)|very (?:important|motivated)|is (?:important|"
    r"everything)"
    r"|step by step|as a team|most companies|the usual|sooner or later|worked out|fast learner|any \w+ quickly)\b",
    re.IGNORECASE,
)
NEGATION: Final = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|without|\w+n't|cannot|failed to|refused to)\b", re.IGNORECASE
)
WE: Final = re.compile(r"\b(?:we|we're|we've|we'd|our|us|the team)\b", re.IGNORECASE)

_PAST = (
    r"(?:did|led|built|made|ran|wrote|went|took|gave|taught|told|sold|bought|brought|found|drew|chose|kept|began|"
    r"held|met|"
    r"set|put|cut|split|spoke|got|sent|spent|won|dug|drove|hired|laid|paid|rebuilt|redid|rewrote|rang|sat|saw|showed|"
    r"shut|"
    r"stood|stopped|swapped|threw|(?!(?:need|want|like|love|hate|hope|wish|wonder|tri|suppos|guess|fear|worri|believ|"
    r"agre|"
    r"happen|seem|enjoy|feed|inde|us|liv|mov|stay|learn|realis|realiz|notic|remember)ed\b)[a-z]{2,}ed)"
)
# "I pulled", "I've called", "I then decided". Verbs of wanting, being and noticing do not count.
OWN_ACTION: Final = re.compile(
    r"\bi(?:'ve| have|'d| had|'ll| would| will)?(?: (?:then|also|first|personally|immediately|finally|quickly|simply|"
    rf"only|always|actually|now|later|myself))? (?:{_PAST}|shadow|ask|call|check|write|build|run|lead|"
    r"teach|plan|start|measure|test|explain|listen|sit|take)\b",
    re.IGNORECASE,
)
# "I took him aside, gave him a coffee and called …": the I is said once.
_ALSO = re.compile(rf"(?:,|,? and|,? but|,? then)(?: then| also| even| finally)? {_PAST}\b(?! by\b)", re.IGNORECASE)
OPEN_CLAUSE: Final = re.compile(
    r"(?:[.!?;:…]+|\s[–—-]\s)\s*|,?\s+(?=(?:and|but|so|because|since|which|when|while|although|though|then|whereas|"
    r"instead|however)\b(?:\s\w+){3,})",
)

_SUFFIXES = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ments",
    "ment",
    "edly",
    "ies",
    "ied",
    "ers",
    "er",
    "ed",
    "es",
    "ly",
    "s",
    "e",
)
_MIN_CLAUSE_WORDS = 4
# Below this an answer is a line, not a story.
SHORT_ANSWER: Final = 15


@dataclass(frozen=True, slots=True)
class Clause:
    """A verbatim stretch of one utterance, about one thought long."""

    utterance_id: str
    text: str

    @property
    def words(self) -> int:
        return len(words(self.text))


def words(text: str) -> list[str]:
    return [found.group(0) for found in WORD.finditer(text)]


def plain(text: str) -> str:
    """With straight apostrophes, so that one pattern fits."""
    return text.replace("’", "'")


def clauses(answer: Sequence[AnswerUtterance], *, limit: int = 60) -> tuple[Clause, ...]:
    """The answer in verbatim pieces of at least four words where it has them; at most `limit`, evenly chosen."""
    result: list[Clause] = []
    for said in answer:
        pieces: list[tuple[int, int]] = []
        at = 0
        for cut in OPEN_CLAUSE.finditer(said.text):
            # "23 percent. 4 of them" is cut, "1.5" and "e.g." are not: the pattern wants white space or an end.
            if cut.end() < len(said.text) and not cut.group(0)[-1:].isspace():
                continue
            if len(words(said.text[at : cut.start()])) < _MIN_CLAUSE_WORDS and pieces and at:
                pieces[-1] = (pieces[-1][0], cut.start())
            else:
                pieces.append((at, cut.start()))
            at = cut.end()
        if at < len(said.text):
            if pieces and len(words(said.text[at:])) < _MIN_CLAUSE_WORDS:
                pieces[-1] = (pieces[-1][0], len(said.text))
            else:
                pieces.append((at, len(said.text)))
        for start, end in pieces:
            text = said.text[start:end].strip(" ,;:-–—")
            if words(text):
                result.append(Clause(said.utterance_id, text))
    if len(result) <= limit:
        return tuple(result)
    step = len(result) / limit
    return tuple(result[int(number * step)] for number in range(limit))


def pieces_of(text: str) -> list[str]:
    """The clauses of a text whose utterances do not matter."""
    return [clause.text for clause in clauses([AnswerUtterance("", text, 0, 0)])]


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A crude stem: enough that "calls", "called" and "calling" meet, never under four letters."""
    word = word.lower()
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word[: -len(suffix)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word


def content_stems(text: str) -> frozenset[str]:
    """The stems that carry meaning: no function words, no single letters, no numbers (any two answers share some)."""
    return frozenset(
        stem(part)
        for word in words(plain(text).lower())
        for part in (word, *word.split("-"))
        if part not in STOP_WORDS and len(part) > 1 and not part[0].isdigit()
    )


def numbers(text: str) -> tuple[str, ...]:
    """Quantities as said, digits or words."""
    return tuple(found.group(0).strip() for found in NUMBER.finditer(text))


def own_actions(text: str) -> int:
    """How many things the speaker says they did: "I sorted … and counted …" are two."""
    total = 0
    for sentence in re.split(r"[.!?;]", plain(text)):
        first = OWN_ACTION.search(sentence)
        if first:
            rest = sentence[first.end() :]
            # Another subject takes over the verbs behind it.
            other = re.search(r"\b(?:he|she|they|we|who|which|that|it)\b", rest, re.IGNORECASE)
            total += len(OWN_ACTION.findall(sentence)) + len(_ALSO.findall(rest[: other.start()] if other else rest))
    return total


def goes_on_acting(text: str, before: str) -> bool:
    """Whether a clause such as "and called the police" goes on with the "I did" of the clause before it."""
    return bool(re.match(rf"(?:and |but |then )*{_PAST}\b", plain(text), re.IGNORECASE)) and own_actions(before) > 0


def is_readable(text: str) -> bool:
    """False for gibberish: too few function words, or words that repeat or cannot be pronounced.

    Half of running English is function words; eight words in a row without one is no sentence.
    """
    said = [word.lower() for word in words(plain(text))]
    if len(said) < 8:
        return True
    function = sum(1 for word in said if word in STOP_WORDS) / len(said)
    distinct = len(set(said)) / len(said)
    unpronounceable = sum(
        1 for word in said if len(word) > 3 and word.isalpha() and not re.search(r"[aeiouyäöüáéíóúàèâêôûåøæ]", word)
    ) / len(said)
    return function >= 0.2 and distinct >= (0.35 if len(said) < 80 else 0.2) and unpronounceable < 0.2
