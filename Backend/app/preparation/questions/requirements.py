"""What a job advert asks for, in its own words, whatever its form: bullets, paragraphs, "You will …", label lines.

The lines are told apart by the heading they stand under: what is wanted, what is offered, who is asking. Without
headings a sentence has to ask for something itself.
"""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator

from app.english.grammar import drop_dangling, words_of
from app.english.quotation import quotable

MAX_NEEDS = 40
MAX_NEED_WORDS = 14
_MAX_TEXT = 20_000
_ITEM_WORDS = 5
"""Items of a list with at most so many words each are requirements of their own."""

_BULLET = re.compile(r"^\s*(?:[•·◦‣▪●○■□➢➤►✓✔*]+|[–—-](?=\s)|o(?=\s{2,})|\(?(?:\d{1,2}|[a-z])[.)](?=\s))\s*")
_WANTED = re.compile(
    r"(?:(?:what|who)\s+(?:you(?:'ll| will|’ll)?|we(?:'re| are|’re)?|it takes|makes you)\b.*|you(?:'ll| will|’ll)?\s+(?:need|have|bring|do|be|are)\b.*|"
    r"(?:about|in)\s+(?:the|this|your)\s+(?:role|job|position)|a day in .*|day[- ]to[- ]day.*|(?:your|the)\s+(?:mission|profile|tasks|impact)|"
    r"we(?:'re| are|’re)\s+looking\s+for.*|ideal\s+candidate.*|candidate\s+profile|"
    r"(?:[\w'’/&,-]+\s+){0,4}(?:requirements?|responsibilit\w+|duties|qualifications?|skills?(?:et)?|competenc\w+|experience|eligibility(?:\s+criteria)?|"
    r"must[- ]haves?|nice[- ]to[- ]haves?|good[- ]to[- ]haves?|knowledge|tasks|essentials?|desirables?|preferred|role|job\s+description|accountabilities|education|criteria|profile)"
    r"(?:\s+(?:and|&)\s+[\w\s]{3,30})?)\s*:?\s*(?:\([^)]*\))?",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"(?:what\s+we\s+offer|we\s+offer|(?:our\s+)?(?:benefits|perks)(?:\s+.*)?|why\s+(?:us|join|work)\b.*|about\s+(?:us|the\s+company|the\s+team|[A-Z][\w& ]{1,40})|who\s+we\s+are|"
    r"our\s+(?:story|values|culture|company|mission)|company\s+(?:overview|profile|description)|how\s+to\s+apply|(?:interview|hiring|selection)\s+process|salary(?:\s+.*)?|"
    r"compensation.*|(?:job\s+)?location|working\s+hours|shift|contact.*|equal\s+opportunit.*|additional\s+information|disclaimer|perks.*|remuneration.*|ctc.*)\s*:?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<label>(?:[\w'’/&-]+ ){0,3}(?:requirements?|qualifications?|skills?|must[- ]haves?|nice[- ]to[- ]haves?|good[- ]to[- ]haves?|responsibilit\w+|duties|"
    r"experience|education|eligibility|tools|technolog\w+|tech stack|stack|languages?|knowledge|preferred|desired|certifications?))\s*(?::|\s[–-])\s+(?=\S)",
    re.IGNORECASE,
)
_FACT_LABEL = re.compile(
    r"(?:job\s+)?(?:location|salary|ctc|stipend|compensation|pay|package|shift|timings?|hours|type|mode|department|industry|vacanc\w+|openings?|company|website|contact|email|phone|"
    r"notice\s+period|joining|job\s+(?:title|id|code|type)|title|position|role|employment\s+type|posted|deadline|gender|age|duration|start\s+date)\s*(?::|\s[–-])\s",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:experience[ds]?|knowledge|ability|skills?|able to|capable|famil\w+ with|understanding|proficien\w*|expertise|responsible for|must|require[sd]?|requirement|you(?:'ll|’ll| will| should| must| have| are| bring| can| know| enjoy| take)|"
    r"looking for|seeking|need(?:s|ed)? (?:a|an|to|someone)|qualification|degree|diploma|graduate|licen[cs]e|certif\w+|comfortable|confident|background in|track record|fluen\w+|"
    r"candidates?|applicants?|should (?:have|be|know)|willing(?:ness)? to|exposure to|hands[- ]on|passion for|ideal(?:ly)?|essential|mandatory|compulsory|desirable|preferred|(?:is|are|as) (?:a|an) (?:\w+ )?(?:plus|advantage|must)|duties include|the role (?:involves|includes|requires)|will be (?:expected|responsible))\b",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:equal opportunit\w+|salary|benefits|pension|holidays?|annual leave|about us|our (?:mission|company|values|offices?)|we (?:offer|provide|believe|were founded|are (?:a|an|the|one of))|"
    r"apply (?:now|by|at|here|online)|to apply|send your (?:cv|resume)|per annum|lpa|perks|diversity|regardless of|founded in|click|deadline|shortlisted|free (?:fruit|lunch|meals|snacks)|"
    r"competitive|insurance|bonus(?:es)?|work[- ]life|immediate joiner\w*|walk[- ]in|notice period|office (?:dog|is)|dental|401k|headquarter\w*)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:as (?:an?|our|the) [\w /-]{3,50}?,? (?=you\b|we\b))?(?:(?:we(?:'re| are|’re)?\s+(?:looking for|seeking|need)|looking for|seeking|the role (?:involves|includes|requires)|duties include|responsible for|responsibilities include)\s+)?"
    r"(?:(?:you(?:'ll|’ll|'re|’re)?|we|(?:the )?(?:ideal |successful |right )?candidates?|applicants?|they|someone|somebody|a person|people)\s+(?:who\s+|with\s+)?)?"
    r"(?:(?:must|should|will|can|also|ideally|are expected to|is expected to|would|need to|needs to)\s+)*"
    r"(?:(?:have|has|having|bring|be able to|need|needs|be comfortable with|be|are|is|comfortable with|possess(?:es)?|demonstrate|be responsible for|enjoy|know|knows)\s+)?"
    r"(?:(?:an?|the|some|your|at least|minimum(?: of)?|atleast|more than|over|\d+\+?(?:\s*(?:[-–]|to)\s*\d+)?\s*\+?\s*(?:years?|yrs?)(?:'|’|\s+of)?)\s+)*"
    r"(?:(?:proven|strong|solid|excellent|good|deep|great|relevant|demonstrated|practical|working|hands-on|professional|prior|previous|extensive|sound|confident|basic|advanced|thorough|expert)\s+)*"
    r"(?:(?:experience|knowledge|understanding|command|expertise|proficiency|familiarity|exposure|background|grasp)\s+(?:with|in|of|to|using|working with)\s+)?",
    re.IGNORECASE,
)
_EXPERIENCE_IN = re.compile(
    r"^.{0,70}?\b(?:with|having|has)\s+(?:(?:at least|atleast|a minimum of|minimum|over|more than|around)\s+)?\d+\+?(?:\s*(?:[-–]|to)\s*\d+)?\s*\+?\s*(?:years?|yrs?)(?:'|’)?"
    r"\s+(?:of\s+)?(?:\w+\s+)?experience\s+(?:in|with|of|as)\s+(?=\S)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:\s+(?:is|are|will be|would be|as))?\s*[,(]?\s*\b(?:essential|mandatory|compulsory|desirable|preferred|required|necessary|(?:a|an)\s+(?:\w+\s+)?(?:plus|advantage|must|bonus))\)?$",
    re.IGNORECASE,
)


def needs_of(job_description: str) -> tuple[str, ...]:
    """Requirements as fragments of 1-14 words, each literally in the text and fit to be quoted; at most 40."""
    found: dict[str, str] = {}
    for sentence in _wanted(job_description[:_MAX_TEXT]):
        for fragment in _fragments(sentence):
            found.setdefault(fragment.lower(), fragment)
            if len(found) >= MAX_NEEDS:
                return tuple(found.values())
    return tuple(found.values())


def _wanted(text: str) -> Iterator[str]:
    """The sentences that ask for something; what stands under a heading of wishes asks by standing there."""
    under: str = ""
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        body = line[bullet.end() :].strip() if bullet else line.strip()
        if not body:
            continue
        heading = body.rstrip(" :")
        if not bullet and len(heading.split()) <= 8 and _OFFERED.fullmatch(heading):
            under = "offered"
            continue
        if len(heading.split()) <= 8 and (_WANTED.fullmatch(body) or _WANTED.fullmatch(heading)):
            under = "wanted"
            continue
        if not bullet and body.endswith(":") and len(body.split()) <= 8:
            under = "" if under == "offered" else under
            continue
        if _FACT_LABEL.match(body):
            continue
        label = _LABEL.match(body)
        if under == "offered" and label is None:
            # A line that asks in so many words does so under any heading.
            if _ASKING.search(body) and not _NOISE.search(body) and re.match(r"(?i)you\b|must\b|candidates?\b", body):
                yield from _sentences(body)
            continue
        if label is not None:
            yield from (part for part in _sentences(body[label.end() :]) if not _NOISE.search(part))
            continue
        for sentence in _sentences(body):
            asks = bullet is not None or under == "wanted" or _ASKING.search(sentence) is not None
            if asks and not _NOISE.search(sentence):
                yield sentence


def _sentences(text: str) -> list[str]:
    return [
        part
        for part in re.split(
            r"(?<=[.!?])\s+(?=[A-Z(])|;\s*|\s{3,}|,?\s+and\s+(?=you(?:\s+will|'ll|’ll)\b)|\s[•·●▪|]\s", text
        )
        if part.strip(" .;:,!-–—")
    ]


def _fragments(sentence: str) -> Iterator[str]:
    text = sentence.strip(" .;:,!-–—•*\t")
    if told := _EXPERIENCE_IN.match(text):
        text = text[told.end() :]
    text = _CLOSING.sub("", text).strip(" ,")
    opening = _OPENING.match(text)
    if opening and opening.end() and len(text) - opening.end() >= 3:
        text = text[opening.end() :]
    items = _items(text)
    if items:
        yield from (item for item in items if _sayable(item))
        return
    for part in _parts(text):
        part = drop_dangling(part.strip(" .;:,!-–—"))
        if _sayable(part):
            yield part


def _items(text: str) -> list[str]:
    """The items of a plain list ("Java, Spring Boot and SQL"), where each is short; else none."""
    pieces = [
        piece.strip(" .")
        for piece in re.split(r",\s+(?:and\s+|or\s+|&\s+)?|\s+(?:and|&)\s+(?=[\w.+#-]+$)|\s*/\s+", text)
    ]
    if len(pieces) < 3 or any(not 1 <= len(piece.split()) <= _ITEM_WORDS - 1 for piece in pieces):
        return []
    # A first item of several words carries what the others only name ("building dashboards, reports, alerts").
    return pieces


def _parts(text: str) -> list[str]:
    """A long requirement as stretches short enough to be quoted, cut where a comma or "and" lets it."""
    if len(text.split()) <= MAX_NEED_WORDS and len(text) <= 100:
        return [text]
    parts: list[str] = []
    rest = text
    while rest and len(parts) < 3:
        if len(rest.split()) <= MAX_NEED_WORDS and len(rest) <= 100:
            parts.append(rest)
            break
        cuts = [
            (m.start(), m.end())
            for m in re.finditer(
                r"[,;:(]\s?|\s[–—-]\s|\s(?:and|or|to|with|in|for|including|such as|while|so that|that|which)\s", rest
            )
            if m.start() and len(rest[: m.start()].split()) <= MAX_NEED_WORDS and m.start() <= 100
        ]
        if not cuts:
            parts.append(" ".join(rest.split()[:MAX_NEED_WORDS]))
            break
        start, end = cuts[-1]
        parts.append(rest[:start])
        rest = rest[end:] if re.match(r"[,;]|\s(?:and|or)\s", rest[start:end]) else ""
    return parts


def _sayable(text: str) -> bool:
    words = words_of(text)
    return (
        bool(words)
        and (len(words) > 1 or len(text) > 1)
        and len(text.split()) <= MAX_NEED_WORDS
        and quotable(text, limit=110)
        and '"' not in text
        and text.count("(") == text.count(")")
        and not _WANTED.fullmatch(text)
        and not _OFFERED.fullmatch(text)
    )
