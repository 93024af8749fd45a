"""A candidate's clause said back to them: "so I split the block" becomes "you split the block"."""

from __future__ import annotations

import re
from typing import Final

from app.english.grammar import is_past_verb
from app.english.resume_style import with_and

_SWAPS: Final = {
    "i": "you",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "we're": "you're",
    "we've": "you've",
    "we'd": "you'd",
    "we'll": "you'll",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "ourselves": "yourselves",
}
_OPENINGS = re.compile(
    r"^(?:(?:and|but|so|because|since|then|well|yeah|yes|okay|ok|also|which|um+|uh+|er+|like|you know|i mean|i think|"
    r"actually|basically|honestly|of course)\b,?\s+)+",
    re.IGNORECASE,
)
_FILLED = re.compile(r",?\s*\b(?:u+m+|u+h+|e+r+m*|h+m+)\b,?(?=\s|$)", re.IGNORECASE)
# A clause that stands on its own names who did what; "and to stay calm" cannot follow "you said that".
_SUBJECT = re.compile(
    r"^(?:i|we|he|she|it|they|you|there|this|that|these|those|nobody|everybody|everyone|everything|nothing|people)"
    r"(?:'m|'ve|'d|'ll|'re|'s)?\s+[a-z'-]+",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"^(?:the|a|an|my|our|his|her|their|your|most|some|both|all|one|two|three|four|five)\s+(?P<rest>[\w'-]+(?:\s+[\w'-]+)+)",
    re.IGNORECASE,
)
_VERBS: Final = frozenset(
    """
    is are was were has have had can could will would shall should must may might do does did isn't aren't wasn't
    weren't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't don't doesn't didn't
    """.split()  # noqa: SIM905
)


def reflected(clause: str) -> str:
    """The clause as it follows "you said that", or empty when it cannot stand there.

    Only pronouns and their verb change; "was" after a swapped "I" becomes "were". Nothing is added.
    """
    text = _FILLED.sub(" ", clause.replace("’", "'"))
    text = re.sub(r"\s+", " ", text).strip(" ,.;:!?-–—…")
    text = _OPENINGS.sub("", text)
    if not (_SUBJECT.match(text) or _noun_acts(text)) or text.endswith(
        (" and", " but", " so", " or", " the", " a", " to", " of", " with")
    ):
        return ""
    if re.search(r"\byou(?:r|rs|'re)?\b", text, re.IGNORECASE):
        # "You have to …" said back would speak of the candidate.
        return ""
    words = text.split(" ")
    for index, word in enumerate(words):
        bare = word.strip(",.;:!?").lower()
        if bare not in _SWAPS:
            continue
        swapped = _SWAPS[bare]
        if bare == "i" and index + 1 < len(words):
            verb = words[index + 1].lower()
            agreed = {"was": "were", "am": "are", "wasn't": "weren't"}.get(verb)
            if agreed:
                words[index + 1] = agreed
        words[index] = re.sub(re.escape(bare), swapped, word.lower())
    # The clause may have been cut before its last deed; the row of those that are left is closed again.
    said = with_and(" ".join(words))
    first = said.split(" ", 1)[0]
    # Names keep their capital, the first word of a sentence does not.
    return said if first.isupper() and len(first) > 1 else said[:1].lower() + said[1:]


def _noun_acts(text: str) -> bool:
    """Whether what a noun begins is a clause: "the team was tired", not "my fellow Americans"."""
    found = _NOUN.match(text)
    if found is None:
        return False
    following = found["rest"].split()[1:4]
    return any(word in _VERBS or is_past_verb(word, following[place + 1 :]) for place, word in enumerate(following))
