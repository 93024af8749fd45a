"""In which order the fragments of a page are read, told by where they stand.

A page is cut at its widest gutter that no line crosses, column by column, again and again. A narrow column of dates,
places or labels beside its rows is no column: it stays with them. The order of drawing is not looked at, since
programs draw headings first or dates last as they like.
"""

# Patterns read best in one piece.

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.preparation.resume.dates import find_period
from app.preparation.resume.glyphs import Fragment

_LENGTH_OF_TIME = re.compile(r"\(?\d+\s+(?:months?|years?|yrs?|mos?)\b", re.IGNORECASE)
_PLACE = re.compile(r"[A-ZÀ-Þ][\w.' -]+,\s?[A-ZÀ-Þ][\w. ]+$")
BULLET = re.compile(r"^[•·◦‣▪●○■□*➢➤►✓\uf0b7–-]$|^[•·◦‣▪●○■□➢➤►✓\uf0b7]|^[–*-]\s")
_MARK = re.compile(r"^[•·◦‣▪●○■□*➢➤►✓\uf0b7–o-]$")
_LEAST_ROWS = 4
_EDGE_CHARS = 32
_MAX_DEPTH = 8


@dataclass(slots=True)
class Row:
    """Fragments on one line, from left to right."""

    fragments: list[Fragment] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.fragments[0].left

    @property
    def right(self) -> float:
        return self.fragments[-1].right

    @property
    def base(self) -> float:
        return self.fragments[0].base

    @property
    def size(self) -> float:
        return max(fragment.size for fragment in self.fragments)

    @property
    def text(self) -> str:
        return "\t".join(fragment.text for fragment in self.fragments)


def is_edge(text: str) -> bool:
    """A date, a place or a length of time: what stands at the edge of the line it belongs to."""
    return len(text) <= 40 and bool(find_period(text) or _PLACE.match(text) or _LENGTH_OF_TIME.match(text))


def columns_of(fragments: list[Fragment], *, is_heading: re.Pattern[str], depth: int = 0) -> list[list[Row]]:
    """The fragments as columns in reading order, each a list of rows from top to bottom."""
    if not fragments:
        return []
    cut = _widest_cut(fragments, is_heading) if depth < _MAX_DEPTH else None
    if cut is None:
        return [rows_of(fragments)]
    above, left, right, below = cut
    found: list[list[Row]] = []
    for part in (above, left, right, below):
        found.extend(columns_of(part, is_heading=is_heading, depth=depth + 1))
    return found


def rows_of(fragments: list[Fragment]) -> list[Row]:
    rows: list[Row] = []
    for fragment in sorted(fragments, key=lambda f: (-f.base, f.left)):
        host = next(
            (
                row
                for row in reversed(rows[-4:])
                if abs(row.base - fragment.base) <= 0.45 * max(min(row.size, fragment.size), 4.0)
                and all(
                    fragment.left >= f.right - 0.5 * f.size or fragment.right <= f.left + 0.5 * f.size
                    for f in row.fragments
                )
            ),
            None,
        )
        if host is None:
            rows.append(Row([fragment]))
        else:
            host.fragments.append(fragment)
    for row in rows:
        row.fragments = _joined(sorted(row.fragments, key=lambda f: f.left))
    return rows


def _joined(fragments: list[Fragment]) -> list[Fragment]:
    """A bullet with its words, and words that were drawn apart, as one fragment."""
    kept: list[Fragment] = []
    for fragment in fragments:
        last = kept[-1] if kept else None
        if last is not None:
            gap = fragment.left - last.right
            marked = _MARK.match(last.text) and gap < 4 * fragment.size
            if marked or gap < 1.1 * max(fragment.size, last.size):
                joint = " " if marked or gap > 0.16 * max(fragment.size, last.size) else ""
                kept[-1] = Fragment(
                    last.text + joint + fragment.text,
                    last.left,
                    fragment.right,
                    last.base if not marked else fragment.base,
                    fragment.size if marked else max(last.size, fragment.size),
                )
                continue
        kept.append(fragment)
    return kept


_Cut = tuple[list[Fragment], list[Fragment], list[Fragment], list[Fragment]]


