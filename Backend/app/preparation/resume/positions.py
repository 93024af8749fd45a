"""Positions in a resume, found by their periods: what was done, where, when, and which lines describe it."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Literal

from app.domain.profile import Position
from app.english.grammar import clause_of
from app.preparation.resume.dates import Period, find_period
from app.preparation.resume.marks import CONTACT, DEGREE, LABEL, ORGANISATION, PLACE_TAIL, SCHOOL, TITLE_WORDS
from app.preparation.resume.sections import Line, Section

_Kind = Literal["job", "education", "project", "volunteering"]
_KIND_OF_SECTION: dict[Section, _Kind] = {
    "education": "education",
    "projects": "project",
    "volunteering": "volunteering",
}


def entries_of(lines: list[Line]) -> list[tuple[Position | None, tuple[int, ...]]]:
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
    if clause_of(rest) and not TITLE_WORDS.search(rest) and not DEGREE.search(rest) and len(rest.split()) > 5:
        return None
    if line.section in {"top", "other", "awards", "summary"} and not (
        period.ranged and (not rest or TITLE_WORDS.search(rest) or DEGREE.search(rest))
    ):
        return None
    return period


def _title_stands_below(lines: list[Line], index: int, pieces: list[str]) -> bool:
    """Whether the dated line names an employer only and the next line the title ("2014 - 2016 - We4IT", "IT Consultant")."""
    if index + 1 >= len(lines) or any(TITLE_WORDS.search(p) or DEGREE.search(p) for p in pieces):
        return False
    below = lines[index + 1]
    titled = bool(TITLE_WORDS.search(below.text) or DEGREE.search(below.text))
    return titled and not below.bullet and not below.starts_block and _names_something(below.text)


def _heads_block(lines: list[Line], above: int, index: int, pieces: list[str]) -> bool:
    """Whether the line above opens the block the dated line stands in, as an employer above a title does."""
    known = any(ORGANISATION.search(p) or SCHOOL.search(p) for p in pieces)
    return not known and not lines[index].starts_block and lines[above].starts_block and above == index - 1


def _names_something(text: str) -> bool:
    if text[:1].islower() or text.count(",") >= 3 or LABEL.match(text):
        return False
    if len(text.split()) > 12 or text.endswith((".", "!", "?")) or CONTACT.search(text):
        return False
    return clause_of(text) is None or bool(TITLE_WORDS.search(text) and len(text.split()) <= 5)


def _enough(pieces: list[str]) -> bool:
    """Both a title and a name, so that no further line needs to be looked at."""
    if not pieces:
        return False
    text = " ".join(pieces)
    titled = bool(TITLE_WORDS.search(text) or DEGREE.search(text))
    return titled and len([p for p in pieces if not PLACE_TAIL.match(p)]) >= 2


def _pieces(text: str) -> list[str]:
    text = text.strip(" ()-–—|,.\t·:")
    if not text:
        return []
    parts = re.split(r"\s+[-–—|·•@]\s+|\t|\s*\|\s*|\s+at\s+(?=[A-Z])|\s·\s|,\s+(?=[A-Z0-9])|\s\((?=[A-Z])", text)
    return [piece for part in parts if (piece := _balanced(part.strip(" ,-–—|·•.\t:"))) and not CONTACT.search(piece)]


def _balanced(text: str) -> str:
    if text.count("(") == text.count(")"):
        return text
    return re.sub(r"\s*\([^()]*$|^[^()]*\)\s*", "", text).strip("() ,")


def _title_and_organisation(pieces: list[str], section: Section) -> tuple[str, str]:
    def title_score(piece: str) -> int:
        score = 0
        if section == "education":
            score += 3 * bool(DEGREE.search(piece)) - 3 * bool(SCHOOL.search(piece))
        else:
            last = piece.split()[-1]
            score += 2 * bool(TITLE_WORDS.search(piece)) + bool(TITLE_WORDS.fullmatch(last))
            score -= 2 * bool(ORGANISATION.search(piece)) + 2 * bool(SCHOOL.search(piece))
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
        known = bool(ORGANISATION.search(piece) or SCHOOL.search(piece))
        return (
            2 * known
            - bool(PLACE_TAIL.match(piece))
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
    if section != "experience" and DEGREE.search(title) and SCHOOL.search(organisation or title):
        return "education"
    return "job"
