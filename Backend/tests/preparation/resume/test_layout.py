"""A page is read as it shows, whoever wrote the PDF and in whatever order it was drawn."""

# Pages read best a line each.
# ruff: noqa: E501

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.preparation.resume.layout import ReadPage, is_shattered, page_text
from tests.fixtures.resumes.producers import LINES, PRODUCERS, pdf_of

Placed = tuple[float, float, str]


def read(data: bytes) -> ReadPage:
    return page_text(pypdfium2.PdfDocument(data)[0])


def lines_of(data: bytes) -> list[str]:
    return [line for line in read(data).text.splitlines() if line.strip()]


def page(placed: list[Placed]) -> bytes:
    """Text at places in the order given; the height is counted from the top."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    for x, y, text in placed:
        canvas.drawString(x, A4[1] - y, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("producer", PRODUCERS)
def test_words_are_whole_whoever_wrote_the_file(producer: str) -> None:
    assert lines_of(PRODUCERS[producer]()) == list(LINES)


ENTRIES = [
    (50.0, 60.0, "Experience"), (50.0, 80.0, "Lakeshore Clinic"), (50.0, 94.0, "Ward Sister"),
    (60.0, 110.0, "Led a team of nine nurses on a surgical ward with twenty-eight beds, day and night."),
    (50.0, 130.0, "Harbour Hospital"), (50.0, 144.0, "Staff Nurse"),
    (60.0, 160.0, "Cared for six patients a shift after their operations, and for those who came with them."),
    (50.0, 180.0, "Seaview Hospital"), (50.0, 194.0, "Junior Nurse"),
    (60.0, 210.0, "Kept the records of the day surgery and handed them over to the ward each evening."),
]  # fmt: skip
EDGE = [
    (480.0, 80.0, "Kochi, India"), (470.0, 94.0, "Mar 2019 - Present"), (480.0, 130.0, "Kochi, India"),
    (470.0, 144.0, "Jun 2014 - Feb 2019"), (480.0, 180.0, "Kochi, India"), (470.0, 194.0, "Apr 2012 - May 2014"),
]  # fmt: skip


@pytest.mark.parametrize("drawn", [ENTRIES + EDGE, EDGE + ENTRIES, sorted(ENTRIES + EDGE, key=lambda p: p[1])])
def test_dates_at_the_edge_stay_with_their_rows_in_whatever_order_they_were_drawn(drawn: list[Placed]) -> None:
    lines = lines_of(page(drawn))
    assert "Ward Sister\tMar 2019 - Present" in lines
    assert "Harbour Hospital\tKochi, India" in lines
    assert lines.index("Staff Nurse\tJun 2014 - Feb 2019") > lines.index("Harbour Hospital\tKochi, India")


def test_headings_that_were_drawn_first_stand_over_what_they_head() -> None:
    headings = [(50.0, 60.0, "Experience"), (50.0, 110.0, "Education"), (50.0, 160.0, "Skills")]
    body = [(50.0, 75.0, "Ward Sister, Lakeshore Clinic"), (50.0, 125.0, "B.Sc Nursing"), (50.0, 175.0, "Triage, ACLS")]
    wanted = [text for _, _, text in sorted(headings + body, key=lambda p: p[1])]
    assert lines_of(page(headings + body)) == wanted


def test_a_sidebar_is_read_apart_from_the_page_it_stands_beside() -> None:
    side = [(40.0, 80.0 + 14 * i, t) for i, t in enumerate(("Skills", "Wound care", "Triage", "Sepsis", "Languages", "Malayalam"))]  # fmt: skip
    main = [
        (220.0, 84.0 + 13 * i, t)
        for i, t in enumerate(
            (
                "Experience",
                "Ward Sister, Lakeshore Clinic, 2019 - present",
                "Led a team of nine nurses on a surgical ward",
                "Staff Nurse, Harbour Hospital, 2014 - 2019",
                "Cared for six patients a shift after operations",
                "Education",
                "B.Sc Nursing, Kerala Health University, 2010 - 2014",
            )
        )
    ]
    drawn = sorted([*side, *main], key=lambda p: p[1])
    text = read(
        page([(40.0, 50.0, "Asha Kurian, Ward Sister of ten years and a teacher of nurses in Kochi"), *drawn])
    ).text
    _, left, right = (part.split("\n") for part in text.split("\f"))
    assert [line for line in left if line] == [t for _, _, t in side]
    assert [line for line in right if line] == [t for _, _, t in main]


def test_a_period_broken_in_a_narrow_column_is_one_period() -> None:
    placed = [(50.0, 60.0, "Mar 2019 -"), (50.0, 72.0, "Present"), (140.0, 60.0, "Ward Sister"), (140.0, 72.0, "Lakeshore Clinic")]  # fmt: skip
    assert "Mar 2019 - Present\tWard Sister" in lines_of(page(placed))


def test_what_no_reader_sees_is_left_out_and_said() -> None:
    seen = "BT /F1 10 Tf 1 0 0 1 50 700 Tm (Ward Sister) Tj ET"
    white = "1 1 1 rg BT /F1 10 Tf 1 0 0 1 50 600 Tm (Kubernetes) Tj ET"
    tiny = "BT /F1 1 Tf 1 0 0 1 50 500 Tm (Terraform) Tj ET"
    outside = "BT /F1 10 Tf 1 0 0 1 900 500 Tm (Haskell) Tj ET"
    for hidden in (white, tiny, outside):
        found = read(pdf_of(f"{seen}\n{hidden}"))
        assert found.text == "Ward Sister" and found.hidden


def test_white_words_on_a_dark_bar_are_seen() -> None:
    bar = "0.1 0.2 0.4 rg 40 690 300 30 re f 1 1 1 rg BT /F1 10 Tf 1 0 0 1 50 700 Tm (Ward Sister) Tj ET"
    found = read(pdf_of(bar))
    assert found.text == "Ward Sister" and not found.hidden


def test_letters_set_sideways_along_the_edge_are_not_read_as_words() -> None:
    upright = "BT /F1 10 Tf 1 0 0 1 50 700 Tm (Ward Sister, Lakeshore Clinic) Tj ET"
    side = "BT /F1 20 Tf 0 1 -1 0 30 300 Tm (RESUME) Tj ET"
    assert read(pdf_of(f"{upright}\n{side}")).text == "Ward Sister, Lakeshore Clinic"


def test_text_that_came_apart_is_known_as_such() -> None:
    assert is_shattered(" ".join("Staff Nurse at the Harbour Hospital in Kochi since May"))
    assert not is_shattered("A nurse of class C who wrote reports in Python, C and R for a ward of nine. " * 3)
