"""Entries are understood in the orders people write them, and no employer is named that is none."""

# Resumes read best as they stand.
# ruff: noqa: E501

from __future__ import annotations

from datetime import date

import pytest

from app.domain.profile import ProfileDraft
from app.preparation.resume.reader import read_resume
from app.preparation.resume.sections import heading_of

STUDY = "\n\nEDUCATION\n\nB.A. History, Riverbend University, 2010 - 2013\n"


def read(text: str) -> ProfileDraft:
    return read_resume(text, today=date(2026, 11, 22))


def jobs(text: str) -> list[tuple[str, str, str, str]]:
    return [(p.title, p.organisation, p.start, p.end) for p in read(text).experience if p.kind == "job"]


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("one line", "Cook, Hotel Marina, Mar 2019 - Present\n• Ran a kitchen of 9.\n\nWaiter, Copper Hen, Jan 2016 - Feb 2019\n• Served 90 guests a night."),
        ("title over employer over date, blocks apart", "Cook\n\nHotel Marina -  Kochi, Kerala -\n\nMarch 2019 to Present\n\n• Ran a kitchen of 9.\n\nWaiter\n\nCopper Hen -  Pune, Maharashtra -\n\nJanuary 2016 to February 2019\n\n• Served 90 guests a night."),
        ("employer and place over title and date", "Hotel Marina\tKochi, India\nCook\tMar 2019 - Present\n• Ran a kitchen of 9.\n\nCopper Hen\tPune, India\nWaiter\tJan 2016 - Feb 2019\n• Served 90 guests a night."),
        ("date first", "Mar 2019 - Present\tCook\nHotel Marina\n• Ran a kitchen of 9.\n\nJan 2016 - Feb 2019\tWaiter\nCopper Hen\n• Served 90 guests a night."),
        ("labels", "Company Name : Hotel Marina\nDesignation : Cook\nDuration : March 2019 to Present\n• Ran a kitchen of 9.\n\nCompany Name : Copper Hen\nDesignation : Waiter\nDuration : January 2016 to February 2019\n• Served 90 guests a night."),
        ("markdown", "### Cook, **Hotel Marina**\n*Mar 2019 - Present*\n\n- Ran a kitchen of **9**.\n\n### Waiter, **Copper Hen**\n*Jan 2016 - Feb 2019*\n\n- Served 90 guests a night."),
    ],
)  # fmt: skip
def test_title_employer_and_period_are_found_in_whatever_order_they_stand(layout: str, text: str) -> None:
    assert jobs(f"Asha Kurian\n\nWORK EXPERIENCE\n\n{text}{STUDY}") == [
        ("Cook", "Hotel Marina", "2019-03", "present"),
        ("Waiter", "Copper Hen", "2016-01", "2019-02"),
    ], layout


def test_each_claim_stands_with_the_job_it_was_written_under() -> None:
    text = "EXPERIENCE\n\nCook, Hotel Marina\n• Ran a kitchen of nine people.\n\nWaiter, Copper Hen\n• Served 90 guests a night."
    draft = read(text)
    assert [(p.title, p.organisation, p.start) for p in draft.experience] == [
        ("Cook", "Hotel Marina", ""),
        ("Waiter", "Copper Hen", ""),
    ]
    assert {c.text.split()[0]: c.organisation for c in draft.claims} == {"Ran": "Hotel Marina", "Served": "Copper Hen"}


@pytest.mark.parametrize("beside", ["Kochi, India", "(1 year)", "Full-time", "Pune"])
def test_a_place_or_a_length_of_time_is_no_employer(beside: str) -> None:
    assert jobs(f"EXPERIENCE\n\nCook\t{beside}\nMay 2018 - April 2019\n• Ran a kitchen of nine people.\n") == [
        ("Cook", "", "2018-05", "2019-04")
    ]


def test_roles_listed_under_one_employer_all_belong_to_it() -> None:
    text = "Experience\n\nHotel Marina\n4 years 2 months\nHead Cook\nJan 2021 - Present\n• Ran a kitchen of nine people.\n\nCook\nNov 2018 - Dec 2020\n• Cooked for 90 guests a night.\n"
    assert [(title, employer) for title, employer, _, _ in jobs(text)] == [("Head Cook", "Hotel Marina"), ("Cook", "Hotel Marina")]  # fmt: skip


