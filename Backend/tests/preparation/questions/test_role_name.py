from __future__ import annotations

import pytest

from app.preparation.questions.requirements import needs_of
from app.preparation.questions.role_name import as_somebody, role_name, written_out


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Army veteran seeking security supervisor job", "security supervisor"),
        ("I want to become a pastry chef", "pastry chef"),
        ("Looking for an HR executive position", "HR executive"),
        ("Staff nurse", "staff nurse"),
        ("Position of trust officer", "trust officer"),
        ("Fresher looking for a job", ""),
    ],
)
def test_the_occupation_is_told_from_the_sentence_around_it(typed: str, name: str) -> None:
    assert role_name(typed) == name


@pytest.mark.parametrize(
    ("role", "somebody"),
    [
        ("nurse", "a nurse"),
        ("HR executive", "an HR executive"),
        ("cabin crew", "a member of the cabin crew"),
        ("human resources", "someone in human resources"),
        ("Head of Sales", "a Head of Sales"),
        ("IT support", "someone in IT support"),
    ],
)
def test_a_role_takes_the_article_that_fits_it(role: str, somebody: str) -> None:
    assert as_somebody(role) == somebody


def test_short_titles_are_compared_in_full() -> None:
    assert "chief executive officer" in written_out("President & CEO")


def test_headings_of_an_advert_are_no_requirements_and_what_stands_behind_their_colon_is() -> None:
    needs = needs_of(
        "What you will do:\n- Own lessons for classes 6 to 8.\n"
        "Qualifications and skills:\n- B.Ed. with two years of practice\n"
        "Key Responsibilities\nRequirements: expert TypeScript; testing with a screen reader; clear writing.\n"
    )
    assert "testing with a screen reader" in needs and "TypeScript" in needs
    assert any("lessons for classes 6 to 8" in need for need in needs)
    assert not any(
        "what you" in need.lower() or "qualifications" in need.lower() or "responsib" in need.lower() for need in needs
    )
