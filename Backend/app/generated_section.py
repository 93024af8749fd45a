"""The part of a document that is written from the code, between two marks."""

from __future__ import annotations

from collections.abc import Iterable


def renewed(text: str, lines: Iterable[str], begin: str, end: str) -> str:
    """`text` with what stands between its marks written anew. Raises ValueError where a mark is missing."""
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"the marks {begin} and {end} are missing")
    written = "\n".join(lines)
    return f"{before}{begin}\n\n{written}\n\n{end}{after}"
