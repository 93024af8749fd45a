"""Periods as people write them: "Sept 2018 – May 2023", "Jul'21 – till date", "01/04/2019 - 31/03/2023", "FY 2021-22",
"12-Jun-2018 to 31-Dec-2020", "2019-20", "Q3 2022", "since 2021", "summer 2020".
"""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_SEASONS = {"spring": 4, "summer": 7, "monsoon": 7, "autumn": 10, "fall": 10, "winter": 1}
_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"
_SEASON = r"(?:" + "|".join(_SEASONS) + r")\b"
_YEAR = r"(?:19[5-9]|20[0-4])\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUMBER = r"(?:0?[1-9]|1[0-2])"
_FORMS = rf"""(?:
      FY[\s-]?'?(?P<fy>{_YEAR}|\d\d)(?:\s?[-–/]\s?(?P<fy_end>{_YEAR}|\d\d))?
    | (?P<day>{_DAY})(?:st|nd|rd|th)?[\s./-]*(?:of\s+)?(?P<day_month>{_MONTH})[\s.,'/-]*(?P<day_year>{_YEAR}|(?<=['/-])\d\d)
    | (?P<us_month>{_MONTH})\s+{_DAY}(?:st|nd|rd|th)?,?\s+(?P<us_year>{_YEAR})
    | (?P<month>{_MONTH})[\s.,'/-]*(?P<month_year>{_YEAR})
    | (?P<short_month>{_MONTH})[\s.-]*(?P<tick>')?[\s]?(?P<short_year>\d\d)
    | (?P<season>{_SEASON})(?:\s+of)?[\s,']*(?P<season_year>{_YEAR})
    | Q(?P<quarter>[1-4])[\s,'/-]*(?P<quarter_year>{_YEAR})
    | (?P<iso_year>{_YEAR})-(?P<iso_month>0[1-9]|1[0-2])-{_DAY}
    | (?P<first>\d\d?)[/.-](?P<second>\d\d?)[/.-](?P<numeric_year>{_YEAR})
    | (?P<number>{_NUMBER})\s?[/.-]\s?(?P<number_year>{_YEAR})
    | (?P<year_first>{_YEAR})\s?[/.-]\s?(?P<year_number>0[1-9]|1[0-2])(?!\d)
    | (?P<span_start>{_YEAR})\s?[-–/]\s?'?(?P<span_end>\d\d)(?![\d/-])
    | (?P<slash_month>0[1-9]|1[0-2])/(?P<slash_year>\d\d)
    | '(?P<tick_year>\d\d)
    | (?P<year>{_YEAR})
    ) (?![\d%]|[,.]\d)"""
_POINT = re.compile(rf"(?<![\w$€£₹.,]) (?<!\d[-/]) {_FORMS}", re.IGNORECASE | re.VERBOSE)
_SECOND_POINT = re.compile(_FORMS, re.IGNORECASE | re.VERBOSE)
_BETWEEN = re.compile(
    r"[\s.,)]*(?:[-–—―‒→~]+>?|\b(?:to|until|till|til|through|thru|upto|up\s+to)\b)[\s(]*", re.IGNORECASE
)
_NOW = re.compile(
    r"(?:(?:till|to|until|upto|up\s+to)\s*[-]?\s*)?(?:the\s+)?"
    r"(?:present|now|today|current(?:ly)?(?:\s+working)?|ongoing|date|this\s+day|still\s+working|continuing|continued|onwards?|in\s+progress|"
    r"pursuing)\b(?:\s+date\b)?",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\s*(?:onwards?|and\s+continuing|(?:till|to)\s+(?:date|now|present)|still\s+working)\b", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:since|from|w\.?e\.?f\.?)\s+$", re.IGNORECASE)
_MONTH_RANGE = re.compile(rf"(?<!\w)(?P<a>{_MONTH}|{_SEASON})\s*(?:[-–—~/]|to)\s*$", re.IGNORECASE)
_OPEN = re.compile(r"\s*[-–—]\s*$")


@dataclass(frozen=True, slots=True)
class Period:
    """`start`, `end` as `YYYY-MM`, `YYYY` or empty, `end` may be `present`; `span` is where it stood in the line."""

    start: str
    end: str
    span: tuple[int, int]
    ranged: bool


@dataclass(frozen=True, slots=True)
class _Point:
    """A point may itself be a stretch ("FY 2021-22"). `sure` is false for forms that only a range makes a date."""

    start: str
    end: str
    span: tuple[int, int]
    sure: bool = True
    short_year: bool = False


