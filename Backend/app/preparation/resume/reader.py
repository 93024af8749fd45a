"""Understands a resume: who, which skills, which positions and when, what was claimed.

Layouts differ more than words do, so nothing hangs on one layout: a position is found by its period, its title by
the words titles end in, and a claim is any line that describes a deed, bulleted or not.
"""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from datetime import date

from app.domain.profile import Claim, Position, ProfileDraft
from app.english.grammar import clause_of, first_sentence, words_of
from app.english.language import language_of
from app.preparation.resume.claims import numbers_in
from app.preparation.resume.dates import find_period, months
from app.preparation.resume.marks import CONTACT, DEGREE, LABEL, TITLE_WORDS
from app.preparation.resume.positions import entries_of
from app.preparation.resume.sections import ResumeLine, clean_text, heading_of, list_items, logical_lines

MAX_CLAIMS = 60
MAX_SKILLS = 40
MAX_POSITIONS = 25
MAX_CLAIM_CHARS = 400
_YEARS_STATED = re.compile(
    r"\b(\d{1,2})\+?\s*(?:years?|yrs?)'?\s+(?:of\s+)?(?:\w+\s+){0,4}?(?:experience|practice|in\b|as\b|teaching|driving|nursing|working)",
    re.IGNORECASE,
)
# Page footers, identifiers, lists of names, lengths of time: on the page, but nobody's deed.
_NO_CLAIM = re.compile(
    r"10\.\d{4,}/|(?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+(?:, (?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+)+$|[\w .'-]+ [–-] \d+/\d+$|"
    r"(?:\d+ (?:years?|months?) ?)+$|Willing to relocate|(?:Advisor|Supervisor|GPA|Address|Phone|Date of birth|Nationality):"
)
# Lists and descriptions: what was used, certified, published or taught, or what the employer is. Nobody's deed.
_LISTING = re.compile(
    r"(?:technolog(?:y|ies)|tech(?:nical)? ?stack|stack|environment|tools?|software|languages?|platforms?|database|operating systems?|frameworks?|ide|"
    r"front ?end|back ?end|skills?|hardware|keywords?|team size|client|role|duration|project(?: name| title)?|(?:relevant )?(?:coursework|courses|modules|subjects)|gpa|cgpa|"
    r"certifications?|credential id)(?: (?:used|involved|known|worked on|set))*\s*[:–-]",
    re.IGNORECASE,
)
_CERTIFICATE = re.compile(
    r"\b(?:exp\.|expires|expiry|valid (?:to|till|until|through)|credential id|certified course|certification \(|licen[cs]e no)|\bcertification\b[^.]{0,30}$",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"\b(?:vol\.|pp\.|doi|isbn|issn|arxiv|scopus|springer|elsevier|ieee|proceedings|et al)\b.*\b(?:19|20)\d\d\b|^(?:[A-Z]\. ?)+[A-Z]\w+,",
    re.IGNORECASE,
)
_ABOUT_THE_EMPLOYER = re.compile(
    r"^(?!I\b|my\b|we\b)(?:[\w&.,'()-]+ ){1,9}?(?:is|are|was) (?:an?|the|one of|among|being|headquartered|based|engaged|incubated|part|\w+ incubated)\b|one of the (?:leading|largest|world)",
    re.IGNORECASE,
)
# Where 04/01/2019 is meant as April: signs of the United States, and none of India.
_MONTH_FIRST = re.compile(
    r"\+1[\s(.-]|\(\d{3}\)\s?\d{3}-\d{4}|\b[A-Z]{2} \d{5}\b|, (?:CA|NY|TX|WA|MA|NJ|IL|VA|GA|FL|PA|OH|NC)\b|\bUSA\b"
)
_INDIA = re.compile(r"\+91|\bIndia\b")
_NOT_A_RESUME = re.compile(
    r"\b(?:invoice\s+(?:no|number|date)|amount\s+due|total\s+due|bill\s+to|subtotal|ingredients|preheat|table\s+of\s+contents|chapter\s+\d|abstract|"
    r"terms\s+and\s+conditions|dear\s+(?:sir|madam|hiring|mr|ms)|hereinafter|whereas|isbn|once\s+upon)\b",
    re.IGNORECASE,
)


