"""Dates in resumes: "Sept 2018 – May 2023", "03/2019 - present", "2015 / 07", "since 2021", "summer 2020"."""

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
_SEASONS = {"spring": 4, "summer": 7, "autumn": 10, "fall": 10, "winter": 1}
_MONTH = r"(?:(?:" + "|".join(sorted([*_MONTHS, *_SEASONS], key=len, reverse=True)) + r")\b\.?,?\s*(?:['’])?)"
_YEAR = r"(?:(?:19[5-9]|20[0-4])\d)"
_NOW = r"(?:present|now|today|current|currently|ongoing|date|to date|this day)"
_POINT = rf"(?:{_MONTH}{_YEAR}|(?:0?[1-9]|1[0-2])\s?[/.-]\s?{_YEAR}|{_YEAR}\s?[/.-]\s?(?:0[1-9]|1[0-2])(?!\d)|{_YEAR})"
_RANGE = re.compile(
    rf"(?<![\d$€£])(?<!\d-)(?:(?P<since>since|from)\s+)?(?P<start>{_POINT})(?:\s*(?:[-–—―→]|to|until|till|through)+\s*(?P<end>{_POINT}|{_NOW})(?!\d))?(?P<open>\s*[-–—]\s*$)?",
    re.IGNORECASE,
)
_FROM_MONTH = re.compile(rf"(?P<a>{_MONTH})\s*[-–—]\s*(?P<b>{_MONTH})(?P<year>{_YEAR})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """`start`, `end` as `YYYY-MM`, `YYYY` or empty, `end` may be `present`; `span` is where it stood in the line."""

    start: str
    end: str
    span: tuple[int, int]
    ranged: bool


def _point(text: str) -> str:
    lowered = text.lower().strip()
    year = re.search(_YEAR, lowered)
    if not year:
        return "present" if re.fullmatch(_NOW, lowered) else ""
    rest = lowered.replace(year.group(), " ", 1)
    word = re.search(r"[a-z]+", rest)
    if word and word.group() in _MONTHS:
        return f"{year.group()}-{_MONTHS[word.group()]:02d}"
    if word and word.group() in _SEASONS:
        return f"{year.group()}-{_SEASONS[word.group()]:02d}"
    number = re.search(r"\d{1,2}", rest)
    if number and 1 <= int(number.group()) <= 12:
        return f"{year.group()}-{int(number.group()):02d}"
    return year.group()


def find_period(line: str) -> Period | None:
    """The period a line states, a range before a single date; None when it states none."""
    both = _FROM_MONTH.search(line)
    if both:
        year = both.group("year")
        return Period(_point(f"{both.group('a')} {year}"), _point(f"{both.group('b')} {year}"), both.span(), True)
    found = list(_RANGE.finditer(line))
    if not found:
        return None
    match = max(
        found, key=lambda m: (m.group("end") is not None, bool(m.group("since") or m.group("open")), -m.start())
    )
    start, end = _point(match.group("start")), _point(match.group("end") or "")
    ranged = match.group("end") is not None
    if not ranged and (match.group("open") or (match.group("since") or "").lower() == "since"):
        end, ranged = "present", True
    begin, stop = match.span()
    return Period(start, end if ranged else start, (begin, stop), ranged)


def months(point: str, today: tuple[int, int], *, is_end: bool) -> int | None:
    """Months since year 0. A bare year counts from its January, or to its December when it ends a period."""
    if point == "present":
        return today[0] * 12 + today[1]
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", point)
    if not match:
        return None
    return int(match.group(1)) * 12 + (int(match.group(2)) if match.group(2) else (12 if is_end else 1))
