"""The process that opens a stranger's file, and may die of it: `python -m app.preparation.resume.sandbox`.

Standard input is the file (already at most 10 MB), standard output one JSON object: `{"ok": …}` with `text`, `pages`,
`kind`, `warnings`, or `{"error": code}`. It holds itself to 768 MB of address space and ten seconds of processor time,
opens no network connection and writes no file.
"""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Required, TypedDict

from app.domain.limits import MAX_RESUME_PAGES

MAX_TEXT = 200_000
# pdfium and the interpreter take about 150 MB of address space for an ordinary resume (measured).
MAX_ADDRESS_SPACE = 768 * 1024 * 1024
MAX_CPU_S = 10
NICENESS = 5
"""Whoever is speaking comes before whoever has just uploaded."""
# An honest DOCX of 30 pages unpacks to a few MB besides its pictures, which are never read.
MAX_UNPACKED = 40 * 1024 * 1024
MAX_ENTRIES = 2_000
_SCANNED_PAGE_CHARS = 20
_MARGIN_CHARS = 40
_COLUMN_BREAK = "\f"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Refused(Exception):
    """The file cannot be read; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def limit_resources(address_space: int = MAX_ADDRESS_SPACE, cpu_s: int = MAX_CPU_S) -> None:
    """Caps this process. Where a platform has no such limit (Windows, macOS in part), the parent's timeout remains."""
    try:
        import resource
    except ImportError:
        return
    for what, value in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))


class SandboxAnswer(TypedDict, total=False):
    """What the parent process is told: the text with what is known of it, or the code of a refusal in `error`."""

    ok: Required[bool]
    error: str
    text: str
    pages: int
    kind: str
    warnings: list[str]


def read(data: bytes) -> SandboxAnswer:
    """Text of a file whose type is told by its content. Raises `Refused`."""
    head = data[:1024]
    if b"%PDF-" in head:
        return _read_pdf(data)
    if head.startswith(b"PK\x03\x04"):
        return _read_docx(data)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Refused("resume_encrypted" if encrypted else "resume_type")
    if head.startswith(
        (
            b"{\\rtf",
            b"\x89PNG",
            b"\xff\xd8\xff",
            b"GIF8",
            b"BM",
            b"II*\x00",
            b"MM\x00*",
            b"\x1f\x8b",
            b"7z\xbc",
            b"Rar!",
            b"\x7fELF",
            b"MZ",
        )
    ):
        raise Refused("resume_type")
    return _read_text(data)


def _read_pdf(data: bytes) -> SandboxAnswer:
    import pypdfium2

    from app.preparation.resume.layout import is_shattered, page_text

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Refused("resume_encrypted" if locked else "resume_unreadable") from None
    pages = len(document)
    if pages == 0:
        raise Refused("resume_empty")
    if pages > MAX_RESUME_PAGES:
        raise Refused("resume_too_many_pages")
    texts: list[str] = []
    pictured = 0
    hidden = False
    for index in range(pages):
        page = document[index]
        seen = page_text(page)
        text, hidden = seen.text, hidden or seen.hidden
        if len("".join(text.split())) < _SCANNED_PAGE_CHARS:
            pictured += any(
                True
                for _ in page.get_objects(
                    filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE, pypdfium2.raw.FPDF_PAGEOBJ_PATH), max_depth=3
                )
            )
        texts.append(text)
    text = "\n\n".join(texts).strip()
    if len("".join(text.split())) < _SCANNED_PAGE_CHARS:
        raise Refused("resume_scanned" if pictured else "resume_empty")
    if is_shattered(text):
        raise Refused("resume_shattered")
    warnings = [code for code, holds in (("scanned_pages", pictured), ("hidden_text", hidden)) if holds]
    return _answer(text, pages, "pdf", warnings)


