"""The glyphs of a PDF page as the page shows them: real size, turned upright, nothing that no reader would see.

A producer may set a font at size 1 and scale it by the text matrix (macOS, Firefox, InDesign, Distiller), turn the
whole page, or spread the letters of a heading; sizes and gaps are therefore taken after all matrices.
"""

from __future__ import annotations

import ctypes
import math
import statistics
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c

# TeX's fonts carry ligatures at these codes (OT1 and T1) and no Unicode for them; pdfium marks a word broken by a
# hyphen at the end of a line with 2.
HYPHEN = "\ufffe"
_SPECIAL = {
    **dict(zip(range(0x0B, 0x10), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip(range(0x1B, 0x20), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    0x02: HYPHEN,
}
MAX_GLYPHS_PER_PAGE = 40_000
_SPACE_GAP = 0.16
"""Of the size: kerning stays below 0.1, the narrowest justified space is about 0.18."""
_COLUMN_GAP = 1.5
_LETTER_SPACED = 0.1
_TINY = 3.0
_LIGHT = 200
_LEAST_CONTRAST = 24
_LONGEST_SIDE = 1200


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character on an upright page: origin and advance in points, `base` growing upwards."""

    char: str
    left: float
    right: float
    base: float
    size: float
    light: bool
    after_space: bool


@dataclass(slots=True)
class Fragment:
    """A stretch of text on one baseline without a wide gap. Points, origin at the lower left of the upright page."""

    text: str
    left: float
    right: float
    base: float
    size: float

    @property
    def top(self) -> float:
        return self.base + 0.8 * self.size


@dataclass(frozen=True, slots=True)
class PageText:
    """`hidden` says that something on the page cannot be seen and was left out."""

    fragments: list[Fragment]
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Raw:
    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    angle: int
    light: bool
    after_space: bool


def read_page(page: Any) -> PageText:
    """Everything a reader sees on the page, in drawing order."""
    found = _raw_glyphs(page)
    if not found:
        return PageText(_field_values(page, 0), False)
    angle = Counter(raw.angle for raw in found).most_common(1)[0][0]
    box = page.get_mediabox() or (0.0, 0.0, 612.0, 792.0)
    shown = [raw for raw in found if raw.size >= _TINY]
    hidden = len(found) - len(shown)
    light = [raw for raw in shown if raw.light]
    if light:
        unseen = _without_contrast(page, light, box)
        hidden += len(unseen)
        shown = [raw for raw in shown if id(raw) not in unseen]
    # A title set sideways along the edge is ornament: its letters are nobody's words.
    fragments = fragments_of([_upright(raw, angle) for raw in shown if raw.angle == angle])
    (left, bottom), (right, top) = _turned(box[0], box[1], angle), _turned(box[2], box[3], angle)
    kept = [
        f
        for f in fragments
        if f.right > min(left, right)
        and f.left < max(left, right)
        and min(bottom, top) - 2 <= f.base <= max(bottom, top) + 2
    ]
    hidden += sum(len(f.text) for f in fragments) - sum(len(f.text) for f in kept)
    return PageText([*kept, *_field_values(page, angle)], hidden >= 3)


def _raw_glyphs(page: Any) -> list[_Raw]:
    # The handle lives only as long as its owner is held.
    owner = page.get_textpage()
    text = owner.raw
    count = min(pdfium_c.FPDFText_CountChars(text), MAX_GLYPHS_PER_PAGE)
    x, y = ctypes.c_double(), ctypes.c_double()
    loose, matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    codes = Counter(pdfium_c.FPDFText_GetUnicode(text, index) for index in range(count))
    # Some fonts of macOS have their blank at a code that is a ligature of TeX's; no ligature is as frequent.
    blanks = {code for code in _SPECIAL if code != 0x02 and codes[code] > 0.04 * count}
    glyphs: list[_Raw] = []
    space = False
    for index in range(count):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        if code in blanks:
            space = True
            continue
        char = _SPECIAL.get(code) or (chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "")
        if char.isspace():
            space = True
            continue
        if not char or not pdfium_c.FPDFText_GetCharOrigin(text, index, x, y):
            continue
        size, angle = pdfium_c.FPDFText_GetFontSize(text, index), 0
        if pdfium_c.FPDFText_GetMatrix(text, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
            angle = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360
        width = 0.5 * size
        if pdfium_c.FPDFText_GetLooseCharBox(text, index, loose):
            width = abs(loose.top - loose.bottom) if angle in (90, 270) else abs(loose.right - loose.left)
        along = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[angle]
        light = False
        if pdfium_c.FPDFText_GetFillColor(text, index, red, green, blue, alpha):
            light = min(red.value, green.value, blue.value) >= _LIGHT or alpha.value < 40
        glyphs.append(
            _Raw(
                char,
                x.value,
                y.value,
                x.value + along[0] * width,
                y.value + along[1] * width,
                size,
                angle,
                light,
                space,
            )
        )
        space = False
    return glyphs


def _upright(raw: _Raw, angle: int) -> Glyph:
    left, base = _turned(raw.x0, raw.y0, angle)
    right, _ = _turned(raw.x1, raw.y1, angle)
    return Glyph(raw.char, left, right, base, raw.size, raw.light, raw.after_space)


def _turned(x: float, y: float, angle: int) -> tuple[float, float]:
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[angle]


def _without_contrast(page: Any, glyphs: list[_Raw], box: tuple[float, float, float, float]) -> set[int]:
    """Those of the light glyphs that do not stand out from what is painted behind them, as `id`s."""
    width, height = page.get_size()
    scale = min(2.0, _LONGEST_SIDE / max(width, height, 1.0))
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    rotation = page.get_rotation()
    unseen: set[int] = set()
    for raw in glyphs:
        reach = 0.7 * raw.size
        corners = [
            _on_screen(raw.x0 + dx - box[0], raw.y0 + dy - box[1], box[2] - box[0], box[3] - box[1], rotation)
            for dx, dy in _corners(raw, reach)
        ]
        xs = [min(max(int(cx * scale), 0), bitmap.width - 1) for cx, _ in corners]
        ys = [min(max(int(cy * scale), 0), bitmap.height - 1) for _, cy in corners]
        area = b"".join(
            pixels[row * stride + min(xs) : row * stride + max(xs) + 1] for row in range(min(ys), max(ys) + 1)
        )
        if area and max(area) - min(area) < _LEAST_CONTRAST:
            unseen.add(id(raw))
    return unseen


def _corners(raw: _Raw, reach: float) -> list[tuple[float, float]]:
    along = (raw.x1 - raw.x0, raw.y1 - raw.y0)
    length = math.hypot(*along) or 1.0
    up = (-along[1] / length * reach, along[0] / length * reach)
    return [(0.0, 0.0), along, up, (along[0] + up[0], along[1] + up[1])]


def _on_screen(x: float, y: float, width: float, height: float, rotation: int) -> tuple[float, float]:
    return {0: (x, height - y), 90: (y, x), 180: (width - x, y), 270: (height - y, width - x)}[rotation]


def fragments_of(glyphs: list[Glyph]) -> list[Fragment]:
    """Glyphs in drawing order as stretches of words."""
    stretches: list[list[Glyph]] = []
    for glyph in glyphs:
        last = stretches[-1][-1] if stretches else None
        if last is not None and _follows(last, glyph):
            stretches[-1].append(glyph)
        else:
            stretches.append([glyph])
    fragments: list[Fragment] = []
    for stretch in stretches:
        fragments.extend(_words(stretch))
    return [fragment for fragment in fragments if fragment.text]


def _follows(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size)
    gap = glyph.left - last.right
    return abs(glyph.base - last.base) <= 0.55 * size and -1.3 * size <= gap <= 4 * size


def _words(stretch: list[Glyph]) -> list[Fragment]:
    """A letter-spaced stretch is measured by its own usual gap, so that its words stay words."""
    gaps = [b.left - a.right for a, b in pairwise(stretch)]
    size = statistics.median(g.size for g in stretch)
    usual = statistics.median(gaps) if len(gaps) >= 3 else 0.0
    spaced = usual > _LETTER_SPACED * size and sum(abs(gap - usual) < 0.12 * size for gap in gaps) >= 0.55 * len(gaps)
    word_gap = usual + _SPACE_GAP * size if spaced else _SPACE_GAP * size
    # A blank that was typed is a blank, except between the letters of a spaced heading.
    spoken_gap = usual + 0.05 * size if spaced else 0.02 * size
    # The size of a stretch may change within it (small capitals), its own glyphs say how wide a gap is.
    wide = max(_COLUMN_GAP * size, 2.5 * usual if spaced else 0.0)
    pieces: list[Fragment] = []
    chars: list[str] = []
    first = 0

    def close(last: int) -> None:
        text = "".join(chars).strip()
        if text:
            run = stretch[first : last + 1]
            pieces.append(Fragment(text, run[0].left, run[-1].right, run[0].base, max(g.size for g in run)))

    for index, glyph in enumerate(stretch):
        gap = gaps[index - 1] if index else 0.0
        if index and gap > wide:
            close(index - 1)
            chars, first = [], index
        elif index and (gap > word_gap or (glyph.after_space and gap > spoken_gap)):
            chars.append(" ")
        chars.append(glyph.char)
    close(len(stretch) - 1)
    return pieces


def _field_values(page: Any, angle: int) -> list[Fragment]:
    """What was filled into a form stands in its fields and not on the page."""
    found: list[Fragment] = []
    rect = pdfium_c.FS_RECTF()
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page.raw), 400)):
        note = pdfium_c.FPDFPage_GetAnnot(page.raw, index)
        if not note:
            continue
        try:
            if pdfium_c.FPDFAnnot_GetSubtype(note) != pdfium_c.FPDF_ANNOT_WIDGET:
                continue
            value = _string_value(note, b"V").replace("\r\n", "\n").replace("\r", "\n").strip()
            if not value or not pdfium_c.FPDFAnnot_GetRect(note, rect):
                continue
            lines = [line.strip() for line in value.split("\n")][:60]
            left, top = _turned(rect.left, max(rect.top, rect.bottom), angle)
            right, _ = _turned(rect.right, rect.bottom, angle)
            step = min(12.0, abs(rect.top - rect.bottom) / len(lines)) or 10.0
            found.extend(
                Fragment(line, min(left, right), max(left, right), top - step * (i + 0.8), min(10.0, step))
                for i, line in enumerate(lines)
                if line
            )
        finally:
            pdfium_c.FPDFPage_CloseAnnot(note)
    return found


def _string_value(note: Any, key: bytes) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2 or size > 40_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", errors="replace")


def plain_text(page: Any) -> str:
    """The library's own reading of the page, for where ours falls apart."""
    try:
        return str(page.get_textpage().get_text_range())
    except pypdfium2.PdfiumError:
        return ""
