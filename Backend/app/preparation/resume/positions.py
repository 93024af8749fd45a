"""Positions in a resume: what was done, where, when, and which lines describe it.

A dated line heads an entry together with lines above or below it. People keep one order within a resume, so every
way to take those lines is scored for all entries of a section, and the one that explains them best wins. A piece that
is no employer beyond doubt is none.
"""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from app.domain.profile import Position
from app.english.grammar import clause_of
from app.preparation.resume.dates import Period, find_period
from app.preparation.resume.marks import (
    CONTACT,
    DEGREE,
    EMPLOYMENT_TYPE,
    ENTRY_LABELS,
    LABEL,
    LENGTH_OF_TIME,
    ORGANISATION,
    SCHOOL,
    STATES,
    TITLE_WORDS,
    WEAK_TITLE,
    WORKED_AS,
    is_place,
)
from app.preparation.resume.sections import ResumeLine, Section

_Kind = Literal["job", "education", "project", "volunteering"]
_Part = Literal["title", "organisation", ""]
_KIND_OF_SECTION: dict[Section, _Kind] = {
    "education": "education",
    "projects": "project",
    "volunteering": "volunteering",
}
_SECTIONS_WITH_ENTRIES = frozenset({"experience", "education", "projects", "volunteering"})
_ORDERS = ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (0, 1), (1, 1), (0, 2))
"""How many lines above and below the dated one belong to its head."""
_HOUSE_RULE = 0.7
"""What the section's usual order weighs against an entry's own look."""
_MAX_NAME = 90
_TRADES = frozenset({"consulting", "training", "teaching", "warehouse", "freelancing"})
_LEAST_EVIDENCE = 0.4
_LONE_YEAR = 3.2
"""A year inside a description is no date of an entry, unless title and employer stand beside it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    line: int
    part: _Part = ""


@dataclass(frozen=True, slots=True)
class _Head:
    """One way to read an entry's head: the lines taken, what they name and how well that fits."""

    first: int
    last: int
    title: str
    organisation: str
    score: float
    title_first: bool | None = None
    under_a_group: bool = False


Entry = tuple[Position | None, tuple[int, ...]]


def entries_of(lines: list[ResumeLine], *, day_first: bool = True) -> list[Entry]:
    """Positions with the indices of the lines that describe them; lines of a section without a position have None."""
    dated = {i: p for i, line in enumerate(lines) if (p := _is_entry_head(line, day_first=day_first))}
    heads = _solved(lines, dated)
    taken = {i for head in heads.values() for i in range(head.first, head.last + 1)}
    for index, head in _undated(lines, dated, taken).items():
        heads[index] = head
        taken.update(range(head.first, head.last + 1))
    ordered = sorted(heads.items(), key=lambda item: item[1].first)
    entries: list[Entry] = []
    employer = ""
    for order, (index, head) in enumerate(ordered):
        period = dated.get(index)
        section = lines[index].section
        previous = ordered[order - 1] if order else None
        organisation = head.organisation
        if head.under_a_group and organisation:
            employer = organisation
        elif organisation or previous is None or lines[previous[0]].section != section:
            employer = ""
        elif employer and head.title:
            organisation = employer
        stop = ordered[order + 1][1].first if order + 1 < len(ordered) else len(lines)
        body = _body(lines, head.last, stop, section, taken)
        if not head.title and not organisation:
            continue
        kind = _kind(section, head.title, organisation)
        position = Position(
            title=head.title,
            organisation=organisation,
            start=period.start if period else "",
            end=period.end if period else "",
            kind=kind,
        )
        entries.append((position, body))
    covered = {i for _, body in entries for i in body} | taken
    entries.append((None, tuple(i for i in range(len(lines)) if i not in covered)))
    return entries


def _body(lines: list[ResumeLine], last: int, stop: int, section: Section, taken: set[int]) -> tuple[int, ...]:
    """The lines up to the next head; another heading in between closes the entry for good."""
    found: list[int] = []
    for i in range(last + 1, stop):
        if lines[i].section != section:
            break
        if i not in taken:
            found.append(i)
    return tuple(found)


