"""`python -m app.limits_ts` hands what a person may give us to the pages; `--check` only says whether it is fresh."""

from __future__ import annotations

import sys
from typing import Final

from app.domain import limits
from app.settings import PROJECT_ROOT

FILE: Final = PROJECT_ROOT / "Frontend" / "src" / "lib" / "api" / "limits.gen.ts"
HEAD: Final = """// Written by `make api-types` from Backend/app/domain/limits.py; do not edit.

/** How much a person may give: characters of a text, and how many of a list. */
export const LIMITS = {
"""


def source() -> str:
    numbers = {name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)}
    return HEAD + "".join(f"  {_camel(name)}: {value},\n" for name, value in numbers.items()) + "} as const;\n"


def _camel(name: str) -> str:
    """MAX_JOB_DESCRIPTION → maxJobDescription."""
    first, *rest = name.lower().split("_")
    return first + "".join(part.capitalize() for part in rest)


def main() -> int:
    stale = not FILE.exists() or FILE.read_text() != source()
    if "--check" in sys.argv:
        if stale:
            print(f"{FILE.relative_to(PROJECT_ROOT)} is stale: make api-types")
        return int(stale)
    FILE.write_text(source())
    return 0


if __name__ == "__main__":
    sys.exit(main())
