"""Understands a resume: who, which skills, which positions and when, what was claimed.

Layouts differ more than words do, so nothing hangs on one layout: a position is found by its period, its title by
the words titles end in, and a claim is any line that describes a deed, bulleted or not.
"""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from app.services.language_model.base import Claim, Position, ProfileDraft
from app.services.language_model.embedded.claims import numbers_in
from app.services.language_model.embedded.grammar import clause_of, first_sentence, words_of
from app.services.language_model.embedded.resume_dates import Period, find_period, months
from app.services.language_model.embedded.resume_language import language_of
from app.services.language_model.embedded.resume_lines import (
    Line,
    Section,
    clean_text,
    heading_of,
    list_items,
    logical_lines,
)

MAX_CLAIMS = 60
MAX_SKILLS = 40
MAX_POSITIONS = 25
MAX_CLAIM_CHARS = 400

_TITLE_WORDS = re.compile(
    r"\b(?:accountant|adviser|advisor|actuary|administrator|agent|analyst|apprentice|architect|artist|assistant|associate|attorney|auditor|baker|barista|"
    r"barrister|bartender|bookkeeper|buyer|captain|caregiver|carer|carpenter|cashier|chair|chef|chief|clerk|coach|commis|consultant|controller|cook|coordinator|counsel|"
    r"counsellor|cto|ceo|cfo|coo|dentist|designer|developer|director|dispatcher|doctor|driver|economist|editor|educator|electrician|engineer|estimator|"
    r"executive|fellow|foreman|founder|freelancer?|gardener|generalist|guide|handler|handyman|head|helper|illustrator|inspector|instructor|intern|journalist|"
    r"labourer|lawyer|lead|leader|lecturer|librarian|lifeguard|machinist|manager|marketer|mechanic|member|mentor|midwife|nurse|officer|operative|operator|owner|paralegal|"
    r"paramedic|partner|pharmacist|photographer|physiotherapist|pilot|planner|plumber|porter|president|principal|producer|professor|programmer|"
    r"psychologist|receptionist|recruiter|rep|representative|researcher|sales|scientist|secretary|server|solicitor|specialist|statistician|steward|strategist|"
    r"student|superintendent|supervisor|surveyor|teacher|teaching|technician|technologist|therapist|trainee|trainer|translator|treasurer|tutor|underwriter|vet|"
    r"volunteer|waiter|waitress|warehouse|welder|worker|writer|consulting|internship|training|employee|organi[sz]er)s?\b",
    re.IGNORECASE,
)  # fmt: skip
_DEGREE = re.compile(
    r"(?:\b(?:ph\.?d|m\.?sc|b\.?sc|b\.?a|m\.?a|ll\.?[bm]|b\.?eng|m\.?eng|b\.?tech|m\.?tech|b\.?com|mba|pgce|btec|nvq|gcses?|a[- ]levels?|hnd|hnc|gpa|bs|ms|bfa|"
    r"bachelor\w*|master'?s?|diploma|degree|doctorate|certificate|certification|associate\s+(?:of|degree)|apprenticeship|studies|semester|"
    r"graduated|secondary|abitur|licen[cs]e)\b)",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b(?:university|college|school|institute|academy|polytechnic|universit\w+|faculty|conservatoire|iit|mit)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:ltd|llc|llp|inc|gmbh|plc|corp|co|ag|s\.a\.|pvt|limited|company|group|hospital|clinic|bank|council|trust|nhs|agency|studio|labs?|solutions|services|systems|"
    r"technologies|consulting|partners|associates|foundation|association|ministry|department|hotel|restaurant|kitchen|bistro|care|centre|center|"
    r"logistics|transport|freight|stores?|supermarket|retail|motors|industries|works|construction|electrical|energy|software|research|chambers|library|museum)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.\w|(?:\+|\b00)\d[\d\s().*-]{7,}|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|https?://|www\.|\b(?:linkedin|github|gitlab|behance|dribbble)\b(?:\.com)?/?\S*",
    re.IGNORECASE,
)
_PLACE_TAIL = re.compile(r"^(?:[A-Z][\w.'-]+(?:\s[A-Z][\w.'-]+){0,2}),\s(?:[A-Z]{2}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)$")
_LABEL = re.compile(r"^([A-Z][\w &/+.-]{1,38}):\s+(.*)$")
_YEARS_STATED = re.compile(
    r"\b(\d{1,2})\+?\s*(?:years?|yrs?)'?\s+(?:of\s+)?(?:\w+\s+){0,4}?(?:experience|practice|in\b|as\b|teaching|driving|nursing|working)",
    re.IGNORECASE,
)
# Page footers, identifiers, lists of names, lengths of time: on the page, but nobody's deed.
_NO_CLAIM = re.compile(
    r"10\.\d{4,}/|(?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+(?:, (?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+)+$|[\w .'-]+ [–-] \d+/\d+$|"
    r"(?:\d+ (?:years?|months?) ?)+$|(?:Advisor|Supervisor|GPA|Address|Phone|Date of birth|Nationality):"
)
_NOT_A_RESUME = re.compile(
    r"\b(?:invoice\s+(?:no|number|date)|amount\s+due|total\s+due|bill\s+to|subtotal|ingredients|preheat|table\s+of\s+contents|chapter\s+\d|abstract|"
    r"terms\s+and\s+conditions|dear\s+(?:sir|madam|hiring|mr|ms)|hereinafter|whereas|isbn|once\s+upon)\b",
    re.IGNORECASE,
)
_Kind = Literal["job", "education", "project", "volunteering"]
_KIND_OF_SECTION: dict[Section, _Kind] = {
    "education": "education",
    "projects": "project",
    "volunteering": "volunteering",
}