def _is_entry_head(line: ResumeLine, *, day_first: bool) -> Period | None:
    if line.section not in {*_SECTIONS_WITH_ENTRIES, "top", "other", "awards", "summary"}:
        return None
    period = find_period(line.text, day_first=day_first)
    if not period:
        return None
    if period.ranged and WORKED_AS.match(line.text):
        return period
    rest = (line.text[: period.span[0]] + " " + line.text[period.span[1] :]).strip(" ()-–—|,.\t·:")
    if line.bullet and (not period.ranged or clause_of(rest) or len(rest.split()) > 9):
        return None
    if len(rest.split()) > 16 or (rest.endswith(".") and len(rest.split()) > 8):
        return None
    if not line.bullet and not period.ranged and len(rest.split()) > 12:
        return None
    if clause_of(rest) and not TITLE_WORDS.search(rest) and not DEGREE.search(rest) and len(rest.split()) > 5:
        return None
    if re.search(r"(?i)\b(?:r[eé]sum[eé]|curriculum vitae|page \d|date of birth|d\.?o\.?b|born|updated)\b", rest):
        return None
    if line.section in {"top", "other", "awards", "summary"} and not (
        period.ranged and (not rest or TITLE_WORDS.search(rest) or DEGREE.search(rest))
    ):
        return None
    return period


def _solved(lines: list[ResumeLine], dated: dict[int, Period]) -> dict[int, _Head]:
    """For each dated line its best head, the section's usual order counting beside the line's own."""
    ways: dict[int, dict[tuple[int, int], _Head]] = {}
    for index, period in dated.items():
        ways[index] = {
            order: head for order in _ORDERS if (head := _head(lines, dated, index, period, order, None)) is not None
        }
    usual: dict[tuple[Section, tuple[int, int]], list[float]] = defaultdict(list)
    title_first: dict[Section, int] = defaultdict(int)
    for index, found in ways.items():
        for order in _ORDERS:
            usual[lines[index].section, order].append(found[order].score if order in found else -1.0)
        best = max(found.values(), key=lambda head: head.score, default=None)
        if best is not None and best.title_first is not None:
            title_first[lines[index].section] += 1 if best.title_first else -1
    heads: dict[int, _Head] = {}
    taken: set[int] = set()
    for index in sorted(ways):
        section = lines[index].section
        habit = title_first[section]
        best_head: _Head | None = None
        best_score = 0.0
        for order in _ORDERS:
            head = _head(lines, dated, index, dated[index], order, habit > 0 if habit else None)
            if head is None or taken & set(range(head.first, head.last + 1)):
                continue
            scores = usual[section, order]
            score = head.score + _HOUSE_RULE * sum(scores) / len(scores)
            if best_head is None or score > best_score:
                best_head, best_score = head, score
        if best_head is None or (section == "experience" and not dated[index].ranged and best_head.score < _LONE_YEAR):
            continue
        heads[index] = best_head
        taken.update(range(best_head.first, best_head.last + 1))
    return heads


def _head(
    lines: list[ResumeLine],
    dated: dict[int, Period],
    index: int,
    period: Period,
    order: tuple[int, int],
    title_first: bool | None,
) -> _Head | None:
    above, below = order
    first, last = index - above, index + below
    if first < 0 or last >= len(lines):
        return None
    section = lines[index].section
    pieces: list[_Piece] = []
    grouped = False
    score = 0.0
    for i in range(first, last + 1):
        line = lines[i]
        if line.section != section or (i != index and i in dated):
            return None
        if i == index and (told := WORKED_AS.match(line.text)):
            pieces.append(_Piece(told["title"].strip(), i, "title"))
            pieces.append(_Piece(told["organisation"].strip(), i, "organisation"))
            continue
        if i == index:
            text = f"{line.text[: period.span[0]]}\t{line.text[period.span[1] :]}"
        elif (
            line.bullet and not (i == first and i < index and not _is_prose(line.text) and lines[i].text.count(" ") < 8)
        ) or not _names_something(line.text):
            return None
        else:
            text = line.text
        if LENGTH_OF_TIME.fullmatch(text.strip(" ()·\t")) and i < index:
            grouped = True
            continue
        pieces.extend(_pieces(text, i))
    labelled = all(LABEL.match(lines[i].text) for i in range(first + 1, index + 1))
    if above >= 3 and not labelled and not (above == 3 and grouped):
        return None
    if labelled and above:
        score += 0.5 * above
    # A blank line before the head, and what describes it after it, is how a page shows where an entry begins.
    score += 0.8 if lines[first].starts_block else -0.4 * bool(above)
    score -= 0.5 * sum(lines[i].starts_block for i in range(index + 1, last + 1))
    score += 0.3 if last + 1 >= len(lines) or lines[last + 1].bullet or _is_prose(lines[last + 1].text) else 0.0
    read = _named(pieces, section, title_first)
    if read is None:
        return None
    title, organisation, fit, order_seen = read
    return _Head(first, last, title, organisation, score + fit, order_seen, grouped)


def _is_prose(text: str) -> bool:
    if len(text.split()) > 8 or text.endswith((".", ";")):
        return True
    # "Cook, Hotel Marina" could be said of a deed as well; so short, with a title in it, it is a name.
    return clause_of(text) is not None and not (TITLE_WORDS.search(text) and len(text.split()) <= 5)


