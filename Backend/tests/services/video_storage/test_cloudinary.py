from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from app.errors import ProviderError
from app.services.video_storage.cloudinary.storage import Cloudinary
from fakes import credentials
from fakes.base import served
from fakes.cloudinary import CloudinaryFake, build
from tests.recordings.footage import footage
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio
RECORDING = "0b8a1f0e-6a0c-4a4e-9d8e-3c6f5f6f8a11"


def adapter(address: str, **change: Any) -> Cloudinary:
    return Cloudinary(
        **{
            "cloud": credentials.CLOUDINARY_CLOUD_NAME,
            "api_key": credentials.CLOUDINARY_API_KEY,
            "api_secret": credentials.CLOUDINARY_API_SECRET,
            "api_url": address,
            "delivery_url": address,
            **change,
        }
    )


@pytest.fixture
async def fake() -> AsyncIterator[CloudinaryFake]:
    made = build()
    with served(made):
        yield made


@pytest.fixture
async def storage(fake: CloudinaryFake) -> AsyncIterator[Cloudinary]:
    made = adapter(fake.address)
    yield made
    await made.close()


async def uploaded(storage: Cloudinary, name: str) -> None:
    leave = storage.grant(name, has_video=True)
    async with httpx2.AsyncClient() as page:
        answer = await page.post(leave.url, data=dict(leave.fields), files={"file": ("take", footage(2))})
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def asset(storage: Cloudinary) -> str:
    name = storage.new_asset(RECORDING, 0)
    await uploaded(storage, name)
    return name


async def test_a_name_says_where_it_belongs_and_cannot_be_guessed(storage: Cloudinary) -> None:
    names = {storage.new_asset(RECORDING, 7) for _ in range(50)}
    assert len(names) == 50
    assert {storage.place_of(name) for name in names} == {(RECORDING, 7)}
    for strange in ("", "another/folder", f"interviewdost/{RECORDING}/7", f"interviewdost/{RECORDING}/7-short"):
        assert storage.place_of(strange) is None


async def test_what_is_there_is_read_and_what_is_not_is_nothing(storage: Cloudinary, asset: str) -> None:
    found = await storage.look_up(asset)
    assert found is not None and found.has_video
    assert found.duration_ms == pytest.approx(2000, abs=100)
    assert found.rendition is not None and found.rendition.mime_type == "video/mp4"
    assert await storage.look_up(storage.new_asset(RECORDING, 1)) is None


async def test_an_account_on_sha_256_is_signed_for_as_it_wants(fake: CloudinaryFake) -> None:
    fake.switch("sha256")
    for algorithm, status in (("sha1", 401), ("sha256", 200)):
        storage = adapter(fake.address, algorithm=algorithm)
        name = storage.new_asset(RECORDING, 0)
        leave = storage.grant(name, has_video=True)
        async with httpx2.AsyncClient() as page:
            answer = await page.post(leave.url, data=dict(leave.fields), files={"file": ("take", footage(2))})
        assert answer.status_code == status
        if status == 200:
            assert await storage.look_up(name) is not None
            await storage.delete(name)
            assert await storage.look_up(name) is None
        await storage.close()


async def test_a_take_without_a_picture_is_made_into_sound(storage: Cloudinary, fake: CloudinaryFake) -> None:
    name = storage.new_asset(RECORDING, 0)
    leave = storage.grant(name, has_video=False)
    async with httpx2.AsyncClient() as page:
        await page.post(leave.url, data=dict(leave.fields), files={"file": ("take", footage(2, picture=False))})
    found = await storage.look_up(name)
    assert found is not None and not found.has_video
    assert (found.original.mime_type, found.rendition and found.rendition.mime_type) == ("audio/webm", "audio/mpeg")


@pytest.mark.parametrize(
    ("mode", "category", "retryable"),
    [("admin-quota", "quota", True), ("down", "unreachable", True), ("html", "unreachable", True)],
)
async def test_each_failure_has_its_category(
    storage: Cloudinary, fake: CloudinaryFake, asset: str, mode: str, category: str, retryable: bool
) -> None:
    fake.switch(mode)
    with pytest.raises(ProviderError) as failure:
        await storage.look_up(asset)
    assert (failure.value.category, failure.value.retryable) == (category, retryable)


