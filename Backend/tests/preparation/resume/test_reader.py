"""What is understood of a resume, whatever its trade and layout."""

# Tables of cases read best in one line each.
# ruff: noqa: E501

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.profile import ProfileDraft
from app.english.grammar import clause_of
from app.preparation.resume.dates import find_period, months
from app.preparation.resume.reader import MAX_CLAIMS, MAX_POSITIONS, MAX_SKILLS, read_resume
from tests.fixtures.resumes import NAMES, resume_text

TODAY = date(2026, 11, 22)


def read(text: str) -> ProfileDraft:
    return read_resume(text, today=TODAY)


@pytest.mark.parametrize("name", NAMES)
def test_every_resume_is_recognised_and_gives_claims_in_its_own_words(name: str) -> None:
    draft = read(resume_text(name))
    assert draft.looks_like_resume and draft.language == "en"
    assert len(draft.claims) >= 3
    text = " ".join(resume_text(name).split())
    assert all(" ".join(claim.text.split()) in text for claim in draft.claims)


@pytest.mark.parametrize(
    ("name", "title", "organisation", "start"),
    [
        ("nurse", "Staff Nurse", "St. Brendan Hospital", "2019-03"),
        ("teacher", "Teacher of Mathematics", "Northgate School", "2018-09"),
        ("electrician", "Industrial Electrician", "Harrow Foods Ltd", "2020"),
        ("sales", "Account Executive", "Brightwater Software", "2021-01"),
        ("lawyer", "Associate", "Marlow & Finch LLP", "2019"),
        ("chef", "Sous Chef", "The Copper Hen", "2021-04"),
        ("accountant", "Management Accountant", "Penrose Castings Ltd", "2021-07"),
        ("backend", "Senior Backend Engineer", "PaySetu", "2020-08"),
        ("data_engineer", "Data Engineer", "Maple Health Analytics", "2020-02"),
        ("mechanical", "Design Engineer", "Ravel Pumps", "2019"),
        ("hr", "HR Business Partner", "Gulfline Logistics", "2020"),
        ("product_manager", "Product Manager", "Zettel App GmbH", "2020-10"),
        ("civil", "Site Engineer", "Pontes & Filhos Construction", "2019-04"),
        ("designer", "UX Designer", "Clearwell Health", "2021"),
        ("lab", "Research Scientist", "Genovia Labs", "2021-10"),
        ("support", "Customer Support Team Lead", "BlueKite Internet", "2022-03"),
    ],
)
def test_the_present_job_is_found_with_title_employer_and_start(
    name: str, title: str, organisation: str, start: str
) -> None:
    jobs = [p for p in read(resume_text(name)).experience if p.kind == "job"]
    assert (jobs[0].title, jobs[0].organisation, jobs[0].start, jobs[0].end) == (title, organisation, start, "present")


def test_positions_are_ordered_by_their_dates_and_not_by_where_they_stand() -> None:
    text = resume_text("accountant").replace("July 2021 – present", "July 2016 – June 2018")
    jobs = [p.organisation for p in read(text).experience if p.kind == "job"]
    assert jobs == ["Thornbury Audit LLP", "Penrose Castings Ltd"]


def test_claims_carry_their_numbers_employer_and_skills() -> None:
    (claim,) = (c for c in read(resume_text("nurse")).claims if "CLABSI" in c.text)
    assert claim.numbers == ("2.1", "0.6", "1,000")
    assert (claim.organisation, claim.title, claim.period) == (
        "St. Brendan Hospital",
        "Staff Nurse",
        "2019-03 - present",
    )
    (claim,) = (c for c in read(resume_text("frontend")).claims if "Playwright" in c.text)
    assert claim.skills == ("Playwright",)


def test_a_line_broken_by_the_layout_is_one_claim() -> None:
    text = """EXPERIENCE
Staff Nurse, St. Brendan Hospital, 2019 - present
• Led a central-line bundle audit that cut the number of infections
  from 2.1 to 0.6 per 1,000 line days
• Precepted four new graduates
"""
    assert [c.text for c in read(text).claims] == [
        "Led a central-line bundle audit that cut the number of infections from 2.1 to 0.6 per 1,000 line days",
        "Precepted four new graduates",
    ]


def test_sentences_without_bullets_are_claims_too() -> None:
    texts = [c.text for c in read(resume_text("hr")).claims]
    assert (
        "I brought time-to-hire for drivers down from 61 to 34 days by interviewing on Saturdays at the depot" in texts
    )


def test_years_count_overlapping_jobs_once_and_leave_out_studies() -> None:
    text = """Experience
Cook, Hotel Marina, 01/2020 - 12/2021
Waiter, The Copper Hen, 06/2021 - 12/2022
Education
BA History, Boston College, 2010 - 2014
"""
    assert read(text).years_of_experience == 3.0