def read_resume(text: str, *, today: date | None = None) -> ProfileDraft:
    """`text` (any length; the first 120,000 characters count) as a draft the person corrects. Never raises on text."""
    lines = logical_lines(text)
    cleaned = clean_text(text)
    now = today or date.today()
    entries = entries_of(lines, day_first=not _MONTH_FIRST.search(cleaned) or bool(_INDIA.search(cleaned)))
    positions = tuple(position for position, _ in entries if position)[:MAX_POSITIONS]
    claims = _claims(lines, entries)
    language = language_of(cleaned)
    # Skills are told from prose by English words; in another language the guess would be put to the person as a fact.
    skills = _skills(lines) if language in {"en", "und"} else ()
    return ProfileDraft(
        headline=_headline(lines, positions, now),
        skills=skills,
        experience=tuple(sorted(positions, key=lambda p: _recency_key(p, now), reverse=True)),
        claims=tuple(_with_skills(claim, skills) for claim in claims[:MAX_CLAIMS]),
        years_of_experience=_years(positions, cleaned, now),
        language=language,
        looks_like_resume=_looks_like_resume(cleaned, lines, positions, skills),
    )


def _recency_key(position: Position, now: date) -> tuple[int, int]:
    today = (now.year, now.month)
    return months(position.end, today, is_end=True) or 0, months(position.start, today, is_end=False) or 0


def _claims(lines: list[ResumeLine], entries: list[tuple[Position | None, tuple[int, ...]]]) -> list[Claim]:
    found: list[Claim] = []
    seen: set[str] = set()
    for position, body in entries:
        for index in body:
            line = lines[index]
            for text in _claim_texts(line, position):
                key = text.lower()
                if key in seen:
                    continue
                seen.add(key)
                period = f"{position.start} - {position.end}".strip(" -") if position else ""
                found.append(
                    Claim(
                        text=text,
                        organisation=position.organisation if position else "",
                        title=position.title if position else "",
                        period=period,
                        numbers=numbers_in(text),
                    )
                )
    return found


def _claim_texts(line: ResumeLine, position: Position | None) -> list[str]:
    if line.section in {"skills", "languages", "interests", "other", "certificates", "publications"} or CONTACT.search(
        line.text
    ):
        return []
    text = line.text.replace("\t", " ").strip()
    words = text.split()
    if _NO_CLAIM.match(text) or _LISTING.match(text) or _CERTIFICATE.search(text) or _CITATION.search(text):
        return []
    if line.section == "education" and not clause_of(text):
        return []
    if _ABOUT_THE_EMPLOYER.search(text) and not clause_of(text):
        return []
    if len(words) < 3:
        return []
    if position is None and not line.bullet and line.section in {"top", "education", "experience", "volunteering"}:
        sentences = [s for s in _sentences(text) if clause_of(s) and len(s.split()) >= 5]
        return [_cut(s) for s in sentences if _is_deed(s)]
    if line.section == "summary" or (line.section == "top" and position is None):
        return [_cut(s) for s in _sentences(text) if _is_deed(s)]
    if line.bullet or line.section == "awards":
        return (
            [_cut(text)]
            if len(text) <= MAX_CLAIM_CHARS
            else [_cut(s) for s in _sentences(text) if len(s.split()) >= 3][:6]
        )
    return [
        _cut(s)
        for s in _sentences(text)
        if len(s.split()) >= 4 and (clause_of(s) or numbers_in(s) or len(s.split()) >= 6)
    ][:12]


def _is_deed(sentence: str) -> bool:
    clause = clause_of(sentence)
    return clause is not None and (clause.form == "past" or bool(numbers_in(sentence)) or len(sentence.split()) > 7)


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    rest = text
    while rest and len(found) < 40:
        head = first_sentence(rest)
        found.append(head.strip(" ;"))
        rest = rest[rest.find(head) + len(head) :].lstrip(" .!?;")
    return [s for s in found if s]


def _cut(text: str) -> str:
    text = text.strip(" ;")
    if len(text) <= MAX_CLAIM_CHARS:
        return text
    return text[:MAX_CLAIM_CHARS].rsplit(" ", 1)[0]


def _with_skills(claim: Claim, skills: tuple[str, ...]) -> Claim:
    said = _padded(claim.text)
    used = tuple(skill for skill in skills if _padded(skill) in said)[:8]
    return Claim(claim.text, claim.organisation, claim.title, claim.period, claim.numbers, used)


def _padded(text: str) -> str:
    return " " + " ".join(word.strip(".") for word in re.findall(r"[\w+#.]+", text.lower())) + " "


