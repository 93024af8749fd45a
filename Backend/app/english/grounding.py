"""Whether words stand on what was really written or said: the check behind every quote, claim, number and name.

Pure. A model's text is believed as far as these find it in the data, and no further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")
# "one" and "half" the time mean nothing countable ("one thing", "half an eye"); ordinals order a story.
_NUMBER_WORDS: Final = {
    word: str(value)
    for value, words in (
        (2, "two twice double doubled both"),
        (3, "three triple tripled"),
        (4, "four"),
        (5, "five"),
        (6, "six"),
        (7, "seven"),
        (8, "eight"),
        (9, "nine"),
        (10, "ten"),
        (11, "eleven"),
        (12, "twelve dozen"),
        (13, "thirteen"),
        (14, "fourteen"),
        (15, "fifteen"),
        (16, "sixteen"),
        (17, "seventeen"),
        (18, "eighteen"),
        (19, "nineteen"),
        (20, "twenty"),
        (30, "thirty"),
        (40, "forty"),
        (50, "fifty"),
        (60, "sixty"),
        (70, "seventy"),
        (80, "eighty"),
        (90, "ninety"),
        (100, "hundred hundreds"),
        (1000, "thousand thousands"),
        (1_000_000, "million millions"),
        (0.5, "halved"),
        (0.333, "third thirds"),
        (0.25, "quarter quarters"),
    )
    for word in words.split()
}
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# A capital inside a sentence: a name of a person, a firm, a product, a place.
_NAME: Final = re.compile(r"(?<=[^\W_][,;]\s)[A-Z][\w&+#-]+|(?<=[^\W_]\s)[A-Z][\w&+#-]+|\b[A-Z]{2,}\b")
_NO_NAMES: Final = frozenset({"I", "I'm", "I've", "I'd", "I'll", "OK"})
_GAP: Final = re.compile(r"\[[^\[\]]{0,200}\]")


def normalised(text: str) -> str:
    """Lower case words with single spaces: what two spellings of the same words have in common."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("’", "").replace("'", "")))


def occurs(quote: str, text: str) -> bool:
    """Whether the words of `quote` stand in `text` in this order, side by side; never for no words."""
    wanted = normalised(quote)
    return bool(wanted) and f" {wanted} " in f" {normalised(text)} "


def numbers_in(text: str) -> frozenset[str]:
    """Quantities, in digits or words, in one spelling: "1,200", "1200" and "twelve hundred" share "1200" or "12"."""
    digits = (_spelled(found) for found in _DIGITS.findall(text))
    words = (_NUMBER_WORDS[word] for word in _WORD.findall(text.lower()) if word in _NUMBER_WORDS)
    return frozenset((*digits, *words))


def unfounded_numbers(text: str, sources: Iterable[str]) -> frozenset[str]:
    """Numbers of `text` that no source holds. Gaps in [square brackets] are nobody's statement."""
    said = numbers_in(_GAP.sub(" ", text))
    return said - frozenset().union(*(numbers_in(source) for source in sources)) if said else frozenset()


def unfounded_names(text: str, sources: Iterable[str]) -> frozenset[str]:
    """Capitalised words inside a sentence, and abbreviations, that no source holds in any case."""
    names = {name for name in _NAME.findall(_GAP.sub(" ", text)) if name not in _NO_NAMES}
    if not names:
        return frozenset()
    known = set(normalised(" ".join(sources)).split())
    return frozenset(name for name in names if not set(normalised(name).split()) <= known)


def _spelled(number: str) -> str:
    """ "1,200" → "1200", "2,5" and "2.50" → "2.5", "007" → "7"."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        return str(int(re.sub(r"[.,]", "", number)))
    parts = re.split(r"[.,]", number)
    if len(parts) == 2:
        return f"{int(parts[0])}.{parts[1]}".rstrip("0").rstrip(".")
    return ".".join(parts) if len(parts) > 1 else str(int(number))