def read_resume(text: str, *, today: date | None = None) -> ProfileDraft:
    """`text` (any length; the first 120,000 characters count) as a draft the person corrects. Never raises on text."""
    lines = logical_lines(text)
    cleaned = clean_text(text)
    now = today or date.today()
    entries = _entries(lines)
    positions = tuple(position for position, _ in entries if position)[:MAX_POSITIONS]
    claims = _claims(lines, entries)
    language = language_of(cleaned)
    skills = _skills(lines)
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


def _is_entry_head(line: Line) -> Period | None:
    if line.section not in {"experience", "education", "projects", "volunteering", "top", "other", "awards", "summary"}:
        return None
    period = find_period(line.text)
    if not period:
        return None
    rest = (line.text[: period.span[0]] + " " + line.text[period.span[1] :]).strip(" ()-–—|,.\t·")
    if line.bullet and (not period.ranged or clause_of(rest) or len(rest.split()) > 9):
        return None
    if len(rest.split()) > 16 or (rest.endswith(".") and len(rest.split()) > 8):
        return None
    if not line.bullet and not period.ranged and len(rest.split()) > 12:
        return None
    if clause_of(rest) and not _TITLE_WORDS.search(rest) and not _DEGREE.search(rest) and len(rest.split()) > 5:
        return None
    if line.section in {"top", "other", "awards", "summary"} and not (
        period.ranged and (not rest or _TITLE_WORDS.search(rest) or _DEGREE.search(rest))
    ):
        return None
    return period


def _entries(lines: list[Line]) -> list[tuple[Position | None, tuple[int, ...]]]:
    """Positions with the indices of the lines that describe them; lines of a section without a position have None."""
    heads: list[tuple[int, Period]] = [(i, p) for i, line in enumerate(lines) if (p := _is_entry_head(line))]
    taken: set[int] = set()
    found: list[tuple[int, Position, int]] = []
    for order, (index, period) in enumerate(heads):
        if index in taken:
            continue
        line = lines[index]
        pieces = _pieces(line.text[: period.span[0]]) + _pieces(line.text[period.span[1] :])
        used = [index]
        before_limit = heads[order - 1][0] if order else -1
        # Titles stand above the line with the date as often as beside or below it.
        named_above = False
        above = -1 if _title_stands_below(lines, index, pieces) else index - 1
        while (
            above > before_limit
            and above not in taken
            and index - above <= 2
            and (not _enough(pieces) or _heads_block(lines, above, index, pieces))
        ):
            candidate = lines[above]
            if candidate.bullet or candidate.section != line.section or not _names_something(candidate.text):
                break
            pieces = _pieces(candidate.text) + pieces
            used.append(above)
            named_above = True
            if candidate.starts_block:
                break
            above -= 1
        below = index + 1
        while (
            not named_above
            and below < len(lines)
            and not _enough(pieces)
            and below - index <= 2
            and below not in {h for h, _ in heads}
        ):
            candidate = lines[below]
            if (
                candidate.bullet
                or candidate.section != line.section
                or candidate.starts_block
                or not _names_something(candidate.text)
            ):
                break
            pieces = pieces + _pieces(candidate.text)
            used.append(below)
            below += 1
        if not pieces:
            continue
        taken.update(used)
        title, organisation = _title_and_organisation(pieces, line.section)
        position = Position(
            title=title,
            organisation=organisation,
            start=period.start,
            end=period.end,
            kind=_kind(line.section, title, organisation),
        )
        found.append((min(used), position, max(used)))
    entries: list[tuple[Position | None, tuple[int, ...]]] = []
    for order, (_first, position, last) in enumerate(found):
        stop = found[order + 1][0] if order + 1 < len(found) else len(lines)
        section = lines[last].section
        body = tuple(i for i in range(last + 1, stop) if lines[i].section == section and i not in taken)
        entries.append((position, body))
    covered = {i for _, body in entries for i in body} | taken
    entries.append((None, tuple(i for i in range(len(lines)) if i not in covered)))
    return entries


