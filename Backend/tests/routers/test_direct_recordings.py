"""Recordings that the page sends straight to Cloudinary, against its stand-in."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select, update

from app.container import build_capabilities
from app.models import AssetRemoval, Interview, VendorEvent, now
from app.recordings import deletion, direct_uploads, video
from app.settings import Settings
from fakes import credentials
from fakes.base import served
from fakes.cloudinary import CloudinaryFake, build
from tests.house import sign_up
from tests.recordings.direct import (
    WEBM,
    at_cloudinary,
    done,
    grant,
    receipt_of,
    record,
    running,
    send,
    start,
)
from tests.recordings.footage import cut, footage
from tests.recordings.wide import wide_footage
from tests.routers.test_interviews import capabilities_of, me
from tests.routers.test_recordings import end, state, until_ready
from tests.routers.test_recordings import send as send_to_us
from tests.workflows.held import hold_interview
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture
def fake() -> Iterator[CloudinaryFake]:
    made = build()
    with served(made):
        yield made


@pytest.fixture
async def app(settings: Settings, fake: CloudinaryFake) -> AsyncIterator[FastAPI]:
    async with running(at_cloudinary(settings, fake)) as application:
        yield application


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Callable[[], AsyncClient]]:
    async with AsyncExitStack() as stack:
        clients: list[AsyncClient] = []

        def make() -> AsyncClient:
            client = AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver")
            clients.append(client)
            stack.push_async_callback(client.aclose)
            return client

        yield make


async def held(app: FastAPI, client: AsyncClient) -> str:
    return await hold_interview(capabilities_of(app).db, await me(client), status="in_progress")


async def finish(client: AsyncClient, interview_id: str) -> None:
    assert (await client.post(f"/api/interviews/{interview_id}/finish")).status_code == 202


async def video_of(client: AsyncClient, interview_id: str) -> dict[str, Any]:
    return dict((await client.get(f"/api/interviews/{interview_id}/results")).json()["video"])


async def becomes(client: AsyncClient, interview_id: str, status: str) -> None:
    async def is_so() -> bool:
        return bool((await state(client, interview_id))["status"] == status)

    await until(is_so, f"a recording that is {status}")


async def test_leave_is_given_for_one_video_of_our_naming_and_nothing_else(
    app: FastAPI, candidate: AsyncClient
) -> None:
    interview_id = await held(app, candidate)
    taken = (await start(candidate, interview_id)).json()
    assert (taken["direct"], taken["stored"]) == (True, False)
    leave = (await grant(candidate, interview_id)).json()
    assert set(leave["fields"]) == {
        *("public_id", "type", "overwrite", "allowed_formats", "eager", "eager_async"),
        *("timestamp", "signature", "api_key"),
    }
    fields = leave["fields"]
    assert (fields["type"], fields["overwrite"], fields["eager_async"]) == ("authenticated", "0", "1")
    assert leave["chunk_bytes"] > 5 * 1024 * 1024
    assert (await grant(candidate, interview_id)).json()["fields"]["public_id"] == fields["public_id"]
    async with httpx2.AsyncClient() as vendor:
        for name, value in (("public_id", "mine"), ("type", "upload"), ("eager", ""), ("overwrite", "1")):
            changed = {**fields, name: value}
            answer = await vendor.post(leave["url"], data=changed, files={"file": ("take", footage(1))})
            assert answer.status_code == 401


async def test_a_recording_sent_in_chunks_plays_through_us_in_ranges(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    await start(candidate, interview_id)
    leave = (await grant(candidate, interview_id)).json()
    answer = await send(leave, wide_footage(4, 13_000_000), leave["chunk_bytes"])
    assert (await done(candidate, interview_id, receipt_of(answer))).json()["stored"] is True
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    video = await video_of(candidate, interview_id)
    assert video["duration_ms"] == pytest.approx(4000, abs=100)
    (part,) = video["parts"]
    whole = await candidate.get(part["url"])
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "video/webm"
    assert "private" in whole.headers["cache-control"]
    some = await candidate.get(part["url"], headers={"Range": "bytes=100-199"})
    assert (some.status_code, some.content) == (206, whole.content[100:200])
    assert some.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    head = await candidate.head(part["url"])
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert (await candidate.get(part["url"], headers={"Range": "bytes=99999999-"})).status_code == 416
    assert "Question 0: how did you cut" in (await candidate.get(part["captions_url"])).text
    asked = [one.path for one in fake.asked if one.path.startswith("/stand-in/")]
    assert asked and all("/f_auto,q_auto/" in path for path in asked)
    results = (await candidate.get(f"/api/interviews/{interview_id}/results")).text
    assert "s--" not in results and fake.address not in results


async def test_nobody_else_sees_or_sends_a_take(app: FastAPI, candidate: AsyncClient, other: AsyncClient) -> None:
    interview_id = await held(app, candidate)
    await record(candidate, interview_id)
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    base = f"/api/interviews/{interview_id}/recording"
    assert (await other.get(f"{base}/video")).status_code == 404
    assert (await grant(other, interview_id)).status_code == 404
    assert (await done(other, interview_id, None)).status_code == 404
    assert (await other.delete(f"{base}/takes/0/upload")).status_code == 404


async def test_several_takes_are_parts_of_one_recording(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await held(app, candidate)
    await record(candidate, interview_id, 0, clock=0, seconds=3)
    await record(candidate, interview_id, 1, clock=5000, seconds=2)
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    first, second = (await video_of(candidate, interview_id))["parts"]
    assert (first["start_ms"], second["start_ms"]) == (0, first["duration_ms"])
    assert second["duration_ms"] == pytest.approx(2000, abs=100)
    films = [(await candidate.get(part["url"])).content for part in (first, second)]
    assert films[0] != films[1]
    assert (await candidate.get(f"/api/interviews/{interview_id}/recording/video?part=2")).status_code == 404


async def test_what_the_page_says_is_not_believed(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await held(app, candidate)
    await start(candidate, interview_id)
    leave = (await grant(candidate, interview_id)).json()
    name = leave["fields"]["public_id"]
    made_up = {"public_id": name, "version": 1, "signature": "0" * 40}
    answer = await done(candidate, interview_id, made_up)
    assert (answer.status_code, answer.json()["code"]) == (422, "receipt_wrong")
    answer = await done(candidate, interview_id, None)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_incomplete")
    genuine = receipt_of(await send(leave, footage(1)))
    answer = await done(candidate, interview_id, {**genuine, "public_id": "another"})
    assert (answer.status_code, answer.json()["code"]) == (422, "receipt_wrong")
    assert (await done(candidate, interview_id, None)).json()["stored"] is True
    assert (await done(candidate, interview_id, genuine)).json()["stored"] is True
    assert (await grant(candidate, interview_id)).json()["code"] == "take_stored"


async def test_a_signed_receipt_counts_while_the_vendor_cannot_be_asked(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    await start(candidate, interview_id)
    receipt = receipt_of(await send((await grant(candidate, interview_id)).json(), footage(2)))
    fake.switch("admin-quota")
    answer = await done(candidate, interview_id, None)
    assert (answer.status_code, answer.json()["code"]) == (503, "upload_not_checked")
    assert (await done(candidate, interview_id, receipt)).json()["stored"] is True
    fake.switch("")
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    assert (await video_of(candidate, interview_id))["duration_ms"] == pytest.approx(2000, abs=100)


async def test_a_take_that_the_vendor_refuses_comes_to_us(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    first = await record(candidate, interview_id, 0, clock=0, seconds=2)
    await start(candidate, interview_id, 1, clock=4000)
    pieces = cut(footage(3), 3)
    refused = await send_to_us(candidate, interview_id, 0, pieces[0], take=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "take_goes_elsewhere")
    await grant(candidate, interview_id, 1)
    given_up = await candidate.delete(f"/api/interviews/{interview_id}/recording/takes/1/upload")
    assert given_up.json()["direct"] is False
    assert (await grant(candidate, interview_id, 1)).json()["code"] == "send_to_us"
    for number, piece in enumerate(pieces):
        assert (await send_to_us(candidate, interview_id, number, piece, take=1)).status_code == 200
    await end(candidate, interview_id, 3, take=1)
    await record(candidate, interview_id, 2, clock=9000, seconds=1)
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    parts = (await video_of(candidate, interview_id))["parts"]
    assert [round(part["duration_ms"], -3) for part in parts] == [2000, 3000, 1000]
    assert [(await candidate.get(part["url"])).status_code for part in parts] == [200, 200, 200]
    async with capabilities_of(app).db.read() as session:
        noted = (await session.scalars(select(AssetRemoval.asset))).all()
    assert len(noted) == 1 and noted[0] != first


async def test_a_rendition_that_is_being_made_is_waited_for(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    fake.switch("processing")
    await record(candidate, interview_id)
    await finish(candidate, interview_id)
    looks = sum("/resources/" in one.path for one in fake.asked)

    async def has_looked_twice() -> bool:
        return sum("/resources/" in one.path for one in fake.asked) >= looks + 2

    await until(has_looked_twice, "two looks at the rendition")
    assert (await video_of(candidate, interview_id))["parts"] == []
    fake.switch("")
    await until_ready(candidate, interview_id)
    assert (await candidate.get(f"/api/interviews/{interview_id}/recording/video")).status_code == 200


async def test_a_rendition_that_never_comes_leaves_the_video_as_it_was_recorded(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    fake.switch("eager-fails")
    await record(candidate, interview_id)
    capabilities = capabilities_of(app)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    await direct_uploads.settle(capabilities, interview_id, sleep=sleep)
    assert (
        direct_uploads.RENDITION_PATIENCE_S
        <= sum(waits)
        < direct_uploads.RENDITION_PATIENCE_S + direct_uploads.LONGEST_LOOK_S
    )
    assert await video.assemble(capabilities.db, capabilities.video_storage, interview_id)
    played = await candidate.get(f"/api/interviews/{interview_id}/recording/video")
    assert played.status_code == 200
    (asset,) = fake.shelf.all()
    assert played.content == asset.data


async def test_a_video_that_is_being_made_says_so_and_when_to_come_back(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    await record(candidate, interview_id)
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    path = f"/api/interviews/{interview_id}/recording/video"
    fake.switch("processing")
    answer = await candidate.get(path)
    assert (answer.status_code, answer.json()["code"]) == (503, "video_being_made")
    assert int(answer.headers["retry-after"]) > 0
    assert (await candidate.head(path)).headers["retry-after"] == answer.headers["retry-after"]


@pytest.mark.parametrize("mode", ["down", "html"])
async def test_a_vendor_that_cannot_deliver_is_named_no_further(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake, mode: str
) -> None:
    interview_id = await held(app, candidate)
    await record(candidate, interview_id)
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)
    fake.switch(mode)
    answer = await candidate.get(f"/api/interviews/{interview_id}/recording/video")
    assert (answer.status_code, answer.json()["code"]) == (503, "video_unreachable")
    assert "s--" not in answer.text and fake.address not in answer.text


async def test_an_interview_that_ends_before_its_upload_does_not_wait_for_ever(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    capabilities = capabilities_of(app)
    interview_id = await held(app, candidate)
    await start(candidate, interview_id)
    leave = (await grant(candidate, interview_id)).json()
    await finish(candidate, interview_id)
    await becomes(candidate, interview_id, "uploading")
    await direct_uploads.stop_waiting(capabilities)
    assert (await state(candidate, interview_id))["status"] == "uploading"
    async with capabilities.db.write() as session:
        long_ago = now() - direct_uploads.UPLOAD_AWAITED - timedelta(minutes=1)
        await session.execute(update(Interview).values(ended_at=long_ago))
    await direct_uploads.stop_waiting(capabilities)
    assert (await state(candidate, interview_id))["status"] == "failed"
    # The page comes back the next day with what it has kept.
    receipt = receipt_of(await send(leave, footage(2)))
    assert (await done(candidate, interview_id, receipt)).status_code == 200
    await until_ready(candidate, interview_id)


async def test_a_page_that_died_after_its_last_byte_is_not_needed(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    await start(candidate, interview_id)
    await send((await grant(candidate, interview_id)).json(), footage(2))
    await finish(candidate, interview_id)
    await until_ready(candidate, interview_id)


# ---- deletion ----


async def noted(app: FastAPI) -> list[str]:
    async with capabilities_of(app).db.read() as session:
        return list((await session.scalars(select(AssetRemoval.asset))).all())


async def leave_runs_out(app: FastAPI) -> None:
    async with capabilities_of(app).db.write() as session:
        await session.execute(update(AssetRemoval).values(repeat_until=now()))


async def test_deleting_an_interview_deletes_its_videos_at_the_vendor(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    await record(candidate, interview_id, 0)
    await record(candidate, interview_id, 1, clock=5000)
    assert len(fake.shelf.all()) == 2
    assert (await candidate.delete(f"/api/interviews/{interview_id}")).status_code == 204
    assert fake.shelf.all() == []
    asked = [one for one in fake.asked if one.path.endswith("/destroy")]
    assert all(b"invalidate=1" in one.body and b"type=authenticated" in one.body for one in asked)
    # Leave to upload still holds for an hour: until then it is removed again.
    assert len(await noted(app)) == 2
    await leave_runs_out(app)
    await deletion.remove_assets(capabilities_of(app))
    assert await noted(app) == []


async def test_an_upload_that_comes_in_after_the_deletion_goes_too(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id = await held(app, candidate)
    await start(candidate, interview_id)
    leave = (await grant(candidate, interview_id)).json()
    await candidate.delete(f"/api/interviews/{interview_id}")
    await send(leave, footage(1))
    assert len(fake.shelf.all()) == 1
    await leave_runs_out(app)
    await deletion.remove_assets(capabilities_of(app))
    assert fake.shelf.all() == []


async def test_deleting_an_account_deletes_its_videos_even_when_the_vendor_is_down_at_first(
    app: FastAPI, browser: Callable[[], AsyncClient], fake: CloudinaryFake
) -> None:
    client = browser()
    account = await sign_up(client)
    await record(client, await held(app, client))
    fake.switch("down")
    answer = await client.request("DELETE", "/api/auth/me", json={"password": account["password"]})
    assert answer.status_code in (200, 204)
    assert len(fake.shelf.all()) == 1
    fake.switch("")
    await leave_runs_out(app)
    await deletion.remove_assets(capabilities_of(app))
    assert fake.shelf.all() == []
    assert await noted(app) == []


async def test_videos_are_remembered_while_the_vendor_is_switched_off(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    capabilities = capabilities_of(app)
    interview_id = await held(app, candidate)
    await record(candidate, interview_id)
    storage, capabilities.direct_storage = capabilities.direct_storage, None
    await candidate.delete(f"/api/interviews/{interview_id}")
    await leave_runs_out(app)
    await deletion.remove_assets(capabilities)
    assert len(await noted(app)) == 1
    capabilities.direct_storage = storage
    await deletion.remove_assets(capabilities)
    assert (await noted(app), fake.shelf.all()) == ([], [])


# ---- notifications ----


async def notify(client: AsyncClient, body: bytes, headers: dict[str, str]) -> int:
    return (await client.post("/api/webhooks/cloudinary", content=body, headers=headers)).status_code


async def uploaded_only(app: FastAPI, client: AsyncClient) -> tuple[str, dict[str, Any]]:
    interview_id = await held(app, client)
    await start(client, interview_id)
    return interview_id, await send((await grant(client, interview_id)).json(), footage(2))


async def test_a_notification_stands_for_a_page_that_died(
    app: FastAPI, candidate: AsyncClient, browser: Callable[[], AsyncClient], fake: CloudinaryFake
) -> None:
    interview_id, asset = await uploaded_only(app, candidate)
    body = fake.notices.upload(asset)
    vendor = browser()
    for _ in range(3):
        assert await notify(vendor, body, fake.notices.headers(body)) == 200
    assert (await state(candidate, interview_id))["takes"][0]["stored"] is True
    async with capabilities_of(app).db.read() as session:
        events = (await session.scalars(select(VendorEvent))).all()
    assert [(event.provider, event.kind) for event in events] == [("cloudinary", "upload")]


async def test_notifications_that_are_not_the_vendors_change_nothing(
    app: FastAPI, candidate: AsyncClient, browser: Callable[[], AsyncClient], fake: CloudinaryFake
) -> None:
    interview_id, asset = await uploaded_only(app, candidate)
    body = fake.notices.upload(asset)
    vendor = browser()
    good = fake.notices.headers(body)
    assert await notify(vendor, body, {**good, "X-Cld-Signature": "0" * 40}) == 401
    assert await notify(vendor, body + b" ", good) == 401
    assert await notify(vendor, body, fake.notices.headers(body, stamp=1_700_000_000)) == 401
    assert await notify(vendor, body, {"Content-Type": "application/json"}) == 401
    assert await notify(vendor, bytes(300_000), good) == 413
    assert (await state(candidate, interview_id))["takes"][0]["stored"] is False


async def test_a_genuine_notification_about_something_else_is_taken_and_forgotten(
    app: FastAPI, browser: Callable[[], AsyncClient], fake: CloudinaryFake
) -> None:
    vendor = browser()
    strange: list[Any] = [
        {"notification_type": "upload", "public_id": "somebody/elses", "version": 1},
        {"strange": True},
        [],
    ]
    for told in strange:
        body = json.dumps(told).encode()
        assert await notify(vendor, body, fake.notices.headers(body)) == 200


async def test_a_notification_that_cannot_be_looked_into_is_sent_again(
    app: FastAPI, candidate: AsyncClient, browser: Callable[[], AsyncClient], fake: CloudinaryFake
) -> None:
    interview_id, asset = await uploaded_only(app, candidate)
    body = fake.notices.upload(asset)
    vendor = browser()
    fake.switch("admin-quota")
    assert await notify(vendor, body, fake.notices.headers(body)) == 503
    fake.switch("")
    assert await notify(vendor, body, fake.notices.headers(body)) == 200
    assert (await state(candidate, interview_id))["takes"][0]["stored"] is True


async def test_word_of_a_rendition_replaces_the_video_as_it_was_recorded(
    app: FastAPI, candidate: AsyncClient, browser: Callable[[], AsyncClient], fake: CloudinaryFake
) -> None:
    interview_id, asset = await uploaded_only(app, candidate)
    fake.switch("eager-fails")
    await done(candidate, interview_id, None)
    capabilities = capabilities_of(app)

    async def at_once(_seconds: float) -> None:
        return None

    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="completed"))
    await direct_uploads.settle(capabilities, interview_id, sleep=at_once)
    await video.assemble(capabilities.db, capabilities.video_storage, interview_id)
    assert (await video_of(candidate, interview_id))["parts"][0]["mime_type"] == "video/webm"
    fake.switch("")
    body = fake.notices.eager(asset)
    assert await notify(browser(), body, fake.notices.headers(body)) == 200
    await until_ready(candidate, interview_id)
    assert (await video_of(candidate, interview_id))["parts"][0]["mime_type"] == "video/mp4"


async def test_a_form_that_plays_is_shown_soon_and_gives_way_to_a_better_one_without_any_word(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id, _ = await uploaded_only(app, candidate)
    fake.switch("half-made")
    await done(candidate, interview_id, None)
    capabilities = capabilities_of(app)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def played() -> str:
        await video.assemble(capabilities.db, capabilities.video_storage, interview_id)
        await candidate.get((await video_of(candidate, interview_id))["parts"][0]["url"])
        return fake.asked[-1].path.split("/")[-5]

    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="completed", ended_at=now()))
    await direct_uploads.settle(capabilities, interview_id, sleep=sleep)
    assert (
        direct_uploads.BETTER_PATIENCE_S
        <= sum(waits)
        < direct_uploads.BETTER_PATIENCE_S + direct_uploads.LONGEST_LOOK_S
    )
    assert await played() == "f_mp4,q_auto,vc_h264"
    await direct_uploads.look_for_better(capabilities)
    assert (await state(candidate, interview_id))["status"] == "ready"
    fake.switch("")
    await direct_uploads.look_for_better(capabilities)
    assert (await state(candidate, interview_id))["status"] == "assembling"
    assert await played() == "f_auto,q_auto"
    looks = len(fake.asked)
    await direct_uploads.look_for_better(capabilities)
    assert len(fake.asked) == looks, "what is final was asked after again"


async def test_the_vendor_is_told_our_address_only_where_it_can_reach_it(
    settings: Settings, fake: CloudinaryFake
) -> None:
    for public, expected in (
        ("http://localhost:8000", None),
        ("https://dost.example", "https://dost.example/api/webhooks/cloudinary"),
    ):
        capabilities = build_capabilities(at_cloudinary(settings, fake, public_url=public))
        assert capabilities.direct_storage is not None
        leave = capabilities.direct_storage.grant("interviewdost/x", has_video=True)
        assert leave.fields.get("notification_url") == expected
        for close in capabilities.closing:
            await close()
        await capabilities.db.close()


# ---- an account with tokens ----


async def test_with_tokens_the_page_is_sent_to_an_address_that_expires(
    settings: Settings, fake: CloudinaryFake
) -> None:
    fake.token_key = "00112233ff99"
    async with (
        running(at_cloudinary(settings, fake, cloudinary_token_key=fake.token_key)) as app,
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client,
    ):
        await sign_up(client)
        interview_id = await held(app, client)
        await record(client, interview_id)
        await finish(client, interview_id)
        await until_ready(client, interview_id)
        answer = await client.get(f"/api/interviews/{interview_id}/recording/video")
        assert answer.status_code == 302
        assert answer.headers["cache-control"] == "no-store"
        location = answer.headers["location"]
        assert "f_auto,q_auto" in location and "s--" not in location
        async with httpx2.AsyncClient() as anybody:
            assert (await anybody.get(location)).status_code == 200
            assert (await anybody.get(location.replace("exp=1", "exp=2"))).status_code == 401
        policy = answer.headers["content-security-policy"]
        assert f"media-src 'self' blob: {fake.address}" in policy


async def test_the_page_may_talk_to_the_vendor_and_play_nothing_from_it(
    candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    policy = (await candidate.get("/api/setup")).headers["content-security-policy"]
    assert f"connect-src 'self' {fake.address};" in policy
    assert "media-src 'self' blob:;" in policy


async def test_no_secret_is_logged_or_answered(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    interview_id = await held(app, candidate)
    await start(candidate, interview_id, mime=WEBM)
    leave = await grant(candidate, interview_id)
    fake.switch("refuses")
    await candidate.delete(f"/api/interviews/{interview_id}")
    fake.switch("")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("app")]
    assert ours == ["removing videos: cloudinary failed: unauthorised"]
    said = caplog.text + leave.text
    assert credentials.CLOUDINARY_API_SECRET not in said
    assert hashlib.sha1(credentials.CLOUDINARY_API_SECRET.encode()).hexdigest() not in said
    assert "String to sign" not in caplog.text
