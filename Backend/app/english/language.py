"""Which language a text is in, by its function words: enough to say "this is not English" and no more."""

# Word lists read best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

import re

_FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "the and of to in for with on at from by as is was were an our my this that have has which their".split()
    ),
    "fr": frozenset(
        "le la les des du de et en un une pour dans avec sur par au aux est je mon ma mes que qui suis à ce d l".split()
    ),
    "de": frozenset(
        "der die das und in von zu mit für auf im den dem des ein eine bei als ich ist nach aus zur zum sowie".split()
    ),
    "es": frozenset("el la los las de del y en un una para con por al es mi mis que como desde se lo su".split()),
    "it": frozenset(
        "il lo la gli le di del della dei e in un una per con da al alla è che mi mio sono presso nel".split()
    ),
    "pt": frozenset("o a os as de do da dos das e em um uma para com por no na ao que é meu minha como".split()),
    "nl": frozenset("de het een en van in op met voor bij te aan als ik is mijn uit door naar tot".split()),
    "pl": frozenset("i w z na do o się jest od dla oraz po przez jako przy za".split()),
    "sv": frozenset("och i på av för med en ett till som är från att jag om vid hos".split()),
    "tr": frozenset("ve bir ile için bu olarak da de en ben çok sonra kadar".split()),
}
_SCRIPTS = (
    ("hi", re.compile(r"[\u0900-\u097f]")), ("ar", re.compile(r"[\u0600-\u06ff]")), ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")), ("ko", re.compile(r"[\uac00-\ud7af]")), ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")), ("he", re.compile(r"[\u0590-\u05ff]")), ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")), ("ta", re.compile(r"[\u0b80-\u0bff]")), ("te", re.compile(r"[\u0c00-\u0c7f]")),
)  # fmt: skip


_LEAST_DIFFERENT = 4


def language_of(text: str) -> str:
    """An ISO 639-1 code, or ``und`` when the text has too few function words to tell.

    A resume of key words alone ("Python, SQL, nursing") is ``und``, not a guess.
    """
    sample = text[:20000]
    letters = sum(ch.isalpha() for ch in sample)
    if not letters:
        return "und"
    for code, pattern in _SCRIPTS:
        if len(pattern.findall(sample)) > 0.4 * letters:
            return code
    words = re.findall(r"[^\W\d_]+", sample.lower())
    # A lone letter is a grade or an initial as often as a word ("O level", "A to Z").
    counts = {code: sum(w in vocabulary and len(w) > 1 for w in words) for code, vocabulary in _FUNCTION_WORDS.items()}
    best = max(counts, key=lambda code: (counts[code], code == "en"))
    if counts[best] < 3 or counts[best] < 0.03 * len(words):
        return "und"
    # Loan words make English and a neighbour overlap; another language must clearly outweigh English.
    if best != "en" and counts[best] < 1.5 * counts["en"]:
        return "en"
    # "Do it all" is short English; a language shows itself by several different words.
    if best != "en" and len(_FUNCTION_WORDS[best].intersection(words)) < _LEAST_DIFFERENT:
        return "und"
    return best
