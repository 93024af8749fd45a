"""Files of strangers: every type, every limit, and a reader that really crashes, hangs and runs out of memory."""

# Tables of cases read best in one line each.
# ruff: noqa: E501

from __future__ import annotations

import io
import re
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.errors import InvalidInput
from app.preparation.resume.upload import ResumeText, read_resume_file
from tests.fixtures.resumes import resume_text
from tests.fixtures.resumes.layout import one_column, picture_only, two_columns, word_document

LEFT = [
    "CONTACT", "maeve@example.org", "Springfield", "", "SKILLS", "Ventilator management", "Sepsis recognition",
    "Wound care and dressings", "Medication safety", "", "LANGUAGES", "English", "Spanish",
]  # fmt: skip
RIGHT = [
    "EXPERIENCE", "Staff Nurse, St. Brendan Hospital, 2019 - present", "- Led a central-line bundle audit on a unit of 28 beds",
    "- Introduced bedside handover after two missed doses", "- Precepted four new graduates a year", "",
    "Staff Nurse, Lakeside Community Hospital, 2015 - 2019", "- Triaged up to 40 walk-in patients a shift",
    "- Supported families together with the palliative team", "", "EDUCATION", "BSc Nursing, Riverbend University, 2011 - 2015", "",
]  # fmt: skip


def compact(text: str) -> str:
    return "".join(text.split())


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["nurse", "driver", "hr", "backend"])
async def test_a_one_column_pdf_keeps_every_line_in_order(name: str) -> None:
    text = resume_text(name).replace("•", "-").replace("—", "-").replace("▪", "-").replace("·", "-")
    read = await read_resume_file(one_column(text), "resume.pdf")
    assert read.kind == "pdf"
    wanted = [compact(line) for line in text.splitlines() if line.strip()]
    found = compact(read.text)
    positions = [found.find(line) for line in wanted]
    assert -1 not in positions
    assert positions == sorted(positions)


@pytest.mark.anyio
@pytest.mark.parametrize("row_by_row", [False, True])
async def test_two_columns_are_read_one_after_the_other_however_they_were_drawn(row_by_row: bool) -> None:
    read = await read_resume_file(two_columns(LEFT, RIGHT, row_by_row=row_by_row), "resume.pdf")
    found = compact(read.text)
    for column in (LEFT, RIGHT):
        positions = [found.find(compact(line)) for line in column if line]
        assert -1 not in positions
        assert positions == sorted(positions)
    lines = [line.strip() for line in read.text.splitlines()]
    assert "Wound care and dressings" in lines
    assert "Staff Nurse, Lakeside Community Hospital, 2015 - 2019" in lines


@pytest.mark.anyio
async def test_labels_and_values_side_by_side_stay_on_one_line() -> None:
    labels = ["Languages:", "Platforms:", "Practices:", "Tools:", "Methods:", "Certificates:"]
    values = [
        "Python, SQL, Scala",
        "Spark, Airflow, Snowflake",
        "data quality, testing",
        "dbt, Git",
        "statistics",
        "none so far",
    ]
    read = await read_resume_file(two_columns(labels, values, row_by_row=True), "resume.pdf")
    assert "Languages:\tPython, SQL, Scala" in read.text


@pytest.mark.anyio
async def test_a_word_document_is_read_with_its_header_lists_and_tables() -> None:
    data = word_document(
        resume_text("nurse"),
        table=[("2023", "Preceptor of the year"), ("2021", "CCRN certificate")],
        header="Maeve Donnelly, RN",
    )
    read = await read_resume_file(data, "resume.docx")
    assert read.kind == "docx"
    assert read.text.startswith("Maeve Donnelly, RN")
    assert "2023\tPreceptor of the year" in read.text
    assert "• Introduced SBAR bedside handover" in read.text
    for line in resume_text("nurse").splitlines():
        assert compact(line.strip("• ")) in compact(read.text)


