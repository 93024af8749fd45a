"""The lines of a PDF page in reading order, with a blank line where the page leaves room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.preparation.resume.glyphs import HYPHEN, Fragment, plain_text, read_page
from app.preparation.resume.order import BULLET, Row, columns_of, is_edge
from app.preparation.resume.sections import HEADING, heading_of

COLUMN_BREAK = "\f"
_ONE_LETTER_WORDS = 0.35
_OPEN_DATE = re.compile(r"(?:\d{4}|\d|[A-Za-z])\s*(?:[-–—]|to)$")


@dataclass(frozen=True, slots=True)
class ReadPage:
    text: str
    hidden: bool = False


def page_text(page: Any) -> ReadPage:
    """The page as lines; a blank line where it leaves room, a tab where a line does, a form feed between columns."""
    read = read_page(page)
    columns = columns_of(_dates_in_one_piece(read.fragments), is_heading=HEADING)
    text = f"\n{COLUMN_BREAK}\n".join(_lines(column) for column in columns)
    if is_shattered(text):
        own = plain_text(page)
        if not is_shattered(own):
            return ReadPage(own, read.hidden)
    return ReadPage(text, read.hidden)


def is_shattered(text: str) -> bool:
    """Whether the words came apart into letters; digits and bullets stand alone in honest text, letters do not."""
    words: list[str] = re.findall(r"[^\W_]+", text)
    letters = sum(len(word) == 1 and word.isalpha() for word in words)
    return len(words) >= 20 and letters > _ONE_LETTER_WORDS * len(words)


def _dates_in_one_piece(fragments: list[Fragment]) -> list[Fragment]:
    """A period broken in a narrow column ("Mar 2019 –" over "Present") is put together again."""
    kept = list(fragments)
    for fragment in fragments:
        if len(fragment.text) > 20 or not _OPEN_DATE.search(fragment.text) or not re.search(r"\d{4}", fragment.text):
            continue
        below = next(
            (
                other
                for other in kept
                if abs(other.left - fragment.left) < 3 * fragment.size
                and 0.5 * fragment.size < fragment.base - other.base < 1.9 * fragment.size
                and len(other.text) <= 16
                and is_edge(f"{fragment.text} {other.text}")
            ),
            None,
        )
        if below is not None and below is not fragment:
            kept.remove(below)
            fragment.text = f"{fragment.text} {below.text}"
            fragment.right = max(fragment.right, below.right)
    return kept


def _headings_apart(rows: list[Row]) -> list[Row]:
    """A heading in the margin stands on a line of its own before the row it is level with."""
    found: list[Row] = []
    for row in rows:
        first = row.fragments[0]
        if len(row.fragments) > 1 and heading_of(first.text) and not first.text.rstrip().endswith(":"):
            found.append(Row([first]))
            found.append(Row(row.fragments[1:]))
        else:
            found.append(row)
    return found


def _lines(rows: list[Row]) -> str:
    rows = _headings_apart(rows)
    steps = sorted(a.base - b.base for a, b in pairwise(rows) if 2 < a.base - b.base < 40)
    usual = steps[len(steps) // 3] if steps else 12.0
    lines: list[str] = []
    head = -1
    text_left: float | None = None
    bullet_left = 0.0
    for previous, row in zip([None, *rows], rows, strict=False):
        text = row.text
        bullet = bool(BULLET.match(text))
        wrapped = text_left is not None and abs(row.left - text_left) <= 14 and row.left > bullet_left + 2
        if (bullet or wrapped) and head >= 0 and "\t" in text and is_edge(text.rsplit("\t", 1)[1]):
            # A date set beside the first bullets belongs to the line that heads them.
            text, _, edge = text.rpartition("\t")
            lines[head] += "\t" + edge
        if previous is not None:
            step = previous.base - row.base
            if wrapped and not bullet and 0 < step < 1.9 * usual and "\t" not in text:
                broken = lines[-1].endswith((HYPHEN, "\u00ad"))
                joint = "" if broken or (lines[-1].endswith("-") and text[:1].islower()) else " "
                lines[-1] = lines[-1].rstrip(HYPHEN + "\u00ad") + joint + text
                continue
            if (
                step < -2
                or step > 1.45 * max(usual, row.size)
                or (text_left is not None and not bullet)
                or abs(row.size - previous.size) > 2.5
            ):
                lines.append("")
        lines.append(text)
        if not bullet:
            head = len(lines) - 1
            text_left, bullet_left = None, 0.0
        else:
            bullet_left = row.left
            text_left = row.left + (0.9 * row.size if re.match(r"^\S\s*", text) else 0.0)
    return "\n".join(lines)