def test_a_student_without_a_job_has_claims_and_no_years() -> None:
    draft = read(resume_text("student"))
    assert draft.years_of_experience is None
    assert any("campus bakery" in c.text or "35 students" in c.text for c in draft.claims)


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("Sept 2018 – May 2023", "2018-09", "2023-05"),
        ("03/2019 - present", "2019-03", "present"),
        ("2015 / 07", "2015-07", "2015-07"),
        ("since 2021", "2021", "present"),
        ("2016-09 to now", "2016-09", "present"),
        ("June 2017 until today", "2017-06", "present"),
        ("Summer 2020", "2020-07", "2020-07"),
        ("May – Aug 2022", "2022-05", "2022-08"),
        ("2016-present", "2016", "present"),
        ("April 2021 to present", "2021-04", "present"),
        ("Jul’21 – Present", "2021-07", "present"),
        ("Jan 20 - Mar 23", "2020-01", "2023-03"),
        ("2021 – Till date", "2021", "present"),
        ("01/04/2019 - 31/03/2023", "2019-04", "2023-03"),
        ("12-Jun-2018 to 31-Dec-2020", "2018-06", "2020-12"),
        ("15th August 2018 - 1st May 2020", "2018-08", "2020-05"),
        ("FY 2021-22 to FY 2023-24", "2021", "2024"),
        ("2019-20", "2019", "2020"),
        ("2019-2021", "2019", "2021"),
        ("2010-11 to 2012-03", "2010-11", "2012-03"),
        ("Q3 2022", "2022-07", "2022-07"),
        ("2019 onwards", "2019", "present"),
        ("March 2019 - still working", "2019-03", "present"),
        ("May 2018 ~ June 2019", "2018-05", "2019-06"),
        ("07/19 - 03/21", "2019-07", "2021-03"),
        ("Jan2019-Feb2020", "2019-01", "2020-02"),
    ],
)
def test_a_period_is_understood_however_it_is_written(line: str, start: str, end: str) -> None:
    period = find_period(f"Cook, Hotel Marina, {line}")
    assert period is not None and (period.start, period.end) == (start, end)


def test_a_day_and_a_month_in_figures_follow_the_country() -> None:
    line = "04/01/2019 - 03/02/2021"
    here, there = find_period(line), find_period(line, day_first=False)
    assert here is not None and (here.start, here.end) == ("2019-01", "2021-02")
    assert there is not None and (there.start, there.end) == ("2019-04", "2021-03")


def test_a_soft_hyphen_between_dates_is_a_dash() -> None:
    (job,) = read("EXPERIENCE\n\nCook, Hotel Marina\nSep. 2020 \u00ad Mar. 2024\n").experience
    assert (job.start, job.end) == ("2020-09", "2024-03")


def test_a_year_without_an_end_counts_no_years() -> None:
    assert read("EXPERIENCE\n\nCook, Hotel Marina, 2019\n").years_of_experience is None


@pytest.mark.parametrize("line", ["Served 2,016 guests", "Won $2019", "Room 12/34", "call 555-2019-22"])
def test_a_number_that_is_no_year_is_no_period(line: str) -> None:
    assert find_period(line) is None


@given(st.integers(1950, 2049), st.integers(1, 12))
def test_months_grow_with_the_date(year: int, month: int) -> None:
    today = (2026, 11)
    first = months(f"{year}-{month:02d}", today, is_end=False)
    later = months(f"{year + 1}-{month:02d}", today, is_end=False)
    assert first is not None and later is not None and later - first == 12


FRENCH = """Camille Durand
Infirmière diplômée d'État, Lyon, camille@example.org
EXPÉRIENCE
Infirmière, Hôpital Saint-Luc, 2019 - 2024
Je m'occupe des patients de la réanimation et je forme les nouvelles infirmières du service avec les médecins.
"""
GERMAN = """Jonas Weber
Elektriker, Leipzig, jonas@example.org
Berufserfahrung
Ich bin seit 2015 als Elektriker bei der Firma Krause und habe die Anlagen für die neuen Hallen mit dem Team gebaut.
"""


@pytest.mark.parametrize(
    ("text", "language"),
    [(FRENCH, "fr"), (GERMAN, "de"), ("Python SQL Docker", "und"), ("मैं एक नर्स हूँ और दिल्ली में काम करती हूँ", "hi")],
)
def test_another_language_is_recognised_and_said(text: str, language: str) -> None:
    assert read(text).language == language


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_no_skills_are_guessed_from_a_resume_in_another_language(text: str) -> None:
    assert read(text).skills == ()


@pytest.mark.parametrize(
    "text",
    [
        "Research integrated into Azure Cognitive Services, reducing training data requirements by 60%",
        "Report presented to the board of directors in March",
        "Code reviews and unit testing of components",
        "Teaching Assistant for more than 100,000 students",
    ],
)
def test_a_thing_and_what_was_done_to_it_is_nobodys_deed(text: str) -> None:
    assert clause_of(text) is None


def test_a_deed_in_the_present_tense_is_still_a_deed() -> None:
    clause = clause_of("Design improved layouts for 40 shop windows a year")
    assert clause is not None and clause.text.startswith("design improved layouts")


RECIPE = """Tomato soup
Ingredients: one kilo of tomatoes, two onions, a little oil.
Preheat the oven to 200 degrees. Roast the tomatoes for forty minutes, then blend them with the onions and serve with bread.
"""
INVOICE = """Invoice no 4711
Bill to: Penrose Castings Ltd
Consulting services, May 2026, 12 hours at 90 per hour
Subtotal 1,080. Total due within 30 days. Thank you for your business and see you again soon, we hope, in the summer.
"""
STORY = (
    "Once upon a time there was a king who had three daughters, and the youngest of them was so fair that the sun wondered. "
    * 10
)


@pytest.mark.parametrize("text", ["", "hello", RECIPE, INVOICE, STORY])
def test_something_that_is_no_resume_is_said_to_be_none(text: str) -> None:
    assert not read(text).looks_like_resume


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=1500))
def test_random_text_is_read_without_fail_and_within_limits(text: str) -> None:
    draft = read(text)
    assert (
        len(draft.claims) <= MAX_CLAIMS and len(draft.skills) <= MAX_SKILLS and len(draft.experience) <= MAX_POSITIONS
    )


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "- x\n" * 20_000,
        "(" * 50_000,
        "2019 - " * 30_000,
        ", ".join(["Python"] * 20_000),
        "• " + "word " * 40_000,
    ],
)
@pytest.mark.timeout(10)
def test_hostile_length_does_not_stall_the_reader(text: str) -> None:
    draft = read(text)
    assert len(draft.claims) <= MAX_CLAIMS
