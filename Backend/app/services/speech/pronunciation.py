"""How written interview text is to be said.

The voice's own rules read most English, numbers, dates, units and money well; the tables here hold
what it was heard to read wrongly. Text is data: whatever looks like the voice's inline markup
(``[word](/phonemes/)``) is reduced to its words before ours is added.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

# Phonemes in the voice's alphabet: A=eɪ I=aɪ O=oʊ W=aʊ Y=ɔɪ T=flapped t ᵊ=very short ə.
# Any capitalisation matches: none of these is also an everyday English word.
TERMS: Final[dict[str, str]] = {
    "kubernetes": "kˌubəɹnˈɛTiz",
    "k8s": "kˌubəɹnˈɛTiz",
    "redis": "ɹˈɛdɪs",
    "nginx": "ˌɛnʤɪnˈɛks",
    "postgresql": "pˈOstɡɹɛs kjˌuˈɛl",
    "postgres": "pˈOstɡɹɛs",
    "sqlite": "sˈikwəl lˌIt",
    "kafka": "kˈɑfkə",
    "numpy": "nˈʌmpˌI",
    "scikit-learn": "sˈIkɪt lˌɜɹn",
    "kubectl": "kjˈub kəntɹˌOl",
    "ubuntu": "ubˈuntu",
    "json": "ʤˈAsᵊn",
    "yaml": "jˈæmᵊl",
    "graphql": "ɡɹˈæf kjˌuˈɛl",
    "vite": "vˈit",
    "vitest": "vˈitɛst",
    "pytest": "pˈItˌɛst",
    "emacs": "ˈimæks",
    "golang": "ɡˈOlæŋ",
    "dynamodb": "dˈInəmO dˌibˈi",
    "mongodb": "mˈɑŋɡO dˌibˈi",
    "salesforce": "sˈAlzfˌɔɹs",
    "hubspot": "hˈʌbspˌɑt",
    "wordpress": "wˈɜɹdpɹˌɛs",
    "github": "ɡˈɪthˌʌb",
    "gitlab": "ɡˈɪtlˌæb",
    "devops": "dˈɛvˌɑps",
    "quickbooks": "kwˈɪkbˌʊks",
    "matlab": "mˈætlˌæb",
    "solidworks": "sˈɑlədwˌɜɹks",
    "typescript": "tˈIpskɹˌɪpt",
    "grpc": "ʤˌi ˌɑɹ pˌi sˈi",
    "bigquery": "bˈɪɡkwˌɪɹi",
    "rabbitmq": "ɹˈæbət ˌɛm kjˈu",
    "fastapi": "fˈæst ˌA pˌi ˈI",
    "macos": "mˌæk ˌO ˈɛs",
    "ebitda": "ˈibɪtdˌɑ",
    "vlookup": "vˈi lˌʊkʌp",
    "ansible": "ˈænsəbᵊl",
    "grafana": "ɡɹəfˈɑnə",
    "ci/cd": "sˌiˈI sˌidˈi",
}

# As written only: in another capitalisation these are, or could be, other words.
EXACT: Final[dict[str, str]] = {
    "AWS": "ˌA dˌʌbᵊlju ˈɛs",
    "GAAP": "ɡˈæp",
    "SAML": "sˈæmᵊl",
    "LDAP": "ˈɛldˌæp",
    "CUDA": "kˈudə",
    "SCADA": "skˈAdə",
    "BIM": "bˈɪm",
    "NCLEX": "ˈɛnklɛks",
    "Revit": "ɹˈɛvɪt",
    "Vue": "vjˈu",
    "Node.js": "nˈOd ʤˌA ˈɛs",
    "Next.js": "nˈɛkst ʤˌA ˈɛs",
    "Vue.js": "vjˈu ʤˌA ˈɛs",
    ".NET": "dˌɑt nˈɛt",
    "C++": "sˌi plˌʌs plˈʌs",
    "C#": "sˌi ʃˈɑɹp",
    "F#": "ˈɛf ʃˈɑɹp",
    "SQL": "sˈikwəl",
    "ADA": "ˌA dˌi ˈA",
    "OSHA": "ˈOʃə",
    "FP&A": "ˌɛf pˌi ænd ˈA",
    "M&A": "ˌɛm ænd ˈA",
}

# Given names the voice's spelling rules were heard to get wrong.
NAMES: Final[dict[str, str]] = {
    "Priya": "pɹˈijə",
    "Asha": "ˈɑʃə",
    "Rahul": "ɹˈɑhˌul",
    "Ananya": "ənˈɑnjə",
    "Arjun": "ˈɑɹʤun",
    "Aarav": "ˈɑɹəv",
    "Vikram": "vˈɪkɹəm",
    "Lakshmi": "lˈʌkʃmi",
    "Kavya": "kˈɑvjə",
    "Meera": "mˈiɹə",
    "Neha": "nˈAhɑ",
    "Ishaan": "ɪʃˈɑn",
    "Suresh": "sʊɹˈAʃ",
    "Ramesh": "ɹəmˈAʃ",
    "Venkat": "vˈɛŋkət",
    "Rohan": "ɹˈOhən",
    "Zainab": "zˈAnəb",
    "Aisha": "Iˈiʃə",
    "Mohammed": "mOhˈɑməd",
    "Fatima": "fˈɑtɪmə",
    "Nguyen": "wˈɪn",
    "Siobhan": "ʃɪvˈɔn",
    "Saoirse": "sˈɜɹʃə",
    "Niamh": "nˈiv",
    "Joaquin": "wɑkˈin",
    "Joaquín": "wɑkˈin",
    "Jose": "hOsˈA",
    "José": "hOsˈA",
    "Jorge": "hˈɔɹhA",
    "Jesús": "hAsˈus",
    "Chloe": "klˈOi",
    "Mateo": "mətˈAO",
    "Alejandro": "ˌɑləhˈɑndɹO",
    "Guadalupe": "ɡwˌɑdəlˈupA",
    "Thiago": "tiˈɑɡO",
    "Giulia": "ʤˈuljə",
    "Łukasz": "wˈukæʃ",
    "Lukasz": "lˈukæʃ",
    "Agnieszka": "ɑɡnjˈɛʃkə",
    "Xiaoming": "ʃˈWmˈɪŋ",
    "Xin": "ʃˈɪn",
    "Qing": "ʧˈɪŋ",
    "Zhang": "ʤˈɑŋ",
    "Kwame": "kwˈɑmA",
    "Ngozi": "əŋɡˈOzi",
    "Oluwaseun": "ˌOluwɑʃˈAun",
    "Haruto": "hˈɑɹutO",
    "Anaïs": "ˌɑnɑˈis",
    "Amara": "əmˈɑɹə",
}

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_URL = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_BRACKETS = re.compile(r"[\[\]{}`|\\^~_*]+")
_SPACES = re.compile(r"\s+")

_MAGNITUDE: Final = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion", "mn": "million"}


def _magnitude(match: re.Match[str]) -> str:
    return f"{match[1]} {_MAGNITUDE[match[2]]}"


_Replacement = str | Callable[[re.Match[str]], str]

# What the voice reads wrongly, written out. Order matters: earlier rows see the text first.
_READINGS: Final[tuple[tuple[re.Pattern[str], _Replacement], ...]] = (
    (re.compile(r"\be\.\s?g\.,?(?!\w)", re.IGNORECASE), "for example"),
    (re.compile(r"\bi\.\s?e\.,?(?!\w)", re.IGNORECASE), "that is"),
    (re.compile(r"\betc\.(?=\s+[A-Z]|\s*$)"), "et cetera."),
    (re.compile(r"\betc\b\.?"), "et cetera"),
    (re.compile(r"\b24/7\b"), "twenty-four seven"),
    (re.compile(r"\b80/20\b"), "eighty twenty"),
    (re.compile(r"[₹]\s?(\d[\d,.]*\d|\d)\s?(lakhs?|crores?)\b", re.IGNORECASE), r"\1 \2 rupees"),
    (re.compile(r"(?<![\w.$£€₹¥])(\d[\d,]*(?:\.\d+)?)\s?(k|K|M|B|bn|mn)\b(?!\w)"), _magnitude),
    (re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?[x×](?![\w])"), r"\1 times"),
    (re.compile(r"(?<=\d)\+(?=[\s,.;:!?)]|$)"), " plus"),
    (re.compile(r"\bv(\d+)\.(\d+)\b"), r"version \1 point \2"),
    (re.compile(r"\bv(\d+)\b"), r"version \1"),
    (re.compile(r"\b(\d+)\s?([GMKT])B/s\b"), r"\1 \2B per second"),
    (re.compile(r"\s*(?:->|=>|→|⇒)\s*"), " to "),
    (re.compile(r"≥|>="), " at least "),
    (re.compile(r"≤|<="), " at most "),
    (re.compile(r"≈|~(?=\s?[$£€₹]?\d)"), "about "),
    (re.compile(r"(?<=[A-Za-z]) ?/ ?(?=[A-Za-z]{3,})(?!s\b)"), " or "),
)


def _lexicon_pattern() -> re.Pattern[str]:
    keys = sorted([*TERMS, *EXACT, *NAMES], key=len, reverse=True)
    words = "|".join(re.escape(key) for key in keys)
    return re.compile(rf"(?<![\w.#+])({words})('s|’s)?(?![\w+#]|\.\w)", re.IGNORECASE)


_LEXICON: Final = _lexicon_pattern()
_VOICELESS: Final = frozenset("ptkfθ")
_HISSING: Final = frozenset("szʃʒʧʤ")


def _possessive(phonemes: str) -> str:
    last = phonemes[-1]
    return phonemes + ("ᵻz" if last in _HISSING else "s" if last in _VOICELESS else "z")


def _say(match: re.Match[str]) -> str:
    word = match[1]
    phonemes = EXACT.get(word) or NAMES.get(word) or TERMS.get(word.lower())
    if phonemes is None:
        return match[0]
    if match[2]:
        phonemes = _possessive(phonemes)
    # The label is never spoken; letters only, so that no rule of the voice finds a number in it.
    label = "".join(c for c in word if c.isalpha()) or "word"
    return f"[{label}](/{phonemes}/)"


def plain(text: str) -> str:
    """The text as words only: no markup, tags, link targets or control characters. One line."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub(" ", text)
    text = _URL.sub("a link", text)
    return _SPACES.sub(" ", text).strip()


def for_voice(text: str) -> str:
    """The text as the voice is to read it; the only markup in it is ours.

    Args:
        text: a sentence or clause, anything a person or a model may have written.
    """
    text = plain(text)
    for pattern, reading in _READINGS:
        text = pattern.sub(reading, text)
    text = _BRACKETS.sub(" ", text)
    return _LEXICON.sub(_say, _SPACES.sub(" ", text).strip())