def with_body(data: bytes, marker: str, xml: str) -> bytes:
    """The Word document with the paragraph that says `marker` replaced."""
    parts = zipfile.ZipFile(io.BytesIO(data))
    entries = {name: parts.read(name) for name in parts.namelist()}
    body = entries["word/document.xml"].decode()
    paragraph = re.search(rf"<w:p>(?:(?!</w:p>).)*{marker}.*?</w:p>", body, re.DOTALL)
    assert paragraph
    entries["word/document.xml"] = body.replace(paragraph.group(), xml).encode()
    return zipped(entries)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('Cook, Hotel Marina')}</w:sdtContent></w:sdt>", id="a content control"),
        pytest.param('<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>Cook, Hotel Marina</w:t></w:r></w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>Struck out</w:delText></w:r></w:del></w:p>', id="a tracked insertion"),
        pytest.param(f'<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{paragraph("Cook, Hotel Marina")}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>', id="one in another"),
    ],
)  # fmt: skip
async def test_text_in_controls_and_tracked_insertions_of_word_is_read(xml: str) -> None:
    data = with_body(word_document("Experience\nREPLACED\nEducation"), "REPLACED", xml)
    read = await read_resume_file(data, "resume.docx")
    assert [line for line in read.text.splitlines() if line] == ["Experience", "Cook, Hotel Marina", "Education"]


@pytest.mark.anyio
async def test_a_table_of_two_columns_is_read_one_after_the_other() -> None:
    table = [("Skills\nTriage\nSepsis\nWound care", "Asha Kurian\nWard Sister, Lakeshore Clinic\nLed a team of 9")]
    read = await read_resume_file(word_document("", table=table), "resume.docx")
    left, right = read.text.strip("\f\n ").split("\f")
    assert left.split() == ["Skills", "Triage", "Sepsis", "Wound", "care"]
    assert right.split()[:2] == ["Asha", "Kurian"]


@pytest.mark.anyio
async def test_a_date_in_the_next_cell_stays_with_its_entry() -> None:
    read = await read_resume_file(word_document("", table=[("2019 - 2023", "Cook, Hotel Marina\nRan a kitchen\nTrained 6 people")]), "resume.docx")  # fmt: skip
    assert "Cook, Hotel Marina\t2019 - 2023" in read.text


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["student", "chef"])
async def test_plain_text_is_kept_as_it_is(name: str) -> None:
    read = await read_resume_file(resume_text(name).encode(), "resume.txt")
    assert read == ResumeText(resume_text(name), 1, "text")