def _read_docx(data: bytes) -> SandboxAnswer:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Refused("resume_unreadable") from None
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise Refused("resume_type")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("resume_encrypted")
    if len(entries) > MAX_ENTRIES or len(names) != len(entries):
        raise Refused("resume_unreadable")
    # python-docx unpacks every part, pictures included, so all of them count. The stated size may lie: unpacking tells.
    unpacked = 0
    for entry in entries:
        unpacked += entry.file_size
        if unpacked > MAX_UNPACKED:
            raise Refused("resume_unreadable")
        try:
            with archive.open(entry) as part:
                if len(part.read(entry.file_size + 1)) > entry.file_size:
                    raise Refused("resume_unreadable")
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
            raise Refused("resume_unreadable") from None
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise Refused("resume_unreadable") from None
            raise

    import docx
    from docx.document import Document
    from docx.table import Table

    try:
        document: Document = docx.Document(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - a damaged part fails in dozens of ways inside python-docx
        raise Refused("resume_unreadable") from None
    lines: list[str] = []
    _accept_changes(document.element.body)
    for section in document.sections[:3]:
        if not section.header.is_linked_to_previous:
            _accept_changes(section.header._element)
            lines.extend(_docx_lines(section.header.iter_inner_content(), Table, 0))
    lines.extend(_docx_lines(document.iter_inner_content(), Table, 0))
    lines.extend(_text_boxes(document))
    text = "\n".join(lines).strip()
    if not text:
        raise Refused("resume_scanned" if any(name.startswith("word/media/") for name in names) else "resume_empty")
    # A DOCX has no pages until it is laid out; 3,000 characters is a full page.
    pages = 1 + len(text) // 3_000
    if pages > 3 * MAX_RESUME_PAGES:
        raise Refused("resume_too_many_pages")
    return _answer(text, pages, "docx", [])


def _docx_lines(blocks: Iterable[Any], table_type: type[Any], depth: int) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, table_type):
            if depth > 4:
                continue
            for row in block.rows:
                cells: list[list[str]] = []
                seen: set[int] = set()
                for cell in row.cells:
                    if id(cell._tc) in seen:
                        continue
                    seen.add(id(cell._tc))
                    cells.append(
                        [line for line in _docx_lines(cell.iter_inner_content(), table_type, depth + 1) if line]
                    )
                lines.extend(_row_lines([cell for cell in cells if cell]))
            continue
        text = block.text.strip()
        style = (block.style.name or "") if block.style is not None else ""
        listed = "List" in style or (block._p.pPr is not None and block._p.pPr.numPr is not None)
        if style.startswith("Heading") and text:
            lines.append("")
        first, *more = text.split("\n")
        lines.extend([f"• {first}" if listed and first else first, *(line.strip() for line in more)])
        if len(lines) > 4_000:
            break
    return lines


def _row_lines(cells: list[list[str]]) -> list[str]:
    """A row of a table: one line, an entry with its date or place beside it, or columns of a page."""
    if all(len(cell) <= 1 for cell in cells):
        return ["\t".join(cell[0] for cell in cells)]
    longest = max(cells, key=len)
    beside = [cell for cell in cells if cell is not longest]
    if all(len(cell) <= 2 and len(" ".join(cell)) <= _MARGIN_CHARS for cell in beside):
        edge = "\t".join(" ".join(cell) for cell in beside)
        return [f"{longest[0]}\t{edge}" if edge else longest[0], *longest[1:], ""]
    lines: list[str] = []
    for cell in cells:
        lines.extend([*cell, "", _COLUMN_BREAK])
    return lines


def _accept_changes(root: Any) -> None:
    """Content controls and tracked insertions stand open in the text, what was deleted or moved away is gone."""
    for tag in ("del", "moveFrom"):
        for node in list(root.iter(_WORD + tag)):
            node.getparent().remove(node)
    for tag in ("sdt", "ins", "moveTo", "smartTag", "customXml"):
        for node in list(root.iter(_WORD + tag)):
            parent = node.getparent()
            if parent is None:
                continue
            inner = node.find(f"{_WORD}sdtContent") if tag == "sdt" else node
            at = parent.index(node)
            for offset, child in enumerate(list(inner) if inner is not None else []):
                parent.insert(at + offset, child)
            parent.remove(node)


def _text_boxes(document: Any) -> list[str]:
    lines: list[str] = []
    for box in document.element.body.iter(f"{_WORD}txbxContent"):
        for paragraph in box.iter(f"{_WORD}p"):
            text = "".join(node.text or "" for node in paragraph.iter(f"{_WORD}t")).strip()
            if text and text not in lines:
                lines.append(text)
    return lines[:500]


def _read_text(data: bytes) -> SandboxAnswer:
    text = ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            text = data.decode("utf-16")
    elif b"\x00" in data:
        raise Refused("resume_type")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    text = text.lstrip("\ufeff").replace("\f", "\n")
    if not text.strip():
        raise Refused("resume_empty")
    odd = sum(not (ch.isprintable() or ch in "\n\r\t\f") for ch in text[:20_000]) + text[:20_000].count("\ufffd")
    if odd > 0.05 * min(len(text), 20_000):
        raise Refused("resume_type")
    pages = 1 + len(text) // 3_000
    if pages > 3 * MAX_RESUME_PAGES:
        raise Refused("resume_too_many_pages")
    return _answer(text, pages, "text", [])


def _answer(text: str, pages: int, kind: str, warnings: list[str]) -> SandboxAnswer:
    if len(text) > MAX_TEXT:
        text, warnings = text[:MAX_TEXT], [*warnings, "shortened"]
    clean = "".join(ch if ch.isprintable() or ch in "\n\t\f\ufffe\u00ad" else " " for ch in text)
    return {"ok": True, "text": clean, "pages": pages, "kind": kind, "warnings": warnings}


def main() -> int:
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    limit_resources()
    data = sys.stdin.buffer.read()
    try:
        answer: SandboxAnswer = read(data)
    except Refused as refused:
        answer = {"ok": False, "error": refused.code}
    except MemoryError:
        answer = {"ok": False, "error": "resume_unreadable"}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