def _full(year: str) -> str:
    if len(year) == 4:
        return year
    return f"20{year}" if int(year) < 50 else f"19{year}"


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _point(match: re.Match[str], *, day_first: bool) -> _Point | None:
    group, span = match.groupdict(), match.span()

    def dated(year: str, month: int | str, **more: bool) -> _Point:
        text = f"{_full(year)}-{int(month):02d}"
        return _Point(text, text, span, **more)

    if group["fy"]:
        start = _full(group["fy"])
        return _Point(start, _full(group["fy_end"]) if group["fy_end"] else start, span)
    if group["day"]:
        return dated(group["day_year"], _month(group["day_month"]))
    if group["us_month"]:
        return dated(group["us_year"], _month(group["us_month"]))
    if group["month"]:
        return dated(group["month_year"], _month(group["month"]))
    if group["short_month"]:
        return dated(group["short_year"], _month(group["short_month"]), sure=bool(group["tick"]))
    if group["season"]:
        return dated(group["season_year"], _SEASONS[group["season"].lower()])
    if group["quarter"]:
        return dated(group["quarter_year"], 3 * int(group["quarter"]) - 2)
    if group["iso_year"]:
        return dated(group["iso_year"], group["iso_month"])
    if group["first"]:
        first, second = int(group["first"]), int(group["second"])
        month = second if (first > 12 or (day_first and second <= 12)) else first
        return dated(group["numeric_year"], month) if 1 <= month <= 12 else None
    if group["number"]:
        return dated(group["number_year"], group["number"])
    if group["year_first"]:
        return _year_and_number(group["year_first"], group["year_number"], span)
    if group["span_start"]:
        start, end = group["span_start"], group["span_start"][:2] + group["span_end"]
        return _Point(start, end, span) if 0 < int(end) - int(start) <= 12 else None
    if group["slash_month"]:
        return dated(group["slash_year"], group["slash_month"], sure=False)
    if group["tick_year"]:
        year = _full(group["tick_year"])
        return _Point(year, year, span, sure=False)
    return _Point(group["year"], group["year"], span)


def _year_and_number(year: str, number: str, span: tuple[int, int]) -> _Point:
    """ "2016-09" is a month; "2009-10" is one only beside another of its kind, and the years 2009 to 2010 alone."""
    text = f"{year}-{number}"
    return _Point(text, text, span, short_year=int(number) == int(year[2:]) + 1)


def find_period(line: str, *, day_first: bool = True) -> Period | None:
    """The period a line states, a range before a single date; None when it states none.

    `day_first` says how 01/04/2019 is meant where both would be a month.
    """
    line = line[:2000].translate({0x2019: "'", 0x2018: "'", 0x60: "'", 0xAD: "-"})
    if not any(ch.isdigit() for ch in line):
        return None
    points = [point for match in _POINT.finditer(line) if (point := _point(match, day_first=day_first))]
    ranges = [found for point in points if (found := _range(line, point, day_first=day_first))]
    if ranges:
        return ranges[0]
    alone = next((point for point in points if point.sure), None)
    if alone is None:
        return None
    if alone.short_year:
        year = alone.start[:4]
        return Period(year, str(int(year) + 1), alone.span, True)
    return Period(alone.start, alone.end, alone.span, alone.start != alone.end)


def _range(line: str, point: _Point, *, day_first: bool) -> Period | None:
    begin, stop = point.span
    before, after = line[:begin], line[stop:]
    since = _SINCE.search(before)
    joint = _BETWEEN.match(after)
    if joint and (match := _SECOND_POINT.match(line, stop + joint.end())):
        last = _point(match, day_first=day_first)
        if last and last.end[:4] >= point.start[:4]:
            return Period(point.start, last.end, (since.start() if since else begin, last.span[1]), True)
    shared = _MONTH_RANGE.search(before)
    if shared and len(point.start) == 7:
        name = shared["a"].lower().rstrip(".")
        month = _MONTHS.get(name) or _SEASONS[name]
        if month <= int(point.start[5:]):
            return Period(f"{point.start[:4]}-{month:02d}", point.end, (shared.start(), stop), True)
    if joint and (now := _NOW.match(after, joint.end())):
        return Period(point.start, "present", (since.start() if since else begin, stop + now.end()), True)
    if later := _AFTERWARDS.match(after):
        return Period(point.start, "present", (since.start() if since else begin, stop + later.end()), True)
    if since and since.group().lower().startswith(("since", "w")):
        return Period(point.start, "present", (since.start(), stop), True)
    if point.sure and (left_open := _OPEN.match(after)):
        return Period(point.start, "present", (begin, stop + left_open.end()), True)
    return None


def months(point: str, today: tuple[int, int], *, is_end: bool) -> int | None:
    """Months since year 0. A bare year counts from its January, or to its December when it ends a period."""
    if point == "present":
        return today[0] * 12 + today[1]
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", point)
    if not match:
        return None
    return int(match.group(1)) * 12 + (int(match.group(2)) if match.group(2) else (12 if is_end else 1))