@pytest.mark.anyio
async def test_the_type_is_told_by_the_content_and_not_by_the_name() -> None:
    assert (await read_resume_file(one_column(resume_text("chef")), "resume.docx")).kind == "pdf"
    assert (await read_resume_file(word_document(resume_text("chef")), "resume.pdf")).kind == "docx"


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A DOCX of 60 kB that unpacks to 60 MB."""
    parts = zipfile.ZipFile(io.BytesIO(word_document("Nurse")))
    entries = {name: parts.read(name) for name in parts.namelist()}
    return zipped({**entries, "word/media/image1.bin": b"\0" * 60_000_000})


def lying_bomb() -> bytes:
    """The same, with a directory that states a size of ten bytes."""
    data = bytearray(bomb())
    size = (60_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    return bytes(data).replace(size, (10).to_bytes(4, "little"))


def blank_pdf(pages: int, text: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(pages):
        if text:
            canvas.drawString(50, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(one_column("Maeve", password="secret"), "resume_encrypted", id="a locked pdf"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "resume_encrypted", id="a locked docx"
        ),
        pytest.param(picture_only(), "resume_scanned", id="a scan"),
        pytest.param(blank_pdf(1), "resume_empty", id="a blank pdf"),
        pytest.param(b"  \n ", "resume_empty", id="blank text"),
        pytest.param(b"", "resume_empty", id="nothing"),
        pytest.param(word_document(""), "resume_empty", id="a blank docx"),
        pytest.param(blank_pdf(31, "Nurse"), "resume_too_many_pages", id="31 pages"),
        pytest.param(b"%PDF-1.7\n" + b"\x00\xff" * 2000, "resume_unreadable", id="a broken pdf"),
        pytest.param(one_column(resume_text("chef"))[:900], "resume_unreadable", id="half a pdf"),
        pytest.param(word_document("Nurse")[:-200], "resume_unreadable", id="half a docx"),
        pytest.param(bomb(), "resume_unreadable", id="a zip bomb"),
        pytest.param(lying_bomb(), "resume_unreadable", id="a zip bomb that lies"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x01" * 100, "resume_type", id="a picture"),
        pytest.param(zipped({"a.txt": b"x"}), "resume_type", id="another zip"),
        pytest.param(b"\x7fELF" + b"\x01" * 100, "resume_type", id="a program"),
        pytest.param(b"MZ\x00\x01" * 100, "resume_type", id="binary"),
    ],
)
async def test_a_file_that_cannot_be_used_says_why_and_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await read_resume_file(data, "resume.pdf")
    assert caught.value.code == code
    assert any(word in caught.value.message for word in ("paste", "Paste", "Upload", "Save"))


def worker(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A reader that behaves badly: a real process, in place of the real one."""
    path = tmp_path / "worker.py"
    path.write_text(f"import sys, os, time, signal\nsys.path.insert(0, {str(Path.cwd())!r})\n{textwrap.dedent(body)}")
    return (sys.executable, str(path))


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("os.abort()", id="it crashes"),
        pytest.param("sys.stdin.buffer.read(); os.kill(os.getpid(), signal.SIGKILL)", id="it is killed after reading"),
        pytest.param("os.kill(os.getpid(), signal.SIGSEGV)", id="it dies before reading"),
        pytest.param("print('{\"ok\": tr', end='')", id="half an answer"),
        pytest.param("sys.stdin.buffer.read(); print('[]')", id="another answer"),
        pytest.param(
            """
            from app.preparation.resume import sandbox
            sandbox.limit_resources(address_space=200 * 1024 * 1024)
            sys.stdin.buffer.read()
            held = [bytearray(50_000_000) for _ in range(20)]
            """,
            id="it runs over its memory",
        ),
        pytest.param(
            """
            from app.preparation.resume import sandbox
            sandbox.limit_resources(cpu_s=1)
            sys.stdin.buffer.read()
            while True: pass
            """,
            id="it burns the processor",
        ),
    ],
)
async def test_a_reader_that_dies_is_one_clear_error(tmp_path: Path, body: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await read_resume_file(b"x" * 3_000_000, "resume.txt", worker=worker(tmp_path, body))
    assert caught.value.code == "resume_unreadable"


def is_running(note: Path) -> bool:
    return Path(f"/proc/{note.read_text()}").exists()


@pytest.mark.anyio
@pytest.mark.parametrize("body", ["while True: time.sleep(1)", "sys.stdin.buffer.read()\nwhile True: pass"])
async def test_a_reader_that_hangs_is_killed(tmp_path: Path, body: str) -> None:
    note = tmp_path / "pid"
    body = f"open({str(note)!r}, 'w').write(str(os.getpid()))\n{body}"
    with pytest.raises(InvalidInput) as caught:
        await read_resume_file(b"x" * 100, "resume.txt", worker=worker(tmp_path, body), timeout_s=1.5)
    assert caught.value.code == "resume_timeout"
    assert not is_running(note)


@pytest.mark.anyio
async def test_the_reader_is_told_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWDOST_SECRET_FOR_TEST", "hush")
    body = """
    import json
    sys.stdin.buffer.read()
    print(json.dumps({"ok": True, "text": str(dict(os.environ)), "pages": 1, "kind": "text", "warnings": []}))
    """
    read = await read_resume_file(b"Nurse", "resume.txt", worker=worker(tmp_path, body))
    assert "hush" not in read.text
