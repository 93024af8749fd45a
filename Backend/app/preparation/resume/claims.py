"""What one line of a resume claims: numbers, a change that was measured, a team that was led, what sort of deed."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.domain.profile import Claim
from app.english.grammar import SecondPersonClause, clause_of, words_of
from app.english.quotation import quotable

Deed = Literal[
    "change",
    "team",
    "build",
    "fix",
    "teach",
    "sell",
    "care",
    "study",
    "award",
    "analyse",
    "organise",
    "money",
    "advise",
    "write",
    "negotiate",
    "volume",
    "other",
]

NUMBER = re.compile(
    r"(?:(?:[$€£₹]|\b(?:Rs\.?|INR|USD))\s?)?\d[\d,]*(?:\.\d+)?(?:/10\b)?\s?(?:%|percent\b|per\s+cent\b|x\b|k\b|K\b|M\b|m\b|bn\b|million\b|billion\b|"
    r"crores?\b|Cr\b|lakhs?\b|lacs?\b|LPA\b|CGPA\b|\+)?"
)
_YEAR_ONLY = re.compile(r"^(?:19|20)\d{2}$")
_FROM_TO = re.compile(
    r"\bfrom\s+(?:[$€£₹]\s?)?\d[\w.,%]*(?:\s+\w+){0,3}\s+to\s+(?:under\s+|over\s+|about\s+)?(?:[$€£₹]\s?)?\d", re.I
)
_CHANGE_WORD = re.compile(
    r"\b(?:reduc\w*|cut\w*|increas\w*|improv\w*|grew|grow\w*|rais\w+|lower\w*|sav(?:ed|ing)\w*|boost\w*|doubl\w*|tripl\w*|halv\w*|shorten\w*|"
    r"speed\w*|sped|faster|fewer|rose|risen|dropp\w*|fell|decreas\w*|eliminat\w*|lift\w*|bring\w*\s+down|brought\s+down|less|higher|more|up\s+by|down\s+by|"
    r"reduction|improvement|growth|slash\w*|accelerat\w*|exceed\w*|beat)\b",
    re.I,
)
_CHANGE_BY = re.compile(
    r"\bby\s+(?:over\s+|about\s+|nearly\s+|almost\s+|more\s+than\s+|up\s+to\s+)?(?:[$€£₹]\s?)?\d", re.I
)
_TEAM = re.compile(
    r"\bteams?\s+of\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)|\b(?:led|lead|supervis\w+|manag\w+|head\w*|mentor\w*|oversaw|coordinat\w+)\s+"
    r"(?:and\s+\w+\s+)?(?:(?:a|an|the)\s+)?(?:[\w-]+\s+){0,3}?(?:team|crew|staff|engineers|nurses|teachers|technicians|cooks|drivers|people|"
    r"employees|volunteers|apprentices|juniors|trainees|associates|reps|agents|designers|analysts|developers|paralegals)\b",
    re.I,
)
_DEEDS: tuple[tuple[Deed, re.Pattern[str]], ...] = (
    ("study", re.compile(r"\b(?:thesis|dissertation|coursework|module|gpa|final[- ]year|capstone|modules|semester|bachelor|graduat\w+|studied)\b", re.I)),
    ("award", re.compile(r"\b(?:award\w*|prize|finalist|scholarship|nominated|employee\s+of\s+the|promoted|recogni[sz]ed|elected|ranked)\b", re.I)),
    ("teach", re.compile(r"\b(?:taught|teach\w*|tutor\w*|train(?:ed|ing)\b(?!\s+in)|coach\w*|mentor\w*|lectur\w*|instruct(?:ed|ing)|workshops?|onboard\w*)\b", re.I)),
    ("sell", re.compile(r"\b(?:sold|sell\w*|sales|quota|closed\s+(?=[$€£\d])|clos(?:ing|e)\s+deals?|pitch\w*|account\s+growth|upsell\w*|won\s+\w+\s+(?:contract|client|account)s?|prospect\w*)\b", re.I)),
    ("fix", re.compile(r"\b(?:fix\w*|resolv\w*|repair\w*|diagnos\w*|troubleshoot\w*|troubleshot|debug\w*|investigat\w*|restor\w*|fault\w*|root[- ]cause)\b", re.I)),
    ("care", re.compile(r"\b(?:cared|caring|patients?|residents|nurs(?:ed|ing)|treated|families|carers?|pupils\s+with|clients\s+with|safeguard\w*|bedside|palliative)\b", re.I)),
    ("money", re.compile(r"\b(?:budget\w*|reconcil\w*|invoic\w*|payroll|month[- ]end|accounts\s+payable|expenses)\b", re.I)),
    ("analyse", re.compile(r"\b(?:analy[sz]\w*|research\w*|survey\w*|evaluat\w*|measur\w*|interview\w*|tested|testing|model(?:led|ed|ling|ing)|experiment\w*|inspect\w*|audit\w*|checked)\b", re.I)),
    ("advise", re.compile(r"\b(?:advis\w*|consult\w*|represent\w*|counsel\w*|recommend\w*)\b", re.I)),
    ("negotiate", re.compile(r"\b(?:negotiat\w*|mediat\w*|settled|persuad\w*|defend\w*|convinc\w*)\b", re.I)),
    ("write", re.compile(r"\b(?:wrote|writ\w+|draft\w*|publish\w*|co-authored|document(?:ed|ing))\b", re.I)),
    ("organise", re.compile(r"\b(?:organi[sz]\w*|coordinat\w*|co-ordinat\w*|plann\w*|schedul\w*|arrang\w*|hosted|ran|events?|roster\w*|rota)\b", re.I)),
    ("build", re.compile(r"\b(?:built|build\w*|creat\w*|design\w*|develop\w*|launch\w*|set\s+up|establish\w*|introduc\w*|implement\w*|found(?:ed|ing)|start(?:ed|ing)|invent\w*|install\w*|migrat\w*|engineer(?:ed|ing)|automat\w*|rewrote|rebuilt|made)\b", re.I)),
)  # fmt: skip
_NAMES = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w&'-]+")
_PLAIN_WORDS = 4
_HEAD_WORDS = 5
_A_DAY = re.compile(
    r"\b\d[\d,]*\s+(?:[\w-]+\s+){1,3}(?:a|per|each|every)\s+(?:day|shift|night|hour|week)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim with its reading. `clause` is None when the wording is no deed; `quote` is then what may be cited."""

    claim: Claim
    clause: SecondPersonClause | None
    quote: str
    deeds: tuple[Deed, ...]
    specificity: float

    @property
    def fact(self) -> str:
        """The resume's own wording that a question about this claim names."""
        return self.clause.fact if self.clause else self.quote


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers as written, with their unit sign; bare years are dates and not counted."""
    found: list[str] = []
    for match in NUMBER.finditer(text):
        number = match.group().strip()
        if match.start() and text[match.start() - 1].isalpha():
            continue
        if not _YEAR_ONLY.match(number) and number not in found:
            found.append(number)
    return tuple(found[:8])


def deeds_of(text: str) -> tuple[Deed, ...]:
    """Sorts of deed the wording shows, most telling first; never empty (``other`` always closes the list).

    A count of things ("fixed 143 issues") is no change: only a stated direction with a number is.
    """
    found: list[Deed] = []
    numbers = numbers_in(text)
    if _FROM_TO.search(text) or (
        numbers and _CHANGE_WORD.search(text) and (_CHANGE_BY.search(text) or "%" in text or "percent" in text.lower())
    ):
        found.append("change")
    if _TEAM.search(text):
        found.append("team")
    # What somebody did stands at the head of the line; the same word further on is only its circumstance.
    head = " ".join(text.split()[:_HEAD_WORDS])
    positions = sorted(
        ((m.start(), deed) for deed, pattern in _DEEDS if (m := pattern.search(head))), key=lambda item: item[0]
    )
    found.extend(deed for _, deed in positions if deed not in found)
    if "change" not in found and _A_DAY.search(text):
        found.append("volume")
    return (*found, "other")


def specificity_of(claim: Claim) -> float:
    """0-1: how much there is to ask about. Numbers weigh most, then names, then plain length."""
    words = len(words_of(claim.text))
    value = (
        0.3 * min(2, len(claim.numbers))
        + 0.08 * min(3, len(_NAMES.findall(claim.text)))
        + 0.02 * min(10, max(0, words - _PLAIN_WORDS))
    )
    return min(1.0, value)


def read_claim(claim: Claim, *, limit: int = 140) -> ReadClaim | None:
    """The claim understood, or None when nothing of it may be said aloud."""
    if not quotable(claim.text, limit=1200):
        return None
    clause = clause_of(claim.text, limit=limit)
    quote = ""
    if clause is None:
        text = claim.text.strip(" .;:,-–—•·")
        if len(text) > limit:
            text = " ".join(text[:limit].rsplit(" ", 1)[0].split()).strip(" .;:,-–—")
        if len(words_of(text)) < 2 or '"' in text:
            return None
        quote = text
    return ReadClaim(
        claim=claim, clause=clause, quote=quote, deeds=deeds_of(claim.text), specificity=specificity_of(claim)
    )
