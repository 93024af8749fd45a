"""What a person may give us stands once: pages, columns and schemas all take it from there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.domain import limits
from app.domain.limits import size_words
from app.limits_ts import FILE, source
from app.models import Interview, Profile, User
from app.settings import PROJECT_ROOT

PAGES = PROJECT_ROOT / "Frontend" / "src"
WRITTEN = re.compile(r"\b(?:max|min)Length[=(]\{?\s*\d|\b(?:most|longest)=\{\d|(?:LONGEST|MIN_LENGTH)\w* = [\d_]+;")
"""A number that a page would know by itself."""
OWN = {"gallery-page.tsx", "typed-answer.ts", "tavus-messages.ts", "live-connection.ts", "video-failure.tsx"}
"""Show invented things, or keep to the bytes and seconds of a connection."""


def test_the_pages_have_todays_numbers() -> None:
    assert FILE.read_text() == source(), "make api-types"


def test_no_page_writes_a_number_of_its_own() -> None:
    found = {
        f"{page.relative_to(PAGES)}: {match[0]}"
        for kind in ("*.ts", "*.tsx")
        for page in (PAGES / "features").rglob(kind)
        if page.name not in OWN and ".test." not in page.name
        for match in WRITTEN.finditer(page.read_text())
    }
    assert not found


@pytest.mark.parametrize(
    ("column", "most"),
    [
        (User.email, limits.MAX_EMAIL),
        (User.name, limits.MAX_NAME),
        (Profile.headline, limits.MAX_HEADLINE),
        (Interview.role, limits.MAX_ROLE),
    ],
)
def test_a_column_holds_what_its_form_takes(column: Any, most: int) -> None:
    assert column.type.length == most


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (10 * 1024 * 1024, "10 MB"),
        (1_600_000, "1.6 MB"),
        (1_999_999, "1.9 MB"),
        (1_000_000, "1 MB"),
        (999_999, "999 kB"),
        (300_000, "300 kB"),
        (512, "512 bytes"),
    ],
)
def test_a_size_is_said_as_people_say_it_and_never_as_more_than_it_is(size_bytes: int, words: str) -> None:
    assert size_words(size_bytes) == words
