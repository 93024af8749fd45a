from __future__ import annotations

import errno
import os
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import delete, event

from app.models import RecordingPiece
from tests.house import sign_up
from tests.recordings.footage import cut, footage
from tests.routers.test_interviews import capabilities_of, detail, me, scheduled
from tests.workflows.held import hold_interview
from tests.workflows.waiting import until

WEBM = "video/webm;codecs=vp8,opus"


async def consented(client: AsyncClient) -> str:
    interview_id = str((await scheduled(client))["id"])
    assert (await client.post(f"/api/interviews/{interview_id}/consent", json={"recording": True})).status_code == 200
    return interview_id


async def start(client: AsyncClient, interview_id: str, number: int = 0, clock: int = 0, mime: str = WEBM) -> Any:
    body = {"number": number, "mime_type": mime, "clock_start_ms": clock}
    return await client.post(f"/api/interviews/{interview_id}/recording/takes", json=body)


async def send(
    client: AsyncClient, interview_id: str, number: int, data: bytes, take: int = 0, mime: str = WEBM
) -> Any:
    path = f"/api/interviews/{interview_id}/recording/takes/{take}/pieces/{number}"
    return await client.put(path, content=data, headers={"Content-Type": mime})


async def end(client: AsyncClient, interview_id: str, pieces: int, take: int = 0) -> Any:
    return await client.post(f"/api/interviews/{interview_id}/recording/takes/{take}/end", json={"pieces": pieces})


async def state(client: AsyncClient, interview_id: str) -> dict[str, Any]:
    return dict((await client.get(f"/api/interviews/{interview_id}/recording")).json())


async def recorded(app: FastAPI, client: AsyncClient, seconds: float = 4) -> str:
    """A held interview with a camera, finished and put together."""
    interview_id = await hold_interview(capabilities_of(app).db, await me(client), status="in_progress")
    pieces = cut(footage(seconds), 4)
    assert (await start(client, interview_id)).status_code == 201
    for number, piece in enumerate(pieces):
        assert (await send(client, interview_id, number, piece)).status_code == 200
    assert (await end(client, interview_id, len(pieces))).status_code == 200
    assert (await client.post(f"/api/interviews/{interview_id}/finish")).status_code == 202
    await until_ready(client, interview_id)
    return interview_id


async def until_ready(client: AsyncClient, interview_id: str) -> None:
    async def is_ready() -> bool:
        return bool((await state(client, interview_id))["status"] == "ready")

    await until(is_ready, "the video")


