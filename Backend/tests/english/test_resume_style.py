from __future__ import annotations

import pytest

from app.english.grammar import clause_of
from app.english.resume_style import speakable
from app.english.second_person import reflected


def _said(line: str) -> str:
    clause = clause_of(line)
    assert clause is not None
    spoken = speakable(clause)
    assert spoken.fact in spoken.text
    assert spoken.fact in line
    return spoken.text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Scaled engineering team from 3 to 28", "scaled the engineering team from 3 to 28"),
        ("Led team of 12 nurses on the night shift", "led a team of 12 nurses on the night shift"),
        ("Built data pipeline processing logs", "built data pipeline processing logs"),
        ("Created on-device compression pipeline for phones", "created an on-device compression pipeline for phones"),
        ("Co-authored paper accepted at NeurIPS 2022", "co-authored a paper accepted at NeurIPS 2022"),
        ("Designed sparse attention mechanism reducing memory by 4.2x",
         "designed a sparse attention mechanism reducing memory by 4.2x"),
    ],
)  # fmt: skip
def test_a_counted_thing_gets_the_article_a_resume_leaves_out(line: str, said: str) -> None:
    assert _said(line) == said


@pytest.mark.parametrize(
    "line",
    [
        "Reduced latency by 40% across all regions",
        "Led the platform team through a migration",
        "Managed three teams in two countries",
        "Improved training throughput by 47%",
        "Raised $18M Series A led by Sequoia Capital",
        "Trained new nurses on the ward",
        "Taught Python to first-year students",
    ],
)
def test_what_needs_no_article_gets_none(line: str) -> None:
    clause = clause_of(line)
    assert clause is not None
    assert speakable(clause) == clause


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Modeled software design, implemented various prototypes, conducted usability tests",
         "modeled software design, implemented various prototypes, and conducted usability tests"),
        ("Supervised software development lifecycle, Recruited team members",
         "supervised the software development lifecycle and recruited team members"),
        ("Planned menus, ordered fruit, and trained two cooks", "planned menus, ordered fruit, and trained two cooks"),
        ("Designed posters, flyers, banners", "designed posters, flyers, banners"),
    ],
)  # fmt: skip
def test_a_row_of_deeds_gets_its_and(line: str, said: str) -> None:
    assert _said(line) == said


def test_an_answer_said_back_closes_its_row_of_deeds() -> None:
    said = reflected("I tried it for two weeks with one team, compared the numbers with before")
    assert said == "you tried it for two weeks with one team and compared the numbers with before"