def _widest_cut(fragments: list[Fragment], is_heading: re.Pattern[str]) -> _Cut | None:
    """The best gutter: what is above it, left of it, right of it, below it; None when the fragments are one column."""
    ordered = sorted(fragments, key=lambda f: -f.base)
    size = sorted(f.size for f in fragments)[len(fragments) // 2]
    starts = sorted({round(f.left) for f in fragments})
    best: tuple[float, _Cut] | None = None
    for x in starts:
        edge = x - 1.0
        for band in _bands(ordered, edge):
            left = [f for f in band if f.right <= edge + 1]
            right = [f for f in band if f.left >= edge]
            if len(left) + len(right) != len(band) or not left or not right:
                continue
            if edge - max(f.right for f in left) < 0.6 * size:
                continue
            rows_left, rows_right = rows_of(left), rows_of(right)
            if min(len(rows_left), len(rows_right)) < _LEAST_ROWS or not _are_columns(
                rows_left, rows_right, is_heading
            ):
                continue
            score = min(len(rows_left), len(rows_right)) + 0.3 * max(len(rows_left), len(rows_right))
            if best is None or score > best[0] + 0.5:
                top, bottom = band[0].base, band[-1].base
                inside = {id(f) for f in band}
                above = [f for f in ordered if id(f) not in inside and f.base >= top]
                below = [f for f in ordered if id(f) not in inside and f.base < bottom]
                between = [f for f in ordered if id(f) not in inside and bottom <= f.base < top]
                if between:
                    continue
                best = (score, (above, left, right, below))
    if best is None:
        return None
    above, left, right, below = best[1]
    if below:
        # A heading at the foot of a column, over a paragraph as wide as the page, heads that paragraph.
        for column in (left, right):
            lowest = min(column, key=lambda f: f.base)
            if lowest.base == min(f.base for f in (*left, *right)) and is_heading.fullmatch(lowest.text.strip(" :")):
                column.remove(lowest)
                below.insert(0, lowest)
                break
    return above, left, right, below


def _bands(ordered: list[Fragment], x: float) -> list[list[Fragment]]:
    """Stretches of the page, from top to bottom, in which nothing crosses `x`."""
    bands: list[list[Fragment]] = [[]]
    for fragment in ordered:
        if fragment.left < x - 1 and fragment.right > x + 2:
            # What stands on the same line as the crossing fragment goes with it.
            while bands[-1] and abs(bands[-1][-1].base - fragment.base) < 0.3 * fragment.size:
                bands[-1].pop()
            bands.append([])
        else:
            bands[-1].append(fragment)
    return [band for band in bands if len(band) >= 2 * _LEAST_ROWS]


def _are_columns(left: list[Row], right: list[Row], is_heading: re.Pattern[str]) -> bool:
    """Two columns of text, and not dates, places, labels or headings that stand beside their rows."""
    if _is_margin(left, right, is_heading) or _is_margin(right, left, is_heading):
        return False
    aligned = _aligned(left, right)
    long_left, long_right = (sum(len(row.text) for row in rows) / len(rows) for rows in (left, right))
    headed = [sum(bool(is_heading.fullmatch(row.text.strip(" :"))) for row in rows) for rows in (left, right)]
    if min(headed) >= 1 or (max(headed) >= 1 and aligned < 0.8):
        return True
    return (min(long_left, long_right) >= 16) if aligned >= 0.5 else min(long_left, long_right) >= 8


def _aligned(left: list[Row], right: list[Row]) -> float:
    """The share of the shorter column's rows that stand level with a row of the other."""
    few, many = sorted((left, right), key=len)
    level = sum(any(abs(row.base - other.base) <= 0.25 * row.size for other in many) for row in few)
    return level / len(few)


def _is_margin(side: list[Row], other: list[Row], is_heading: re.Pattern[str]) -> bool:
    def marginal(row: Row) -> bool:
        text = row.text
        return len(text) <= _EDGE_CHARS and (
            is_edge(text) or text.endswith((":", "–", "-", "—")) or bool(is_heading.fullmatch(text.strip(" :")))
        )

    marked = sum(marginal(row) for row in side)
    dated = sum(is_edge(row.text) and len(row.text) <= _EDGE_CHARS for row in side)
    headings = sum(bool(is_heading.fullmatch(row.text.strip(" :"))) for row in side)
    if headings == len(side):
        return True
    # A sidebar has headings too; a margin has hardly anything else than dates, places, labels and headings.
    if marked >= 0.7 * len(side):
        return True
    return dated > 0.4 * len(side) and _aligned(side, other) > 0.7 and headings < 2
