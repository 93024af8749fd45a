from __future__ import annotations

import re

from app.domain import limits
from app.settings import PROJECT_ROOT

PAGES = PROJECT_ROOT / "Frontend" / "src"


def test_the_pages_refuse_what_the_server_would_and_nothing_else() -> None:
    """They say so while somebody types, so they need the numbers before any answer: the same ones, each once."""
    schema = (PAGES / "features" / "account" / "schema.ts").read_text()
    setup = (PAGES / "lib" / "api" / "setup.ts").read_text()
    assert number("LONGEST_PASSWORD", schema) == limits.MAX_PASSWORD
    assert number("LONGEST_NAME", schema) == limits.MAX_NAME
    assert number("PASSWORD_MIN_LENGTH", setup) == limits.MIN_PASSWORD
    for page in (PAGES / "features" / "account").glob("*.tsx"):
        assert not re.search(r"(max|min)Length=\{\d", page.read_text()), page.name


def number(name: str, source: str) -> int:
    found = re.search(rf"const {name} = (\d+);", source)
    assert found is not None, name
    return int(found[1])