def _names_something(text: str) -> bool:
    label = LABEL.match(text)
    if label:
        return label.group(1).strip().lower() in ENTRY_LABELS
    if text[:1].islower() or text.count(",") >= 4 or text.endswith(":"):
        return False
    if len(text.split()) > 12 or (text.endswith((".", "!", "?")) and not ORGANISATION.search(text)):
        return False
    if CONTACT.search(text) and len(text.split()) < 3:
        return False
    return clause_of(text) is None or bool(TITLE_WORDS.search(text) and len(text.split()) <= 6)


def _undated(lines: list[ResumeLine], dated: dict[int, Period], taken: set[int]) -> dict[int, _Head]:
    """Entries without a date: a short line that opens a block and has something said under it."""
    found: dict[int, _Head] = {}
    for index, line in enumerate(lines):
        if index in taken or line.bullet or line.section not in _SECTIONS_WITH_ENTRIES or not line.starts_block:
            continue
        if not _names_something(line.text) or _is_prose(line.text) or line.text.endswith(":") or LABEL.match(line.text):
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        described = following is not None and following.section == line.section and index + 1 not in taken
        pieces = _pieces(line.text, index)
        read = _named(pieces, line.section, None)
        if read is None:
            continue
        title, organisation, _, _ = read
        if line.section == "projects":
            if described and following is not None and (following.bullet or _is_prose(following.text)):
                found[index] = _Head(index, index, pieces[0].text[:_MAX_NAME], "", 0.0)
            continue
        known = bool(DEGREE.search(title) if line.section == "education" else TITLE_WORDS.search(title))
        if not known:
            continue
        last = index
        if described and following is not None and not organisation and not following.bullet:
            more = _named([*pieces, *_pieces(following.text, index + 1)], line.section, None)
            if _names_something(following.text) and not _is_prose(following.text) and more is not None and more[1]:
                title, organisation, last = more[0], more[1], index + 1
        if organisation or (described and following is not None and following.bullet):
            found[index] = _Head(index, last, title, organisation, 0.0)
    return found


def _pieces(text: str, line: int) -> list[_Piece]:
    label = LABEL.match(text.strip(" \t-–—"))
    if label and (part := ENTRY_LABELS.get(label.group(1).strip().lower())) is not None:
        value = label.group(2).strip(" .,;")
        if part == "skip" or not value:
            return []
        return [_Piece(value[:_MAX_NAME], line, "title" if part == "title" else "organisation")]
    text = text.strip(" -–—|,.\t·:")
    if not text:
        return []
    named_at = re.fullmatch(r"(.{3,60}?)\s+(?:at|with|@|in)\s+(?=[A-Z])(.+)", text)
    if (
        named_at
        and "\t" not in text
        and TITLE_WORDS.search(named_at.group(1))
        and (" in " not in text or ORGANISATION.search(named_at.group(2)))
    ):
        rest = _pieces(named_at.group(2), line)
        if rest:
            return [
                _Piece(named_at.group(1).strip(" ,"), line, "title"),
                _Piece(rest[0].text, line, "organisation"),
                *rest[1:],
            ]
    parts = re.split(r"\s+[-–—|·•]+\s+|\t|\s*\|\s*|\s·\s|,\s+(?=[A-Z0-9])|\s\((?=[A-Z][^)]{3,}\)$)", text)
    found: list[_Piece] = []
    for part in parts:
        piece = _balanced(part.strip(" ,-–—|·•.\t:"))
        if (
            piece
            and not CONTACT.search(piece)
            and not re.fullmatch(r"[\W\d_]*", piece)
            and not LENGTH_OF_TIME.fullmatch(piece.strip("()"))
            and piece.lower() not in ENTRY_LABELS
            and not EMPLOYMENT_TYPE.fullmatch(piece.strip("()"))
        ):
            found.append(_Piece(piece, line))
    return found


def _balanced(text: str) -> str:
    if text.count("(") == text.count(")"):
        return text.strip("()") if re.fullmatch(r"\([^()]*\)", text) else text
    return re.sub(r"\s*\([^()]*$|^[^()]*\)\s*", "", text).strip("() ,")