async def test_the_hourly_quota_is_not_waited_for_in_a_request(
    storage: Cloudinary, fake: CloudinaryFake, asset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A quarter past, whatever the clock of this machine says.
    monkeypatch.setattr("fakes.cloudinary.time.time", lambda: 1_795_391_100.0)
    monkeypatch.setattr("app.services.video_storage.cloudinary.storage.time.time", lambda: 1_795_391_100.0)
    fake.switch("admin-quota")
    before = len(fake.asked)
    with pytest.raises(ProviderError) as failure:
        await storage.look_up(asset)
    assert failure.value.retry_after_s == pytest.approx(3600 - 1_795_391_100 % 3600, abs=1)
    assert len(fake.asked) == before + 1


async def test_a_passing_failure_is_tried_again(storage: Cloudinary, fake: CloudinaryFake, asset: str) -> None:
    fake.switch("down", 1)
    assert await storage.look_up(asset) is not None


@pytest.mark.parametrize("change", [{"api_secret": "another"}, {"api_key": "another"}])
async def test_a_wrong_key_is_told_as_such(fake: CloudinaryFake, asset: str, change: dict[str, str]) -> None:
    stranger = adapter(fake.address, **change)
    try:
        for call in (stranger.look_up(asset), stranger.delete(asset)):
            with pytest.raises(ProviderError) as failure:
                await call
            assert (failure.value.category, failure.value.retryable) == ("unauthorised", False)
            assert "String to sign" not in str(failure.value)
    finally:
        await stranger.close()


async def test_deleting_twice_is_deleting(storage: Cloudinary, fake: CloudinaryFake, asset: str) -> None:
    await storage.delete(asset)
    await storage.delete(asset)
    assert fake.shelf.all() == []
    assert await storage.look_up(asset) is None


async def test_each_form_of_a_video_has_its_picture(storage: Cloudinary, fake: CloudinaryFake, asset: str) -> None:
    version = fake.shelf.all()[0].version
    for key in (f"f_auto,q_auto/v{version}/{asset}", f"sp_auto/v{version}/{asset}.m3u8", f"v{version}/{asset}.webm"):
        picture = await storage.poster(key)
        assert picture is not None and picture.startswith(b"\xff\xd8")
    assert await storage.poster(f"v{version}/{storage.new_asset(RECORDING, 1)}.webm") is None


async def test_delivery_lets_go_of_its_connection_when_the_viewer_leaves(storage: Cloudinary, asset: str) -> None:
    found = await storage.look_up(asset)
    assert found is not None
    for _ in range(40):
        async with storage.deliver(found.original.key, "bytes=0-", head=False) as delivery:
            assert delivery.status == 206
            assert delivery.body is not None
            await anext(delivery.body)


async def test_a_video_still_being_made_is_busy_for_a_while(
    storage: Cloudinary, fake: CloudinaryFake, asset: str
) -> None:
    found = await storage.look_up(asset)
    assert found is not None and found.rendition is not None
    fake.switch("processing")
    with pytest.raises(ProviderError) as failure:
        async with storage.deliver(found.rendition.key, None, head=False):
            pass
    assert (failure.value.category, failure.value.retry_after_s) == ("busy", 5.0)


def vendor(answer: Any) -> CloudinaryFake:
    """Answers to whatever is looked up."""
    made = build()
    made.app.router.routes.clear()

    async def told(_request: Request) -> Response:
        return JSONResponse(answer)

    made.app.add_api_route("/{path:path}", told, methods=["GET"])
    return made


async def test_each_browser_is_given_the_form_that_the_vendor_chooses_for_it(
    storage: Cloudinary, fake: CloudinaryFake, asset: str
) -> None:
    found = await storage.look_up(asset)
    assert found is not None and found.rendition is not None and found.is_final
    assert found.rendition.key.startswith("f_auto,q_auto/")
    browser = {"user-agent": "Mozilla/5.0 Chrome/156.0", "accept": "*/*"}
    async with storage.deliver(found.rendition.key, "bytes=0-9", head=False, viewer=browser) as delivery:
        assert delivery.status == 206
    (asked,) = [one for one in fake.asked if "f_auto,q_auto" in one.path]
    assert (asked.headers["user-agent"], asked.headers["range"]) == (browser["user-agent"], "bytes=0-9")


async def test_a_form_that_is_chosen_and_will_not_be_made_gives_way_to_one_that_plays_everywhere(
    storage: Cloudinary, fake: CloudinaryFake, asset: str
) -> None:
    (kept,) = fake.shelf.all()
    kept.eager = ["f_mp4,q_auto,vc_h264"]
    key = f"f_auto,q_auto/v{kept.version}/{asset}"
    async with storage.deliver(key, None, head=True, viewer={"user-agent": "Chrome/156.0"}) as delivery:
        assert delivery.status == 200
    assert [one.path.split("/")[-5] for one in fake.asked][-2:] == ["f_auto,q_auto", "f_mp4,q_auto,vc_h264"]


async def test_an_adaptive_video_is_made_of_playlists_and_pieces_that_are_asked_for_here(fake: CloudinaryFake) -> None:
    storage = adapter(fake.address, adaptive=True)
    name = storage.new_asset(RECORDING, 0)
    await uploaded(storage, name)

    async def is_made() -> bool:
        found = await storage.look_up(name)
        return found is not None and found.is_final

    await until(is_made, "the adaptive video")
    found = await storage.look_up(name)
    assert found is not None and found.rendition is not None
    assert found.rendition.mime_type == "application/vnd.apple.mpegurl"
    for mode in ("", "signed-playlists"):
        fake.switch(mode)
        told = await storage.playlist(found.rendition.key, lambda key: f"/ours/{key}")
        sizes = [line.removeprefix("/ours/") for line in told.splitlines() if line and not line.startswith("#")]
        assert len(sizes) == 2
        for sealed in sizes:
            size = storage.unsealed(sealed, found.rendition.key)
            assert size is not None
            pieces = await storage.playlist(size, lambda key: f"/ours/{key}")
            (last,) = {line.removeprefix("/ours/") for line in pieces.splitlines() if line.startswith("/ours/")}
            piece = storage.unsealed(last, size)
            assert piece is not None
            async with storage.deliver(piece, "bytes=0-187", head=False) as delivery:
                assert delivery.status == 206
                assert delivery.headers["content-type"] == "video/mp2t"
    await storage.close()


MP4 = {"transformation": "f_mp4,q_auto,vc_h264", "format": "mp4"}
WEBM = {"transformation": "f_webm,q_auto,vc_vp9", "format": "webm"}
HEVC = {"transformation": "f_mp4,q_auto,vc_h265", "format": "mp4"}
PLAYLIST = {"transformation": "sp_auto", "format": "m3u8"}


@pytest.mark.parametrize(
    ("adaptive", "derived", "played", "is_final"),
    [
        (False, [], None, False),
        (False, [MP4], "f_mp4,q_auto,vc_h264/v1/a.mp4", False),
        (False, [{"transformation": "q_auto,vc_h264/mp4", "format": "mp4"}], "f_mp4,q_auto,vc_h264/v1/a.mp4", False),
        (False, [{"transformation": "q_auto,vc_h264", "format": "mp4"}], "f_mp4,q_auto,vc_h264/v1/a.mp4", False),
        (False, [{"transformation": "q_auto,vc_h264", "format": "webm"}], None, False),
        (False, [{"transformation": "so_2", "format": "jpg"}], None, False),
        (False, [WEBM, HEVC], None, False),
        (False, [WEBM, HEVC, MP4], "f_auto,q_auto/v1/a", True),
        (True, [MP4], "f_mp4,q_auto,vc_h264/v1/a.mp4", False),
        (True, [PLAYLIST], "sp_auto/v1/a.m3u8", False),
        (True, [{"transformation": "sp_auto/m3u8", "format": ""}, MP4], "sp_auto/v1/a.m3u8", True),
    ],
)
async def test_the_best_form_that_is_there_is_played(
    adaptive: bool, derived: list[Any], played: str | None, is_final: bool
) -> None:
    told = {"public_id": "a", "version": 1, "format": "webm", "bytes": 5, "derived": derived}
    with served(vendor(told)) as address:
        storage = adapter(address, adaptive=adaptive)
        found = await storage.look_up("a")
        await storage.close()
    assert found is not None
    # A recorder's file states no length.
    assert found.duration_ms is None
    assert (found.rendition.key if found.rendition else None, found.is_final) == (played, is_final)


@pytest.mark.parametrize("answer", [{}, [], {"public_id": "a", "version": "soon"}, "text"])
async def test_an_answer_of_another_shape_is_a_failure_and_no_guess(answer: Any) -> None:
    with served(vendor(answer)) as address:
        storage = adapter(address)
        with pytest.raises(ProviderError) as failure:
            await storage.look_up("a")
        await storage.close()
    assert failure.value.category == "invalid_response"
