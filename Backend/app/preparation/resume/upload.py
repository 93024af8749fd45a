"""From an uploaded file to its text, with every bound stated: the setting's bytes, 30 pages, 10 seconds, a process that may die, and
only so many of them.
"""

# Messages to people stand in one piece.
# ruff: noqa: E501

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.domain.limits import MAX_RESUME_PAGES
from app.errors import InvalidInput
from app.pools import Turns

TIMEOUT_S = 10.0
READERS = Turns(at_once=2, waiting=20)
"""Each may take 768 MB; a file that waits takes no more than its own size."""
_MAX_ANSWER = 2_000_000
_BACKEND = Path(__file__).resolve().parents[3]
WORKER = (sys.executable, "-m", "app.preparation.resume.sandbox")

_MESSAGES = {
    "resume_encrypted": "This file is protected by a password. Save a copy without one, or paste the text instead.",
    "resume_scanned": "This file holds pictures of pages and no text. Paste the text instead, or upload the original document.",
    "resume_empty": "There is no text in this file. Choose another file, or paste the text instead.",
    "resume_too_many_pages": f"This file has more than {MAX_RESUME_PAGES} pages. Upload only the resume, or paste its text.",
    "resume_unreadable": "This file could not be read; it may be damaged. Export it again as PDF, or paste the text instead.",
    "resume_shattered": "The words of this file cannot be told apart. Export it again as PDF from where it was written, or paste the text instead.",
    "resume_type": "This is not a PDF, DOCX or text file. Export your resume as PDF, or paste the text instead.",
    "resume_timeout": "Reading this file took too long. Export it again as PDF, or paste the text instead.",
}


@dataclass(frozen=True, slots=True)
class ResumeText:
    """What a file says. `warnings` are codes: ``scanned_pages`` (some pages are pictures), ``shortened``, ``hidden_text``."""

    text: str
    pages: int
    kind: Literal["pdf", "docx", "text"]
    warnings: tuple[str, ...] = ()


def _refusal(code: str) -> InvalidInput:
    known = code if code in _MESSAGES else "resume_unreadable"
    return InvalidInput(known, _MESSAGES[known], field="resume")


async def read_resume_file(
    data: bytes, filename: str, *, timeout_s: float = TIMEOUT_S, worker: Sequence[str] = WORKER
) -> ResumeText:
    """The text of a PDF, DOCX or text file; its type is told by its content, `filename` only rules out nothing to read.

    How large a file may be is asked where it comes in. Raises `InvalidInput` with ``resume_encrypted``, ``resume_scanned``,
    ``resume_empty``, ``resume_too_many_pages``, ``resume_unreadable``, ``resume_shattered``, ``resume_type`` or
    ``resume_timeout``.
    A reader that crashes or runs over its memory is ``resume_unreadable``; one that hangs is killed.
    Raises Unavailable when too many files are being read already.
    """
    if not data.strip():
        raise _refusal("resume_empty")
    async with READERS.turn():
        return await _read(data, timeout_s, worker)


async def _read(data: bytes, timeout_s: float, worker: Sequence[str]) -> ResumeText:
    process = await asyncio.create_subprocess_exec(
        *worker,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_BACKEND,
        # Nothing of our own environment (secrets, proxies) is handed to the process that opens a stranger's file.
        env={
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **_windows_environment(),
        },
        start_new_session=True,
        limit=_MAX_ANSWER,
    )
    try:
        async with asyncio.timeout(timeout_s):
            answer, _ = await process.communicate(data)
    except TimeoutError:
        raise _refusal("resume_timeout") from None
    except (BrokenPipeError, ConnectionResetError):
        raise _refusal("resume_unreadable") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())
    return _parse(process.returncode, answer)


def _windows_environment() -> dict[str, str]:
    return {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}


def _parse(returncode: int | None, answer: bytes) -> ResumeText:
    if returncode != 0 or not answer or len(answer) > _MAX_ANSWER:
        raise _refusal("resume_unreadable")
    try:
        parsed = json.loads(answer)
    except ValueError:
        raise _refusal("resume_unreadable") from None
    if not isinstance(parsed, dict) or not parsed.get("ok"):
        raise _refusal(str(parsed.get("error", "")) if isinstance(parsed, dict) else "")
    return ResumeText(
        text=parsed["text"], pages=parsed["pages"], kind=parsed["kind"], warnings=tuple(parsed["warnings"])
    )