def test_a_footer_that_comes_on_every_page_is_nobodys_job() -> None:
    text = "Asha Kurian\n\nExperience\n\nHotel Marina\nCook\tMar 2019 - Present\n• Ran a kitchen of nine people.\n\nMay 10, 2026\tAsha Kurian · Résumé\t1\n\nCopper Hen\nWaiter\tJan 2016 - Feb 2019\n• Served 90 guests a night.\n\nMay 10, 2026\tAsha Kurian · Résumé\t2\n"
    assert [employer for _, employer, _, _ in jobs(text)] == ["Hotel Marina", "Copper Hen"]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("PROFESSIONAL EXPERIENCES", "experience"), ("Industrial Training", "experience"), ("INTERNSHIPS", "experience"),
        ("EDUCATIONAL QUALIFICATION", "education"), ("Academics", "education"), ("ACADEMIC PROJECTS", "projects"),
        ("Positions of Responsibility", "volunteering"), ("LANGUAGES KNOWN", "languages"), ("E D U C A T I O N", "education"),
        ("Key Achievements", "awards"), ("Certifications", "certificates"), ("Selected Honors", "awards"),
    ],
)  # fmt: skip
def test_headings_are_known_as_people_write_them(heading: str, section: str) -> None:
    assert heading_of(heading) == section


@pytest.mark.parametrize(
    "line",
    [
        "Technologies: Java, Oracle, Jenkins and two more",
        "Relevant Coursework: Algorithms, Databases, Networks",
        "Cloud Practitioner (CLF-C02), Exp. 06/2027",
        "Hotel Marina is one of the leading hotels of the coast with 300 rooms.",
    ],
)
def test_what_is_no_deed_is_no_claim(line: str) -> None:
    text = f"EXPERIENCE\n\nCook, Hotel Marina\nMar 2019 - Present\n• Ran a kitchen of nine people.\n• {line}\n"
    assert [claim.text for claim in read(text).claims] == ["Ran a kitchen of nine people."]


def test_a_publication_is_no_claim() -> None:
    text = f"EXPERIENCE\n\nCook, Hotel Marina\nMar 2019 - Present\n• Ran a kitchen of nine people.\n\nPUBLICATIONS\n\n• A. Kurian: Bread and its crust. Food Letters, vol. 3, 2021.{STUDY}"
    assert [claim.text for claim in read(text).claims] == ["Ran a kitchen of nine people."]


def test_units_stay_with_their_numbers() -> None:
    text = "EXPERIENCE\n\nCook, Hotel Marina\nMar 2019 - Present\n• Saved ₹12 Cr on a budget of 45 lakh with a till of 1,20,000 and 8.4/10 CGPA.\n"
    (claim,) = read(text).claims
    assert claim.numbers == ("₹12 Cr", "45 lakh", "1,20,000", "8.4/10 CGPA")


def test_short_english_is_not_taken_for_another_language() -> None:
    text = "Asha Kurian\nPatna\n\nSKILLS\n\nMS Office, O level computer, A grade typing, door to door, A to Z of retail, do it all\n"
    draft = read(text)
    assert draft.language in {"en", "und"} and "MS Office" in draft.skills


def test_a_job_told_in_one_sentence_is_a_job() -> None:
    text = "WORK EXPERIENCE:-\n\n• Working as Head Cook in Marina Hotels Pvt Ltd, Kochi from Jan 2020 to till date.\n• Worked as Waiter at Copper Hen, Pune from June 2017 to Dec 2019.\n"
    assert jobs(text) == [
        ("Head Cook", "Marina Hotels Pvt Ltd", "2020-01", "present"),
        ("Waiter", "Copper Hen", "2017-06", "2019-12"),
    ]


def test_a_labelled_project_has_its_name_and_no_client_for_an_employer() -> None:
    text = "PROJECT DETAILS:\n\nProject #1\nTitle: Ledger System\nClient: Harbour Bank\nRole: Developer\nDuration: Jan 2020 - Till date\nResponsibilities:\n• Developed REST services for 40 branches.\n"
    (project,) = read(text).experience
    assert (project.kind, project.title, project.organisation, project.start) == ("project", "Ledger System", "", "2020-01")  # fmt: skip


def test_days_and_months_in_figures_follow_the_country_of_the_resume() -> None:
    job = "EXPERIENCE\n\nCook, Hotel Marina\n05/01/2016 - 06/12/2019\n• Ran a kitchen of nine people.\n"
    assert jobs(f"Asha Kurian\nSan Diego, CA | (619) 555-0133\n\n{job}")[0][2:] == ("2016-05", "2019-06")
    assert jobs(f"Asha Kurian\nKochi, India | +91 98450 00000\n\n{job}")[0][2:] == ("2016-01", "2019-12")


def test_a_title_is_no_employer_though_it_holds_a_word_of_companies() -> None:
    text = "EXPERIENCE\n\nSoftware Engineer - Automation & Testing\nJune 2011 to December 2012\n• Automated 40 cases of the release.\n"
    assert all("Engineer" not in employer for _, employer, _, _ in jobs(text))


def test_a_skill_is_named_without_the_years_beside_it() -> None:
    text = f"SKILLS\n\nTriage (3 years), Sepsis (Less than 1 year), MS-Excel (pivot tables){STUDY}"
    assert read(text).skills == ("Triage", "Sepsis", "MS-Excel (pivot tables)")
