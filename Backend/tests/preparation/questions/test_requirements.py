"""What an advert asks for is read whatever its form, and what it offers is not."""

# Tables of cases read best in one line each.

from __future__ import annotations

import pytest

from app.domain.question import PlannedQuestion
from app.preparation.questions.coverage import coverage
from app.preparation.questions.requirements import MAX_NEEDS, needs_of

PROSE = """Staff Nurse, dialysis
About us: a family hospital since 1961.
We are looking for a calm Staff Nurse with at least 2 years of experience in critical care. You will monitor patients \
on the machine, and you will teach families. Must hold GNM or B.Sc Nursing. Good communication in Hindi and English \
is essential.
We offer a competitive salary and free meals."""
LABELS = """Job Title: Sales Officer
Location: Pune
Salary: 3.5 LPA
Key Skills: Channel Sales, Distributor Management, MS Excel, Negotiation
Roles and Responsibilities
• Appoint and manage distributors in the assigned territory
• Achieve monthly sales targets
Desired Candidate Profile
Graduate in any discipline
Own two-wheeler and valid driving licence
Benefits
• Health insurance
• Incentives"""
LINE = "Requirements: 4+ years of production React; expert TypeScript; screen-reader testing; Vitest or Jest."
HEADINGS = """What you will do:
- Own lessons for classes 6 to 8.
Qualifications and skills:
- B.Ed.; CTET qualified.
Qualification: B.Sc with mathematics"""


@pytest.mark.parametrize(
    ("advert", "wanted"),
    [
        (PROSE, ("critical care", "monitor patients", "teach families", "GNM or B.Sc", "Hindi and English")),
        (
            LABELS,
            ("Channel Sales", "Distributor Management", "MS Excel", "Negotiation", "Appoint and manage", "monthly"),
        ),
        (LABELS, ("Graduate in any", "driving licence")),
        (LINE, ("React", "TypeScript", "screen-reader testing", "Vitest or Jest")),
        (HEADINGS, ("Own lessons for classes 6 to 8", "B.Ed", "CTET qualified", "B.Sc with mathematics")),
    ],
)
def test_requirements_are_read_in_any_form(advert: str, wanted: tuple[str, ...]) -> None:
    needs = needs_of(advert)
    assert [part for part in wanted if not any(part in need for need in needs)] == []


@pytest.mark.parametrize("advert", [PROSE, LABELS, LINE, HEADINGS])
def test_what_is_offered_and_what_is_a_heading_is_no_requirement(advert: str) -> None:
    for need in needs_of(advert):
        assert need in advert
        assert 1 <= len(need.split()) <= 14
        for word in (
            "salary",
            "meals",
            "insurance",
            "Incentives",
            "family hospital",
            "Pune",
            "LPA",
            "What you will do",
        ):
            assert word not in need


def test_a_very_long_advert_gives_no_more_than_can_be_shown() -> None:
    assert len(needs_of("Skills:\n" + "\n".join(f"- Skill number {n} of many" for n in range(500)))) == MAX_NEEDS


def test_a_requirement_is_covered_by_the_question_that_names_it() -> None:
    asked = PlannedQuestion("gap", 'The advert names "expert TypeScript". How good?', "", "expert TypeScript", ())
    other = PlannedQuestion("skill", "How do you test React components with Vitest?", "", "React", ())
    found = {one.text: one.covered_by for one in coverage(LINE, (asked, other))}
    assert found["TypeScript"] == (0,)
    assert 1 in found["production React"] and 1 in found["Vitest or Jest"]
    assert found["screen-reader testing"] == ()
