"""Lines of a PDF page in reading order.

Writers of PDFs mostly draw a page in the order it is read, so the drawing order is kept. Two things break it, and
only these are mended: two columns drawn row by row (the order zigzags over a gutter), and a date or place set at the
right edge that was drawn after the lines below it.
"""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import pypdfium2.raw as pdfium_c

# TeX's fonts carry ligatures at these codes (OT1 and T1) and no Unicode for them; pdfium marks a word broken by a hyphen
# at the end of a line with 2.
_HYPHEN = "\ufffe"
_SPECIAL = {
    **dict(zip(range(0x0B, 0x10), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip(range(0x1B, 0x20), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    0x02: _HYPHEN,
}
_MAX_CHARS_PER_PAGE = 40_000
_DATE = re.compile(r"\b(?:19|20)\d{2}\b|\bpresent\b", re.IGNORECASE)
_LENGTH_OF_TIME = re.compile(r"\d+ (?:months?|years?|yrs?|mos?)\b", re.IGNORECASE)
_PLACE = re.compile(r"[A-ZÀ-Þ][\w.' -]+, [A-ZÀ-Þ][\w. ]+$")
_BULLET = re.compile(r"^[•·◦‣▪●○■□*➢➤►✓–-]$|^[•·◦‣▪●○■□➢➤►✓]|^[–*-]\s")
_LEAST_ROWS = 4


@dataclass(slots=True)
class Run:
    """A stretch of text on one baseline without a wide gap. Points, origin at the lower left of the page."""

    text: str
    left: float
    right: float
    bottom: float
    height: float


@dataclass(slots=True)
class _Row:
    runs: list[Run] = field(default_factory=list)

    @property
    def left(self) -> float:
        return min(run.left for run in self.runs)

    @property
    def bottom(self) -> float:
        return self.runs[0].bottom

    @property
    def height(self) -> float:
        return max(run.height for run in self.runs)

    @property
    def text(self) -> str:
        return "\t".join(run.text for run in sorted(self.runs, key=lambda r: r.left))


class _TextPage(Protocol):
    @property
    def raw(self) -> object: ...


def page_text(textpage: _TextPage) -> str:
    """The page as lines; a blank line where the page leaves room, a tab where a line does."""
    runs = _runs(textpage)
    rows = _attach_right_edges(_rows(_split_columns(runs)))
    return _with_blank_lines(rows)


def _runs(textpage: _TextPage) -> list[Run]:
    raw = textpage.raw
    count = min(pdfium_c.FPDFText_CountChars(raw), _MAX_CHARS_PER_PAGE)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    runs: list[Run] = []
    chars: list[str] = []
    x0 = x1 = y = size = 0.0
    pending_space = False

    def close() -> None:
        nonlocal chars, pending_space
        text = "".join(chars).strip()
        if text:
            runs.append(Run(text, x0, x1, y, size))
        chars, pending_space = [], False

    for index in range(count):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        if pdfium_c.FPDFText_IsGenerated(raw, index) == 1:
            if code == 32:
                pending_space = True
            continue
        char = _SPECIAL.get(code) or (chr(code) if 0 < code < 0x110000 else "")
        if not char or not pdfium_c.FPDFText_GetCharBox(raw, index, left, right, bottom, top):
            continue
        if char.isspace():
            pending_space = True
            continue
        height = max(4.0, pdfium_c.FPDFText_GetFontSize(raw, index) or (top.value - bottom.value))
        origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
        pdfium_c.FPDFText_GetCharOrigin(raw, index, origin_x, origin_y)
        base = origin_y.value
        if chars:
            moved = abs(base - y) > 0.55 * max(size, height)
            gap = left.value - x1
            if moved or gap > 1.9 * size or gap < -1.2 * size:
                close()
            elif (pending_space and gap > 0.02 * size) or gap > 0.28 * size:
                chars.append(" ")
        if not chars:
            x0, y, size = left.value, base, height
        chars.append(char)
        x1, size, pending_space = right.value, max(size, height), False
    close()
    return runs


def _rows(runs: list[Run]) -> list[_Row]:
    rows: list[_Row] = []
    for run in runs:
        last = rows[-1] if rows else None
        if (
            last
            and abs(last.bottom - run.bottom) <= 0.45 * max(run.height, last.height)
            and run.left >= last.runs[-1].right - 0.5 * run.height
        ):
            previous = last.runs[-1]
            if _BULLET.match(previous.text) and len(previous.text) <= 2:
                last.runs[-1] = Run(
                    f"{previous.text} {run.text}", previous.left, run.right, run.bottom, max(run.height, 4)
                )
            else:
                last.runs.append(run)
        else:
            rows.append(_Row([run]))
    return rows


def _split_columns(runs: list[Run]) -> list[Run]:
    """Where the drawing order zigzags over one gutter, the left column whole and then the right one."""
    pairs = [
        i
        for i in range(len(runs) - 1)
        if abs(runs[i].bottom - runs[i + 1].bottom) <= 0.45 * runs[i].height
        and runs[i + 1].left - runs[i].right > 0.8 * runs[i].height
        and not _BULLET.match(runs[i].text[:1] if len(runs[i].text) <= 2 else "x")
    ]
    if len(pairs) < _LEAST_ROWS:
        return runs
    best: list[int] = []
    for i in pairs:
        same = [j for j in pairs if abs(runs[j + 1].left - runs[i + 1].left) <= 14]
        if len(same) > len(best):
            best = same
    if len(best) < _LEAST_ROWS:
        return runs
    gutter_right = min(runs[j + 1].left for j in best)
    lefts, rights = [runs[j] for j in best], [runs[j + 1] for j in best]
    if not _are_columns(lefts, rights) or sum(run.right > gutter_right + 2 for run in lefts):
        return runs
    first, last = best[0], best[-1] + 1
    while (
        first > 0
        and not _crosses(runs[first - 1], gutter_right)
        and runs[first - 1].bottom < runs[first].bottom + 6 * runs[first].height
    ):
        if runs[first - 1].right - runs[first - 1].left > 1.6 * (gutter_right - min(r.left for r in lefts)):
            break
        first -= 1
    while last + 1 < len(runs) and not _crosses(runs[last + 1], gutter_right):
        last += 1
    zone = runs[first : last + 1]
    column_left = [run for run in zone if run.left < gutter_right - 2]
    column_right = [run for run in zone if run.left >= gutter_right - 2]
    return [*runs[:first], *column_left, *column_right, *runs[last + 1 :]]


def _crosses(run: Run, gutter: float) -> bool:
    return run.left < gutter - 2 and run.right > gutter + 2


def _are_columns(lefts: list[Run], rights: list[Run]) -> bool:
    """Two columns of text, and not labels with values or dates with entries, which belong on one line."""
    rows = len(lefts)
    dated = (
        sum(bool(_DATE.search(run.text)) for run in lefts),
        sum(bool(_DATE.search(run.text)) and len(run.text) < 26 for run in rights),
    )
    labelled = sum(run.text.endswith(":") for run in lefts)
    if max(dated) > 0.4 * rows or labelled > 0.3 * rows:
        return False
    words_left = sum(len(run.text) for run in lefts) / rows
    words_right = sum(len(run.text) for run in rights) / rows
    headings = sum(bool(re.fullmatch(r"(?i)(?:skills|contact|education|languages?|profile|summary|interests|tools|experience|work experience|employment|certifications?|awards|about me|projects|volunteering)", run.text)) for run in [*lefts, *rights])  # fmt: skip
    return (words_left >= 16 and words_right >= 16) or headings >= 1


def _attach_right_edges(rows: list[_Row]) -> list[_Row]:
    """A short date or place drawn later than the line it stands on is put back on that line."""
    kept: list[_Row] = []
    for row in rows:
        text = row.text
        host = None
        if len(text) <= 40 and len(row.runs) == 1:
            for earlier in reversed(kept[-40:]):
                # Once the page has gone back up, a second column has begun, and its lines belong to it.
                if earlier.bottom > row.bottom + 0.5 * row.height:
                    break
                if abs(earlier.bottom - row.bottom) <= 0.4 * row.height and row.left > max(
                    r.right for r in earlier.runs
                ):
                    host = earlier
                    break
        if host is not None and (_DATE.search(text) or _PLACE.match(text)):
            host.runs.extend(row.runs)
        else:
            kept.append(row)
    return kept


def _is_edge(text: str) -> bool:
    return len(text) <= 40 and bool(_DATE.search(text) or _PLACE.match(text) or _LENGTH_OF_TIME.match(text))


def _with_blank_lines(rows: list[_Row]) -> str:
    steps = sorted(a.bottom - b.bottom for a, b in pairwise(rows) if 2 < a.bottom - b.bottom < 40)
    usual = steps[len(steps) // 3] if steps else 12.0
    lines: list[str] = []
    head = -1
    text_left: float | None = None
    bullet_left = 0.0
    for previous, row in zip([None, *rows], rows, strict=False):
        text = row.text
        bullet = bool(_BULLET.match(text))
        if bullet and head >= 0 and "\t" in text and _is_edge(text.rsplit("\t", 1)[1]):
            # A date set beside the first bullets belongs to the line that heads them.
            text, _, edge = text.rpartition("\t")
            lines[head] += "\t" + edge
        if previous is not None:
            step = previous.bottom - row.bottom
            hanging = (
                text_left is not None and not bullet and abs(row.left - text_left) <= 14 and row.left > bullet_left + 2
            )
            if hanging and 0 < step < 1.9 * usual and "\t" not in text:
                joint = (
                    ""
                    if lines[-1].endswith((_HYPHEN, "\u00ad")) or (lines[-1].endswith("-") and text[:1].islower())
                    else " "
                )
                lines[-1] = lines[-1].rstrip(_HYPHEN + "\u00ad") + joint + text
                continue
            if (
                step < -2
                or step > 1.45 * usual
                or (text_left is not None and not bullet)
                or abs(row.height - previous.height) > 2.5
            ):
                lines.append("")
        lines.append(text)
        if not bullet:
            head = len(lines) - 1
        if bullet:
            bullet_left = row.left
            mark = re.match(r"^\S\s*", text)
            text_left = row.left + (0.9 * row.height if mark else 0.0)
        else:
            text_left, bullet_left = None, 0.0
    return "\n".join(lines)
