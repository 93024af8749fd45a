"""The words that are counted in an answer, and why these.

Filled pauses (uh, um) and the fillers "you know", "I mean", "like" are the set of Laserna, Seih and Pennebaker 2014
("Um... who like says you know"), the first two the signals of Clark and Fox Tree 2002. "Like", "so" and "right" are
ordinary words far more often than fillers, so they count only in the shape of one: set off by commas, doubled, or as
a tag at the end. Hedges and boosters are the spoken part of Hyland's 2005 lists (Metadiscourse, appendix), without
those that a story needs: "could", "may", "about", "show", "find", "must".
"""

from __future__ import annotations

import re
from typing import Final

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


def _compiled(entries: dict[str, str]) -> Patterns:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in entries.items())


WORD: Final = re.compile(r"[^\W_]+(?:['’\-.,/][^\W_]+)*%?", re.UNICODE)

FILLED_PAUSES: Final = _compiled(
    {
        "um": r"\b(?:u+m+|e+r+m+|h+m+|m{2,})\b",
        "uh": r"\b(?:u+h+|e+r+|u+h+m+|a+h+)\b",
    }
)

FILLERS: Final = FILLED_PAUSES + _compiled(
    {
        # "do you know", "as you know", "you know how to" are not fillers.
        "you know": r"(?<!do )(?<!did )(?<!as )(?<!if )(?<!let )\byou know\b"
        r"(?! (?:how|what|why|that|the|who|where|when)\b)",
        "I mean": r"\bi mean\b",
        "like": r"(?:(?<=,\s)like(?=,)|\blike(?=,? like\b)|\b(?:was|were|is|it's|just|and|but) like,"
        r"|\blike,? (?:u+m+|u+h+)\b)",
        "so": r"(?:\bso(?=,? (?:yeah|yes|u+m+|u+h+)\b)|\bso(?=\s*(?:\.\.\.|…|\.\s*$)))",
        "right": r"(?<=,\s)right(?=\s*[,?])",
        "basically": r"\bbasically\b",
        "literally": r"\bliterally\b",
        "and stuff": r"\b(?:and|or) (?:stuff|things|everything)(?: like that)?(?=\s*[,.?!]|\s*$)",
        "whatever": r"\b(?:and|or) whatever\b",
    }
)

HEDGES: Final = _compiled(
    {
        # "I think about", "I think through" are not hedges.
        "I think": r"\bi (?:think|thought)\b(?! (?:about|of|through|hard|ahead)\b)",
        "I guess": r"\bi(?:'d| would)? guess\b",
        "I suppose": r"\bi suppose\b",
        "I feel like": r"\bi (?:just )?(?:feel|felt) like\b",
        "maybe": r"\bmaybe\b",
        "perhaps": r"\bperhaps\b",
        "probably": r"\bprobably\b",
        "possibly": r"\bpossibly\b",
        "might": r"\bmight\b",
        "hopefully": r"\bhopefully\b",
        # "that kind of work", "a different sort of" name a kind.
        "kind of": r"(?<!this )(?<!that )(?<!what )(?<!some )(?<!any )(?<!every )(?<!same )(?<!one )(?<!each )"
        r"(?<!which )(?<!different )(?<!right )(?<!wrong )(?<!new )(?<!\ba )(?<!\bthe )(?:\bkind of\b|\bkinda\b)",
        "sort of": r"(?<!this )(?<!that )(?<!what )(?<!some )(?<!any )(?<!every )(?<!same )(?<!one )(?<!each )"
        r"(?<!which )(?<!different )(?<!right )(?<!wrong )(?<!new )(?<!\ba )(?<!\bthe )(?:\bsort of\b|\bsorta\b)",
        "somewhat": r"\bsomewhat\b",
        "more or less": r"\bmore or less\b",
        "seems": r"\b(?:it )?seem(?:s|ed)\b",
        "not sure": r"\b(?:not|wasn't|isn't) (?:really |quite |too |so |entirely )?sure\b",
        "I don't know": r"\bi (?:don't|do not|didn't|wouldn't) (?:really )?know\b",
    }
)

BOOSTERS: Final = _compiled(
    {
        "definitely": r"\bdefinitely\b",
        "certainly": r"\bcertainly\b",
        "absolutely": r"\babsolutely\b",
        "clearly": r"\bclearly\b",
        "of course": r"\bof course\b",
        "in fact": r"\bin fact\b",
        "no doubt": r"\b(?:no doubt|without (?:a |any )?doubt|undoubtedly)\b",
        "I'm confident": r"\bi(?:'m| am|'m very| was) (?:confident|certain|convinced)\b",
        "I'm sure": r"\bi(?:'m| am| was) (?:very |quite |absolutely )?sure\b",
        "I know": r"(?<!\byou )\bi know\b",
    }
)

SELF_CORRECTIONS: Final = _compiled(
    {
        "restart": r"\b(?:let me (?:rephrase|start (?:again|over)|try (?:that|it) again)|scratch that|no,? "
        "wait|wait,? no"
        r"|sorry,? (?:i mean|no|not)|i meant|or rather|actually,? no)\b",
        # A word said twice running; "that that", "had had", "very very" are English.
        "repeated word": r"\b(?!(?:that|had|very|really|so|many|much|no|yes|yeah|long|is|bye|far|more|again)\b)"
        r"([a-z']+)(?:,? |-)\1\b(?!-)",
        "cut-off word": r"\b[a-z]{1,6}[-–—](?=\s|$|,)",
    }
)

# "I led", "I've called", "I then decided": what the person says they did. The verbs that follow I without an act
# (was, had, think, feel …) do not count.
OWN_ACTION: Final = re.compile(
    r"\bi(?:'ve| have|'d| had)?(?: (?:then|also|first|personally|immediately|finally|quickly|just|only|even|always|"
    r"actually|mostly|usually|myself|once|now))? "
    r"((?!(?:need|feed|indeed|succeed)\b)[a-z]{2,}ed|did|led|built|made|ran|wrote|went|took|gave|taught|told|sold|"
    r"bought|brought|found|drew|"
    r"chose|kept|began|held|met|set|put|cut|split|spoke|got|sent|spent|won|lost|left|read|dug|drove|grew|hired|"
    r"laid|paid|rebuilt|redid|rewrote|rang|sat|saw|showed|shut|stood|stopped|swapped|threw|understood|undid|"
    r"decide|check|call|ask|write|build|run|lead|teach|plan|use|start|make|measure|test|explain|listen|do|keep|tell)\b",
    re.IGNORECASE,
)
_NOT_AN_ACT = """
    needed wanted liked loved hated hoped wished wondered tried used supposed guessed feared worried believed agreed
    happened seemed enjoyed do
"""
NOT_AN_ACT: Final = frozenset(_NOT_AN_ACT.split())


def count_words(text: str) -> int:
    """Words said, filled pauses left out."""
    total = sum(1 for _ in WORD.finditer(text))
    return total - sum(len(pattern.findall(text)) for _, pattern in FILLED_PAUSES)


def counted(patterns: Patterns, text: str) -> tuple[tuple[str, int], ...]:
    """(name, how often), in the order of the list; what does not occur is left out."""
    plain = text.replace("’", "'")
    found = ((name, sum(1 for _ in pattern.finditer(plain))) for name, pattern in patterns)
    return tuple((name, count) for name, count in found if count)


def own_actions(text: str) -> tuple[str, ...]:
    """The "I did" phrases of a text, as said."""
    return tuple(
        found.group(0)
        for found in OWN_ACTION.finditer(text.replace("’", "'"))
        if found.group(1).lower() not in NOT_AN_ACT
    )