async def test_nothing_is_recorded_without_consent(candidate: AsyncClient) -> None:
    interview_id = str((await scheduled(candidate))["id"])
    answer = await start(candidate, interview_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert (await state(candidate, interview_id)) == {"status": "none", "takes": [], "received_bytes": 0}


async def test_consent_taken_back_stops_the_recording(candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    await candidate.post(f"/api/interviews/{interview_id}/consent", json={"recording": False})
    answer = await send(candidate, interview_id, 0, b"piece")
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")


async def test_pieces_may_come_in_any_order_and_a_returning_page_learns_which_are_safe(candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    for number in (0, 1, 4, 3):
        receipt = await send(candidate, interview_id, number, b"x" * (number + 1))
        assert receipt.json() == {"take": 0, "number": number, "size_bytes": number + 1}
    arrived = await state(candidate, interview_id)
    assert arrived["status"] == "recording"
    assert arrived["received_bytes"] == 1 + 2 + 5 + 4
    (take,) = arrived["takes"]
    assert (take["number"], take["mime_type"], take["clock_start_ms"]) == (0, WEBM, 0)
    assert (take["next_piece"], take["beyond"], take["expected_pieces"]) == (2, [3, 4], None)
    assert (await end(candidate, interview_id, 5)).json()["expected_pieces"] == 5


async def test_the_same_piece_again_gets_its_receipt_and_another_one_is_refused(candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    first = await send(candidate, interview_id, 0, b"one")
    assert (await send(candidate, interview_id, 0, b"one")).json() == first.json()
    answer = await send(candidate, interview_id, 0, b"two")
    assert (answer.status_code, answer.json()["code"]) == (409, "piece_differs")
    assert (await state(candidate, interview_id))["received_bytes"] == 3


async def test_announcing_the_same_take_again_is_harmless(candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    assert (await start(candidate, interview_id)).status_code == 201
    assert (await start(candidate, interview_id)).status_code == 201
    answer = await start(candidate, interview_id, clock=9)
    assert (answer.status_code, answer.json()["code"]) == (409, "take_exists")


async def test_a_piece_needs_its_take_its_type_and_some_bytes(candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    assert (await send(candidate, interview_id, 0, b"x")).json()["code"] == "take_not_found"
    await start(candidate, interview_id)
    assert (await send(candidate, interview_id, 0, b"x", mime="text/html")).json()["code"] == "piece_type"
    assert (await send(candidate, interview_id, 0, b"")).json()["code"] == "piece_empty"
    assert (await send(candidate, interview_id, 20_000, b"x")).status_code == 422


async def test_a_piece_over_the_cap_is_refused(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    answer = await send(candidate, interview_id, 0, bytes(capabilities_of(app).settings.max_piece_bytes + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "piece_too_large")


async def test_a_recording_over_its_total_is_refused_and_what_came_before_stays(
    app: FastAPI, candidate: AsyncClient
) -> None:
    capabilities = capabilities_of(app)
    capabilities.settings = capabilities.settings.model_copy(update={"max_recording_bytes": 10})
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    assert (await send(candidate, interview_id, 0, bytes(8))).status_code == 200
    answer = await send(candidate, interview_id, 1, bytes(8))
    assert (answer.status_code, answer.json()["code"]) == (413, "recording_too_large")
    assert (await state(candidate, interview_id))["received_bytes"] == 8


async def test_one_persons_recordings_have_a_total_and_nobody_elses_count(
    app: FastAPI, candidate: AsyncClient, other: AsyncClient
) -> None:
    capabilities = capabilities_of(app)
    first = await recorded(app, candidate, 3)
    kept = (await state(candidate, first))["received_bytes"]
    video = len((await candidate.get(f"/api/interviews/{first}/recording/video")).content)
    capabilities.settings = capabilities.settings.model_copy(update={"max_person_bytes": kept + video + 10})
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    assert (await send(candidate, interview_id, 0, bytes(10))).status_code == 200
    answer = await send(candidate, interview_id, 1, b"x")
    assert (answer.status_code, answer.json()["code"]) == (413, "recordings_full")
    # The one that is there already has its receipt, and the interview itself goes on.
    assert (await send(candidate, interview_id, 0, bytes(10))).status_code == 200
    assert (await candidate.get(f"/api/interviews/{interview_id}")).status_code == 200
    theirs = await consented(other)
    await start(other, theirs)
    assert (await send(other, theirs, 0, bytes(10))).status_code == 200
    # Room that is made is room.
    assert (await candidate.delete(f"/api/interviews/{first}")).status_code == 204
    assert (await send(candidate, interview_id, 1, b"x")).status_code == 200


async def test_a_piece_costs_three_statements(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    statements: list[str] = []

    def noted(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            statements.append(statement)

    engine = capabilities_of(app).db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", noted)
    try:
        assert (await send(candidate, interview_id, 0, b"piece")).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", noted)
    about_pieces = [one for one in statements if "recording" in one]
    assert len(about_pieces) == 3, about_pieces


async def test_a_laptop_and_then_a_phone_are_two_parts_that_both_play(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await hold_interview(capabilities_of(app).db, await me(candidate), status="in_progress")
    films = [(WEBM, footage(3)), ("video/mp4;codecs=avc1,mp4a", footage(2, kind="mp4", codec="libx264"))]
    for take, (mime, film) in enumerate(films):
        await start(candidate, interview_id, take, take * 60_000, mime)
        pieces = cut(film, 3)
        for number, piece in enumerate(pieces):
            assert (await send(candidate, interview_id, number, piece, take, mime)).status_code == 200
        await end(candidate, interview_id, len(pieces), take)
    await candidate.post(f"/api/interviews/{interview_id}/finish")
    await until_ready(candidate, interview_id)
    video = (await candidate.get(f"/api/interviews/{interview_id}/results")).json()["video"]
    first, second = video["parts"]
    assert [first["mime_type"], second["mime_type"]] == ["video/webm", "video/mp4"]
    assert (first["start_ms"], second["start_ms"]) == (0, first["duration_ms"])
    assert video["duration_ms"] == first["duration_ms"] + second["duration_ms"] == pytest.approx(5000, abs=150)
    for part in (first, second):
        assert (await candidate.get(part["url"], headers={"Range": "bytes=0-99"})).status_code == 206
        assert (await candidate.get(part["poster_url"])).headers["content-type"] == "image/jpeg"
    # The second question was asked a minute in: in the second part, from its beginning.
    assert "Question 2:" in (await candidate.get(second["chapters_url"])).text
    assert "Question 2:" not in (await candidate.get(first["chapters_url"])).text
    lines = (await candidate.get(f"/api/interviews/{interview_id}/transcript")).json()["utterances"]
    assert first["duration_ms"] in [line["video_ms"] for line in lines if line["start_ms"] == 60_000]


async def test_a_full_disk_gives_no_receipt_so_that_the_page_keeps_the_piece(
    candidate: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview_id = await consented(candidate)
    await start(candidate, interview_id)
    with monkeypatch.context() as patch:

        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr(os, "fsync", full)
        answer = await send(candidate, interview_id, 0, b"piece")
    assert (answer.status_code, answer.json()["code"]) == (503, "piece_not_stored")
    assert (await state(candidate, interview_id))["takes"][0]["next_piece"] == 0
    assert (await send(candidate, interview_id, 0, b"piece")).status_code == 200


async def test_a_finished_interview_has_a_seekable_video(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await recorded(app, candidate)
    path = f"/api/interviews/{interview_id}/recording/video"
    whole = await candidate.get(path)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "video/webm"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "private" in whole.headers["cache-control"]
    assert whole.headers["content-disposition"].startswith("inline")
    part = await candidate.get(path, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert part.content == whole.content[100:200]
    head = await candidate.head(path)
    assert head.status_code == 200
    assert head.headers["content-length"] == str(len(whole.content))
    assert (await candidate.get(path, headers={"Range": "bytes=99999999-"})).status_code == 416
    assert (await detail(candidate, interview_id))["recording_url"] == path


async def test_captions_and_chapters_follow_the_video(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await recorded(app, candidate)
    captions = await candidate.get(f"/api/interviews/{interview_id}/recording/captions.vtt")
    assert captions.headers["content-type"].startswith("text/vtt")
    assert "<v Interviewer>Question 0: how did you cut" in captions.text
    chapters = (await candidate.get(f"/api/interviews/{interview_id}/recording/chapters.vtt")).text
    assert "00:00:00.000 --> 00:00:04.0" in chapters
    assert "Question 1: Question 0" in chapters
    assert "Question 2:" not in chapters


async def test_nobody_else_sees_or_feeds_a_recording(app: FastAPI, candidate: AsyncClient, other: AsyncClient) -> None:
    interview_id = await recorded(app, candidate)
    base = f"/api/interviews/{interview_id}/recording"
    for name in ("", "/video", "/poster.jpg", "/captions.vtt", "/chapters.vtt"):
        assert (await other.get(base + name)).status_code == 404
    assert (await start(other, interview_id, number=1)).status_code == 404
    assert (await send(other, interview_id, 0, b"x")).status_code == 404
    assert (await end(other, interview_id, 3)).status_code == 404


async def test_a_piece_that_comes_late_makes_the_video_anew(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await hold_interview(capabilities_of(app).db, await me(candidate), status="in_progress")
    pieces = cut(footage(6), 6)
    await start(candidate, interview_id)
    for number in (0, 1, 2):
        await send(candidate, interview_id, number, pieces[number])
    await candidate.post(f"/api/interviews/{interview_id}/finish")
    await until_ready(candidate, interview_id)
    short = (await candidate.get(f"/api/interviews/{interview_id}/results")).json()["video"]["duration_ms"]
    for number in (3, 4, 5):
        assert (await send(candidate, interview_id, number, pieces[number])).status_code == 200
    await end(candidate, interview_id, 6)

    async def is_whole() -> bool:
        found = (await candidate.get(f"/api/interviews/{interview_id}/results")).json()["video"]
        return bool(found["status"] == "ready" and found["duration_ms"] > short)

    await until(is_whole, "the longer video")
    assert (await candidate.get(f"/api/interviews/{interview_id}/recording/video")).status_code == 200


async def test_deleting_an_interview_removes_what_was_recorded(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await recorded(app, candidate)
    root = capabilities_of(app).settings.data_dir / "recordings"
    assert any(path.is_file() for path in root.rglob("*"))
    assert (await candidate.delete(f"/api/interviews/{interview_id}")).status_code == 204
    assert not any(path.is_file() for path in root.rglob("*"))


async def test_deleting_an_account_removes_what_was_recorded(app: FastAPI, browser: Any) -> None:
    client = browser()
    account = await sign_up(client)
    await recorded(app, client)
    answer = await client.request("DELETE", "/api/auth/me", json={"password": account["password"]})
    assert answer.status_code == 200
    assert not any(path.is_file() for path in (capabilities_of(app).settings.data_dir / "recordings").rglob("*"))


async def test_a_take_announced_after_the_end_still_reaches_the_video(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await recorded(app, candidate)
    before = (await candidate.get(f"/api/interviews/{interview_id}/results")).json()["video"]["duration_ms"]
    answer = await candidate.post(
        f"/api/interviews/{interview_id}/recording/takes",
        json={"number": 1, "mime_type": "video/webm;codecs=vp8,opus", "clock_start_ms": 20_000},
    )
    assert answer.status_code == 201, answer.text
    for number, piece in enumerate(cut(footage(4), 2)):
        sent = await candidate.put(
            f"/api/interviews/{interview_id}/recording/takes/1/pieces/{number}",
            content=piece,
            headers={"Content-Type": "video/webm"},
        )
        assert sent.status_code == 200, sent.text
    await candidate.post(f"/api/interviews/{interview_id}/recording/takes/1/end", json={"pieces": 2})

    async def is_longer() -> bool:
        found = (await candidate.get(f"/api/interviews/{interview_id}/results")).json()["video"]
        return bool(found["status"] == "ready" and found["duration_ms"] > before)

    await until(is_longer, "the video with the late take")


async def test_a_recording_whose_pieces_were_cleared_away_takes_no_more(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await recorded(app, candidate)
    async with capabilities_of(app).db.write() as session:
        await session.execute(delete(RecordingPiece))
    answer = await candidate.post(
        f"/api/interviews/{interview_id}/recording/takes",
        json={"number": 1, "mime_type": "video/webm", "clock_start_ms": 20_000},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "interview_over")