def _named(
    pieces: list[_Piece], section: Section, title_first: bool | None
) -> tuple[str, str, float, bool | None] | None:
    """Title, employer, how well the pieces are explained, and whether the title stood first (None when it is a guess)."""
    names = [piece for i, piece in enumerate(pieces) if piece.part or not _tells_where(pieces, i)]
    if not names:
        return None
    titles = {i: _title_score(piece, section) for i, piece in enumerate(names)}
    owners = {i: _owner_score(piece, section) for i, piece in enumerate(names)}
    best: tuple[float, int | None, int | None] = (-9.0, None, None)
    for t in (None, *range(len(names))):
        for o in (None, *range(len(names))):
            if (t is None and o is None) or t == o:
                continue
            score = (titles[t] if t is not None else 0.0) + (owners[o] if o is not None else 0.0)
            score -= 0.6 * (len(names) - (t is not None) - (o is not None))
            if t is not None and o is not None:
                score += 0.4 if title_first is not None and (t < o) == title_first else 0.0
                score += 0.3 if o + 1 < len(pieces) and _stands_before_place(pieces, names[o]) else 0.0
                # The employer stands beside the title or on the next line, hardly further off.
                score -= 0.2 * max(0, abs(t - o) - 1) + 0.01 * (t > o)
            if score > best[0]:
                best = (score, t, o)
    score, t, o = best
    title = names[t].text[:_MAX_NAME] if t is not None else ""
    # A wrong employer is worse than none.
    organisation = names[o].text[:_MAX_NAME] if o is not None and owners[o] >= _LEAST_EVIDENCE else ""
    if section == "projects" and (t is None or titles[t] < 1.5):
        return names[0].text[:_MAX_NAME], "", score, None
    sure = t is not None and o is not None and titles[t] >= 1.5 and titles[o] < 1.0
    return title, organisation, score, (t < o) if sure and t is not None and o is not None else None


def _tells_where(pieces: list[_Piece], i: int) -> bool:
    """A place, or a town before its state or country ("YMCA, Pomona, CA")."""
    if is_place(pieces[i].text):
        return True
    after = pieces[i + 1] if i + 1 < len(pieces) else None
    before = pieces[i - 1] if i else None
    return bool(
        after
        and before
        and after.line == pieces[i].line == before.line
        and (is_place(after.text) or after.text in STATES)
        and not ORGANISATION.search(pieces[i].text)
        and not TITLE_WORDS.search(pieces[i].text)
        and not SCHOOL.search(pieces[i].text)
        and not DEGREE.search(pieces[i].text)
        and len(pieces[i].text.split()) <= 3
        and not is_place(before.text)
    )


def _stands_before_place(pieces: list[_Piece], piece: _Piece) -> bool:
    at = pieces.index(piece)
    return at + 1 < len(pieces) and pieces[at + 1].line == piece.line and is_place(pieces[at + 1].text)


def _title_score(piece: _Piece, section: Section) -> float:
    if piece.part:
        return 4.0 if piece.part == "title" else -4.0
    text = piece.text
    if section == "education":
        return 2.0 * bool(DEGREE.search(text)) - 2.0 * bool(SCHOOL.search(text)) + 0.3
    words = text.split()
    last_two = " ".join(words[-2:])
    score = 0.3
    if TITLE_WORDS.search(text):
        score = 2.0 + 0.5 * bool(TITLE_WORDS.search(last_two))
    elif WEAK_TITLE.search(text):
        score = 1.2
    if ORGANISATION.search(text) or SCHOOL.search(text):
        score -= 1.5
    return score - 0.5 * (len(words) > 8)


def _owner_score(piece: _Piece, section: Section) -> float:
    if piece.part:
        return 4.0 if piece.part == "organisation" else -4.0
    text = piece.text
    if section == "education":
        return 2.0 * bool(SCHOOL.search(text)) - 1.5 * bool(DEGREE.search(text)) + 0.4
    score = 2.0 if ORGANISATION.search(text) or SCHOOL.search(text) else 1.0 if _is_name(text) else 0.2
    if WEAK_TITLE.search(text) and not ORGANISATION.search(text):
        score -= 0.8
    if TITLE_WORDS.search(text):
        score -= 1.6 if not ORGANISATION.search(text) else 0.6
    last = text.split()[-1].lower()
    # "Software Engineer" holds a word of companies and is still a title; "Finch Partners" is none.
    if TITLE_WORDS.fullmatch(last) and not last.endswith("s") and last not in _TRADES:
        score -= 2.0
    return score - 0.6 * (len(text.split()) > 7)


def _is_name(text: str) -> bool:
    words = [
        word
        for word in re.findall(r"[^\W\d_][\w'&.-]*", text)
        if word.lower() not in {"of", "and", "the", "for", "de", "in"}
    ]
    return (bool(words) and all(word[0].isupper() for word in words) and len(words) <= 6) or bool(
        re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", text)
    )


def _kind(section: Section, title: str, organisation: str) -> _Kind:
    if section in _KIND_OF_SECTION:
        return _KIND_OF_SECTION[section]
    if re.search(r"\bvolunteer", title, re.I):
        return "volunteering"
    if section != "experience" and DEGREE.search(title) and SCHOOL.search(organisation or title):
        return "education"
    return "job"