def _title_stands_below(lines: list[Line], index: int, pieces: list[str]) -> bool:
    """Whether the dated line names an employer only and the next line the title ("2014 - 2016 - We4IT", "IT Consultant")."""
    if index + 1 >= len(lines) or any(_TITLE_WORDS.search(p) or _DEGREE.search(p) for p in pieces):
        return False
    below = lines[index + 1]
    titled = bool(_TITLE_WORDS.search(below.text) or _DEGREE.search(below.text))
    return titled and not below.bullet and not below.starts_block and _names_something(below.text)


def _heads_block(lines: list[Line], above: int, index: int, pieces: list[str]) -> bool:
    """Whether the line above opens the block the dated line stands in, as an employer above a title does."""
    known = any(_ORGANISATION.search(p) or _SCHOOL.search(p) for p in pieces)
    return not known and not lines[index].starts_block and lines[above].starts_block and above == index - 1


def _names_something(text: str) -> bool:
    if text[:1].islower() or text.count(",") >= 3 or _LABEL.match(text):
        return False
    if len(text.split()) > 12 or text.endswith((".", "!", "?")) or _CONTACT.search(text):
        return False
    return clause_of(text) is None or bool(_TITLE_WORDS.search(text) and len(text.split()) <= 5)


def _enough(pieces: list[str]) -> bool:
    """Both a title and a name, so that no further line needs to be looked at."""
    if not pieces:
        return False
    text = " ".join(pieces)
    titled = bool(_TITLE_WORDS.search(text) or _DEGREE.search(text))
    return titled and len([p for p in pieces if not _PLACE_TAIL.match(p)]) >= 2


def _pieces(text: str) -> list[str]:
    text = text.strip(" ()-–—|,.\t·:")
    if not text:
        return []
    parts = re.split(r"\s+[-–—|·•@]\s+|\t|\s*\|\s*|\s+at\s+(?=[A-Z])|\s·\s|,\s+(?=[A-Z0-9])|\s\((?=[A-Z])", text)
    return [piece for part in parts if (piece := _balanced(part.strip(" ,-–—|·•.\t:"))) and not _CONTACT.search(piece)]


def _balanced(text: str) -> str:
    if text.count("(") == text.count(")"):
        return text
    return re.sub(r"\s*\([^()]*$|^[^()]*\)\s*", "", text).strip("() ,")


def _title_and_organisation(pieces: list[str], section: Section) -> tuple[str, str]:
    def title_score(piece: str) -> int:
        score = 0
        if section == "education":
            score += 3 * bool(_DEGREE.search(piece)) - 3 * bool(_SCHOOL.search(piece))
        else:
            last = piece.split()[-1]
            score += 2 * bool(_TITLE_WORDS.search(piece)) + bool(_TITLE_WORDS.fullmatch(last))
            score -= 2 * bool(_ORGANISATION.search(piece)) + 2 * bool(_SCHOOL.search(piece))
        return score

    pieces = [p for p in pieces if not re.fullmatch(r"[\W\d_]*", p)]
    if not pieces:
        return "", ""
    if len(pieces) == 1:
        only = pieces[0]
        is_name = title_score(only) < 0 or (section in {"experience", "education"} and title_score(only) <= 0)
        return ("", only[:90]) if is_name else (only[:90], "")
    best = max(range(len(pieces)), key=lambda i: (title_score(pieces[i]), -i))
    others = [p for i, p in enumerate(pieces) if i != best]

    def name_score(i: int) -> tuple[int, int]:
        piece = others[i]
        known = bool(_ORGANISATION.search(piece) or _SCHOOL.search(piece))
        return (
            2 * known
            - bool(_PLACE_TAIL.match(piece))
            - bool(re.fullmatch(r"[A-Z]{2}|remote|part[- ]time|full[- ]time|contract", piece, re.I)),
            -i,
        )

    organisation = others[max(range(len(others)), key=name_score)]
    if section == "projects" and title_score(pieces[best]) <= 0:
        return pieces[0][:90], ""
    return pieces[best][:90], organisation[:90]


