"""What a job description asks for, as fragments in its own words."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re

from app.english.grammar import drop_dangling, words_of
from app.english.quotation import quotable

MAX_NEEDS = 24
_BULLET = re.compile(r"^\s*(?:[•·◦‣▪●*–—-]|\d{1,2}[.)])\s*")
_OPENING = re.compile(
    r"^(?:(?:you(?:'ll| will)?|we|the (?:ideal |successful )?candidate|candidates?|applicants?|they)\s+)?"
    r"(?:(?:must|should|will|can|also|ideally)\s+)*(?:(?:have|has|bring|be able to|need|needs|are looking for|require[sd]?|be|are|is|possess|demonstrate)\s+)?"
    r"(?:(?:an?|the|some|your|at least|minimum(?: of)?|\d+\+?(?:\s*[-–]\s*\d+)?\s*(?:years?|yrs?)(?:'|\s+of)?)\s+)*"
    r"(?:(?:proven|strong|solid|excellent|good|deep|great|relevant|demonstrated|practical|working|hands-on|professional|prior|previous|extensive|sound|confident)\s+)*",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:experience|knowledge|ability|skills?|able to|familiar|understanding|proficien\w*|expertise|responsible for|must|require[sd]?|you will|you'll|"
    r"looking for|qualification|degree|licen[cs]e|certif\w+|comfortable|confident|background in|track record)\b",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:equal opportunit\w+|salary|benefits|pension|holiday|about us|our (?:mission|company|values)|we offer|apply (?:now|by)|location|per annum|"
    r"full[- ]time|part[- ]time|perks|diversity|founded in|click|deadline)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:what (?:you(?:'ll| will)?|we|it takes)\b.*|who (?:you are|we are|we need)\b.*|why (?:us|join)\b.*|"
    r"(?:(?:key|main|core|your|job|minimum|basic|preferred|required|desired|essential|must[- ]haves?|nice[- ]to[- ]haves?|good[- ]to[- ]haves?)\s+)*"
    r"(?:(?:roles?|duties|responsibilit\w+|requirements?|qualifications?|skills?|experience|education|summary|description|profile)(?:\s+(?:and|&)\s+)?)+)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:[\w'’/&-]+ ){0,3}(?:requirements?|qualifications?|skills?|must[- ]haves?|nice[- ]to[- ]haves?|good[- ]to[- ]haves?|responsibilit\w+|duties|"
    r"experience|education|eligibility|tools|stack|you (?:will|have|bring|are))\s*[:–-]\s+(?=\S)",
    re.IGNORECASE,
)


def needs_of(job_description: str) -> tuple[str, ...]:
    """Requirements as fragments of 2-14 words, each literally in the text and fit to be quoted; at most 24."""
    found: list[str] = []
    for line in job_description[:20_000].splitlines():
        text = _BULLET.sub("", line).strip()
        if text.endswith(":") or _HEADING.fullmatch(text):
            continue
        label = _LABEL.match(text)
        # What stands behind "Requirements:" is asked for, like what stands behind a bullet.
        listed = _BULLET.match(line) is not None or label is not None
        for sentence in re.split(r"(?<=[.;!?])\s+|\s{3,}", text[label.end() :] if label else text):
            if len(found) >= MAX_NEEDS:
                return tuple(found)
            if _NOISE.search(sentence) or not (listed or _ASKING.search(sentence)):
                continue
            fragment = _fragment(sentence)
            if fragment and fragment.lower() not in {f.lower() for f in found}:
                found.append(fragment)
    return tuple(found)


def _fragment(sentence: str) -> str:
    text = sentence.strip(" .;:,!-–—•*\t")
    opening = _OPENING.match(text)
    if opening and len(text) - opening.end() >= 8:
        text = text[opening.end() :]
    if len(text) > 90 or len(text.split()) > 14:
        cut = [
            m.start()
            for m in re.finditer(r"[,;:(]\s?|\s[–—-]\s|\s(?:and|or|to|with|in|for|including|such)\s", text)
            if m.start() <= 90
        ]
        text = text[: max(cut)] if cut else ""
    text = drop_dangling(text)
    while len(text.split()) > 14:
        text = drop_dangling(text.rsplit(" ", 1)[0])
    if (
        not len(words_of(text)) >= 2
        or not quotable(text, limit=100)
        or '"' in text
        or text.count("(") != text.count(")")
    ):
        return ""
    return text
