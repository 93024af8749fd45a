from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from app.main import create_app
from app.settings import Settings

RESUME = """Meera Nair
Registered Nurse, Emergency Department

Experience
Staff Nurse, City Hospital, 2019 - present
- Cut triage waiting time from 45 to 20 minutes by introducing a two-step assessment
- Trained 12 new nurses in patient handover
Nurse, Lakeside Clinic, 2016 - 2019
- Cared for 30 patients a day on a surgical ward

Skills: triage, patient handover, IV therapy, wound care
Education: BSc Nursing, 2016
"""


async def give(client: AsyncClient, text: str = RESUME) -> dict[str, Any]:
    answer = await client.post("/api/profiles", files={"text": (None, text)})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_pasted_resume_is_understood_at_once(candidate: AsyncClient) -> None:
    profile = await give(candidate)
    assert profile["source"] == "text"
    assert "Nurse" in profile["headline"]
    assert any("45 to 20 minutes" in claim["text"] for claim in profile["claims"])
    assert "triage" in profile["skills"]
    assert profile["warnings"] == []
    assert (await candidate.get("/api/profiles/latest")).json()["id"] == profile["id"]
    assert (await candidate.get(f"/api/profiles/{profile['id']}")).json() == profile


async def test_a_text_file_is_read_and_keeps_its_name(candidate: AsyncClient) -> None:
    answer = await candidate.post("/api/profiles", files={"file": ("meera.txt", RESUME.encode())})
    assert answer.status_code == 201
    assert answer.json()["filename"] == "meera.txt"
    assert answer.json()["claims"]


async def test_a_shopping_list_is_taken_with_a_warning(candidate: AsyncClient) -> None:
    profile = await give(candidate, "milk\neggs\nbread and some butter\n")
    assert {"not_a_resume", "little_text"} <= {warning["code"] for warning in profile["warnings"]}


async def test_a_correction_stays_and_reaches_the_summary(candidate: AsyncClient) -> None:
    profile = await give(candidate)
    changed = {"headline": "Lead nurse", "skills": ["triage", "teaching"], "claims": [{"text": "Led 8 nurses"}]}
    answer = await candidate.patch(f"/api/profiles/{profile['id']}", json=changed)
    assert answer.status_code == 200
    assert answer.json()["headline"] == "Lead nurse"
    assert answer.json()["experience"] == profile["experience"]
    assert [claim["text"] for claim in answer.json()["claims"]] == ["Led 8 nurses"]
    summary = (await candidate.get("/api/auth/me")).json()["profile_summary"]
    assert summary.startswith("Lead nurse")
    assert "teaching" in summary


async def test_nobody_sees_or_changes_anothers_profile(candidate: AsyncClient, other: AsyncClient) -> None:
    profile = await give(candidate)
    assert (await other.get(f"/api/profiles/{profile['id']}")).status_code == 404
    assert (await other.patch(f"/api/profiles/{profile['id']}", json={"headline": "x"})).status_code == 404
    assert (await other.get("/api/profiles/latest")).status_code == 404


async def test_a_form_without_a_resume_says_what_to_do(candidate: AsyncClient) -> None:
    answer = await candidate.post("/api/profiles", files={"text": (None, "   ")})
    assert answer.status_code == 422
    assert answer.json()["code"] == "resume_missing"
    assert (await candidate.post("/api/profiles", json={"text": "x"})).json()["code"] == "resume_missing"


async def test_too_long_a_text_is_refused(candidate: AsyncClient) -> None:
    answer = await candidate.post("/api/profiles", files={"text": (None, "word " * 12_001)})
    assert (answer.status_code, answer.json()["code"]) == (413, "resume_too_long")
    assert answer.json()["params"] == {"characters": 60_000}


async def test_a_file_over_the_cap_is_refused(candidate: AsyncClient) -> None:
    answer = await candidate.post("/api/profiles", files={"file": ("big.pdf", b"%PDF-1.7" + bytes(10 * 1024 * 1024))})
    assert (answer.status_code, answer.json()["code"]) == (413, "resume_too_large")


async def test_the_setting_alone_says_how_large_a_resume_may_be(settings: Settings) -> None:
    larger = settings.model_copy(update={"max_resume_bytes": 12 * 1024 * 1024})
    app = create_app(larger)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client,
    ):
        account = {"email": "a@example.org", "name": "A", "password": "correct horse battery"}
        assert (await client.post("/api/auth/sign-up", json=account)).status_code == 201
        assert (await client.get("/api/setup")).json()["max_resume_bytes"] == 12 * 1024 * 1024
        fits = await client.post("/api/profiles", files={"file": ("resume.pdf", b"%PDF-1.7" + bytes(11 * 1024 * 1024))})
        # Taken in and opened; there is nothing in it to read.
        assert (fits.status_code, fits.json()["code"]) == (422, "resume_unreadable")
        larger_still = await client.post(
            "/api/profiles", files={"file": ("resume.pdf", b"%PDF-1.7" + bytes(12 * 1024 * 1024))}
        )
        assert (larger_still.status_code, larger_still.json()["code"]) == (413, "resume_too_large")
        assert "12 MB" in larger_still.json()["detail"]


async def test_a_body_without_end_is_cut_off_while_it_streams(candidate: AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        while sent < 200 * 1024 * 1024:
            sent += 1024 * 1024
            yield bytes(1024 * 1024)

    answer = await candidate.post(
        "/api/profiles", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 413
    assert sent < 50 * 1024 * 1024


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"--x--\r\n"])
async def test_a_broken_form_is_a_clear_error(candidate: AsyncClient, body: bytes) -> None:
    answer = await candidate.post(
        "/api/profiles", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] in {"resume_missing", "form_unreadable"}