def _kind(section: Section, title: str, organisation: str) -> _Kind:
    if section in _KIND_OF_SECTION:
        kind = _KIND_OF_SECTION[section]
        if section == "volunteering" and not re.search(
            r"volunt|member|captain|president|secretary|treasurer|organi|mentor|tutor|coach", title, re.I
        ):
            return "volunteering"
        return kind
    if re.search(r"\bvolunteer", title, re.I):
        return "volunteering"
    if section != "experience" and _DEGREE.search(title) and _SCHOOL.search(organisation or title):
        return "education"
    return "job"


def _claims(lines: list[Line], entries: list[tuple[Position | None, tuple[int, ...]]]) -> list[Claim]:
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


def _claim_texts(line: Line, position: Position | None) -> list[str]:
    if line.section in {"skills", "languages", "interests", "other"} or _CONTACT.search(line.text):
        return []
    text = line.text.replace("\t", " ").strip()
    words = text.split()
    if _NO_CLAIM.match(text):
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


def _skills(lines: list[Line]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        text = line.text
        label = _LABEL.match(text)
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
        if not wanted or _CONTACT.search(text):
            continue
        body = label.group(2) if label else text
        items = list_items(body)
        for item in items:
            # An icon font leaves a stray sign or letter before the word.
            item = re.sub(r"^[^\w\s]\s+|^[0-9a-zþ]\s+(?=[A-Z])", "", item)
            item = re.sub(r"^(?:and|with|in)\s+", "", item).strip(" .*•·")
            if (
                not 2 <= len(item) <= 48
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


def _headline(lines: list[Line], positions: tuple[Position, ...], now: date) -> str:
    for line in [line for line in lines if line.section in {"top", "summary"}][:5]:
        text = _CONTACT.sub(" ", line.text)
        for piece in re.split(r"\t|\s[|·•–—-]\s|;", text):
            piece = piece.strip(" ,.|·•-–—")
            if (
                4 <= len(piece) <= 90
                and _TITLE_WORDS.search(piece)
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


def _looks_like_resume(text: str, lines: list[Line], positions: tuple[Position, ...], skills: tuple[str, ...]) -> bool:
    """Whether several independent marks of a resume are there: sections, periods, contact, titles, skills."""
    if len(words_of(text)) < 25:
        return False
    sections = {line.section for line in lines} - {"top", "other"}
    raw = [line for line in clean_text(text).split("\n") if line]
    headings = {h for line in raw if (h := heading_of(line))}
    titled = sum(bool(p.title and (_TITLE_WORDS.search(p.title) or _DEGREE.search(p.title))) for p in positions)
    first_person = bool(re.search(r"\bI(?:'ve| have| am| was| work(?:ed)?)\b", text)) and bool(
        _TITLE_WORDS.search(text)
    )
    score = 1.0 * len(headings & {"experience", "education", "skills", "projects", "volunteering", "summary"})
    score += (
        1.0 * bool(_CONTACT.search(text[:3000]))
        + min(3, titled) * 1.0
        + 0.5 * min(2, len(positions))
        + 0.5 * (len(skills) >= 3)
    )
    score += (
        1.0 * first_person
        + 0.5 * bool(_DEGREE.search(text))
        + 0.5 * ("experience" in sections)
        + 1.0 * bool(_YEARS_STATED.search(text))
    )
    score -= 1.5 * len({m.lower() for m in _NOT_A_RESUME.findall(text)})
    if len(words_of(text)) > 6000:
        score -= 3
    return score >= 2.5