def _skills(lines: list[ResumeLine]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        text = line.text
        label = LABEL.match(text)
        wanted = line.section in {"skills", "languages"}
        if (
            not wanted
            and label
            and re.fullmatch(
                r"(?:techs?|tech\s+stack|stack|skills|tools|technologies|software|fields|systems|equipment|technical\s+skills)",
                label.group(1),
                re.I,
            )
        ):
            wanted = True
        if not wanted or CONTACT.search(text):
            continue
        body = label.group(2) if label else text
        items = list_items(body)
        for item in items:
            # An icon font leaves a stray sign or letter before the word.
            item = re.sub(r"^[^\w\s]\s+|^[0-9a-zþ]\s+(?=[A-Z])", "", item)
            item = re.sub(r"\s*\((?:less than )?\d+\+? (?:years?|months?)\)$", "", item, flags=re.IGNORECASE)
            item = re.sub(r"^(?:and|with|in)\s+", "", item).strip(" .*•·")
            if (
                not (2 <= len(item) <= 48 or item in {"C", "R"})
                or len(item.split()) > 6
                or find_period(item)
                or sum(ch.isalpha() for ch in item) < 1
            ):
                continue
            if heading_of(item) or (len(items) == 1 and len(item.split()) > 5):
                continue
            if item.lower() not in {s.lower() for s in found}:
                found.append(item)
    return tuple(found[:MAX_SKILLS])


def _headline(lines: list[ResumeLine], positions: tuple[Position, ...], now: date) -> str:
    for line in [line for line in lines if line.section in {"top", "summary"}][:5]:
        text = CONTACT.sub(" ", line.text)
        for piece in re.split(r"\t|\s[|·•–—-]\s|;", text):
            piece = piece.strip(" ,.|·•-–—")
            if (
                4 <= len(piece) <= 90
                and TITLE_WORDS.search(piece)
                and len(piece.split()) <= 10
                and not piece.endswith(".")
                and not clause_of(piece)
                and not find_period(piece)
                and not re.match(r"(?i)(?:i|my|curriculum|resume|cv|status|fields)\b", piece)
            ):
                return piece
    jobs = sorted(
        (p for p in positions if p.title and not re.match(r"(?i)gcse|a-levels?", p.title)),
        key=lambda p: (p.kind == "job", _recency_key(p, now)),
        reverse=True,
    )
    if jobs:
        return f"{jobs[0].title}, {jobs[0].organisation}" if jobs[0].organisation else jobs[0].title
    return ""


def _years(positions: tuple[Position, ...], text: str, now: date) -> float | None:
    """Years covered by jobs, overlaps counted once; what the text states only when no job has dates."""
    today = (now.year, now.month)
    months_worked: set[int] = set()
    for position in positions:
        start, end = (
            months(position.start, today, is_end=False),
            months(position.end or position.start, today, is_end=True),
        )
        if (
            position.kind == "job"
            and start is not None
            and end is not None
            # A bare year says when, and not how long.
            and (position.start != position.end or len(position.start) > 4)
            and re.search(r"\bstudent\b", position.title, re.I) is None
        ):
            stop = min(end, today[0] * 12 + today[1])
            # "2014 - 2016" is two years of work more often than three.
            if len(position.start) == 4 and len(position.end) == 4 and position.end != position.start:
                stop -= 12
            months_worked.update(range(start, min(stop, start + 720) + 1))
    if months_worked:
        return round(len(months_worked) / 12, 1)
    stated = _YEARS_STATED.search(text)
    return float(stated.group(1)) if stated and int(stated.group(1)) <= 60 else None


def _looks_like_resume(
    text: str, lines: list[ResumeLine], positions: tuple[Position, ...], skills: tuple[str, ...]
) -> bool:
    """Whether several independent marks of a resume are there: sections, periods, contact, titles, skills."""
    if len(words_of(text)) < 25:
        return False
    sections = {line.section for line in lines} - {"top", "other"}
    raw = [line for line in clean_text(text).split("\n") if line]
    headings = {h for line in raw if (h := heading_of(line))}
    titled = sum(bool(p.title and (TITLE_WORDS.search(p.title) or DEGREE.search(p.title))) for p in positions)
    first_person = bool(re.search(r"\bI(?:'ve| have| am| was| work(?:ed)?)\b", text)) and bool(TITLE_WORDS.search(text))
    score = 1.0 * len(headings & {"experience", "education", "skills", "projects", "volunteering", "summary"})
    score += (
        1.0 * bool(CONTACT.search(text[:3000]))
        + min(3, titled) * 1.0
        + 0.5 * min(2, len(positions))
        + 0.5 * (len(skills) >= 3)
    )
    score += (
        1.0 * first_person
        + 0.5 * bool(DEGREE.search(text))
        + 0.5 * ("experience" in sections)
        + 1.0 * bool(_YEARS_STATED.search(text))
    )
    score -= 1.5 * len({m.lower() for m in _NOT_A_RESUME.findall(text)})
    if len(words_of(text)) > 6000:
        score -= 3
    return score >= 2.5
